import { sql } from 'kysely'
import type { Database, Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { listReferencePlaces, type ReferencePlace } from '../../evidence/reference-data/places.ts'
import { placeFields } from '../kinds/places/fields.ts'
import { BulkRecords } from './bulk-records.ts'
import { openBulkWriter } from './bulk-writer.ts'
import { indexBacklog } from './search-backlog.ts'

/**
 * Makes the countries and capitals of `reference/places.json` that the database never had, as one revision. A place that has the
 * slug or an identifier of one stays as it is.
 *
 * @returns how many it made
 */
export async function loadReferencePlaces(database: Database): Promise<number> {
  const places = listReferencePlaces()
  if ((await findMissingPlaces(database.db, places)).length === 0) return 0
  const bulk = await openBulkWriter(database.url)
  let made = 0
  try {
    await bulk.write(
      { change: 'import', author: { name: 'reference', keyId: null } },
      async ({ number }, db) => {
        const missing = await findMissingPlaces(db, places)
        made = missing.length
        if (made === 0) return null
        const idBySlug = await findIds(db, places)
        for (const { slug } of missing) idBySlug.set(slug, newId())
        const records = new BulkRecords(number + 1n)
        for (const { slug, within, ...values } of missing) {
          const id = idBySlug.get(slug) ?? ''
          const withinId = within === null ? null : (idBySlug.get(within) ?? null)
          records.add(placeFields, {
            id,
            slug,
            values: { ...values, reference: true, within: withinId },
            citations: [],
          })
        }
        return records.toBulkWrite()
      },
    )
  } finally {
    await bulk.close()
  }
  if (made > 0) await indexBacklog(database.url)
  return made
}

async function findMissingPlaces(
  db: Db,
  places: readonly ReferencePlace[],
): Promise<ReferencePlace[]> {
  const identifiers = places.flatMap(({ slug, identifiers: own }) =>
    own.map((identifier) => ({ slug, ...identifier })),
  )
  const { rows } = await sql<{ slug: string }>`
    SELECT record.slug
    FROM record
    WHERE record.kind = 'place' AND record.slug = ANY(${places.map(({ slug }) => slug)}::text[])
    UNION
    SELECT wanted.slug
    FROM json_to_recordset(${JSON.stringify(identifiers)}::json)
      AS wanted(slug text, scheme text, value text)
    JOIN place_identifier
      ON place_identifier.scheme = wanted.scheme AND place_identifier.value = wanted.value`.execute(
    db,
  )
  const known = new Set(rows.map(({ slug }) => slug))
  return places.filter(({ slug }) => !known.has(slug))
}

/** Ids of the live places among these, by slug. */
async function findIds(db: Db, places: readonly ReferencePlace[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ slug: string; id: string }>`
    SELECT slug, id
    FROM record
    WHERE kind = 'place' AND state = 'live' AND slug = ANY(${places.map(({ slug }) => slug)}::text[])`.execute(
    db,
  )
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}
