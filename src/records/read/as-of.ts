import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { findRevisionAt, loadSnapshotsAt, type PastSnapshot } from '../../ledger/queries.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { findRecordRow } from '../model/list-queries.ts'
import { buildHref, type Kind, type Reference } from '../model/schema.ts'
import type { RecordSnapshot } from '../model/snapshots.ts'
import { placeMembers, placesFrom } from '../model/sql-json.ts'
import { buildWireRecord, collectReferencedKeys, type LiveSnapshot } from './ledger-to-wire.ts'

/** The query parameters to read a record or a case as it was. */
export const AsOf = z
  .strictObject({
    revision: z.coerce
      .number()
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('As it was after this revision.'),
    asOf: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('As it was at this instant, e.g. `2026-11-24T12:00:00Z`.'),
  })
  .refine(({ revision, asOf }) => revision === undefined || asOf === undefined, {
    error: 'give revision or asOf, not both',
  })
export type AsOf = z.infer<typeof AsOf>

/** The requested revision; null is the current state. */
export async function resolveRevision(db: Db, { revision, asOf }: AsOf): Promise<number | null> {
  if (asOf !== undefined) return findRevisionAt(db, new Date(asOf))
  return revision ?? null
}

/**
 * A record as it was after a revision, with the names that its references had then. `ref` can be a current or an earlier
 * slug, because no slug is used twice in a kind.
 *
 * @throws {Problem} not-found if it did not exist yet, retracted if it no longer existed
 */
export async function readRecordAt(db: Db, kind: Kind, ref: string, revision: number) {
  const record = await findRecordRow(db, kind, ref)
  if (record === undefined) throw new Problem('not-found', `No ${kind} has the slug or id ${ref}.`)
  const past = (await loadSnapshotsAt(db, [record.id], revision)).get(record.id)
  if (past === undefined)
    throw new Problem('not-found', `The ${kind} ${ref} did not exist at revision ${revision}.`)
  if ('state' in past.content)
    throw new Problem('retracted', `At revision ${revision} the ${kind} ${ref} was gone already.`)
  const [wire] = await buildWireRecordsAt(
    db,
    [{ kind, snapshot: past.content as RecordSnapshot }],
    revision,
  )
  return wire
}

/** Snapshots as single records, in their order, with the names and slugs of that revision. */
export async function buildWireRecordsAt(
  db: Db,
  documents: readonly LiveSnapshot[],
  revision: number,
): Promise<Record<string, unknown>[]> {
  const { ids, slugs } = collectReferencedKeys(documents)
  const referenced = await loadSnapshotsAt(db, ids, revision)
  const places = await loadPlaces(db, slugs)
  const expansion = {
    reference: (id: string) => snapshotToReference(referenced.get(id), id),
    place: (slug: string) => places.get(slug),
  }
  return documents.map((one) => buildWireRecord(one, expansion))
}

function snapshotToReference(past: PastSnapshot | undefined, id: string): Reference {
  const document = past?.content as RecordSnapshot | undefined
  if (document === undefined) throw new Error(`The ledger has no document of ${id}.`)
  const { kind, slug } = document
  const name = document[kinds[kind].nameMember]
  return { id, slug, name: String(name ?? slug), href: buildHref(kind, slug) }
}

async function loadPlaces(db: Db, slugs: readonly string[]): Promise<Map<string, unknown>> {
  if (slugs.length === 0) return new Map()
  const { rows } = await sql<{ slug: string; place: unknown }>`
    SELECT named.slug, ${jsonObject(placeMembers)} AS place
    FROM ${placesFrom}
    WHERE named.kind = 'place' AND named.slug = ANY(${[...slugs]}::text[])`.execute(db)
  return new Map(rows.map(({ slug, place }) => [slug, place]))
}
