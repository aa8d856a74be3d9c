import type { Database } from '../../../database/database.ts'
import { newId } from '../../../database/new-id.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { Problem, problems } from '../../../problem.ts'
import { commit, type WriteSession } from '../../../records/write/commit.ts'
import { createReader, loadPlacesBySlug } from '../queries.ts'
import { BadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import { insertRecords } from './insert-records.ts'
import { type ImportConflict, planImport } from './plan-import.ts'
import { insertTableRows } from './queries.ts'
import { storeLedgers } from './store-ledgers.ts'

export type BundleImportResult = {
  /** The revision that it made; null when it changed nothing. */
  revision: number | null
  added: number
  /** Records that were here already, and the same. */
  same: number
  /** Citations that records had there and not here. */
  citations: number
  /** Records that were here, of which only the bundle knew which register they are of. */
  registered: number
  conflicts: ImportConflict[]
}

/**
 * Takes over what is new of a bundle, as one revision. What is here already is never changed but by citations that join;
 * what differs is told. All of it or nothing.
 *
 * @throws {BadBundle} when a quote does not hold or a ledger says something else than is known of it
 */
export async function importBundle(
  database: Database,
  bundle: Bundle,
): Promise<BundleImportResult> {
  let result: BundleImportResult | undefined
  const author = { name: 'import', keyId: null }
  const { revision } = await commit(database, author, 'import', async (session) => {
    await storeLedgers(session.tx, bundle)
    const places = await addPlaces(session, bundle)
    const records = await addRecords(session, bundle)
    result = { revision: null, ...records, conflicts: [...places, ...records.conflicts] }
  }).catch((error: unknown) => {
    // A database that is too busy says nothing of the bundle.
    const isOfBundle = error instanceof Problem && problems[error.code].status < 500
    throw isOfBundle ? new BadBundle(error.message, { cause: error }) : error
  })
  if (result === undefined) throw new TypeError('The import came to no end.')
  const changed = result.added + result.citations + result.registered > 0
  return { ...result, revision: changed ? revision : null }
}

async function addPlaces(
  { tx, markNewPlace }: WriteSession,
  { places }: Bundle,
): Promise<ImportConflict[]> {
  const slugs = places.map(({ slug }) => slug)
  const storedPlaces = new Map(
    (await loadPlacesBySlug(tx.$kysely, createReader(tx.$kysely), slugs)).map((one) => [
      one.slug,
      one,
    ]),
  )
  const newPlaces = places
    .filter(({ slug }) => !storedPlaces.has(slug))
    .map((one) => ({ id: newId(), ...one }))
  await insertTableRows(tx, [['place', newPlaces]])
  for (const { id } of newPlaces) markNewPlace(id)
  return places.flatMap((place) => {
    const known = storedPlaces.get(place.slug)
    if (known === undefined || formatCanonicalJson(known) === formatCanonicalJson(place)) return []
    return [
      { kind: 'place', id: place.slug, slug: place.slug, why: 'it is described otherwise here' },
    ]
  })
}

async function addRecords(
  session: WriteSession,
  bundle: Bundle,
): Promise<Omit<BundleImportResult, 'revision'>> {
  const plan = await planImport(session.tx, bundle)
  const citations = await insertRecords(session, bundle, plan)
  for (const [id, { kind, state }] of plan.newRecords)
    await session.markChanged(
      kind,
      id,
      state === 'live' ? 'create' : state === 'merged' ? 'merge' : 'retract',
    )
  for (const [id, { kind }] of plan.withNewCitations) await session.markChanged(kind, id, 'update')
  // Their snapshots name the register. `create`, as for new records: this ledger says nothing of its own with it.
  for (const [id, { key }] of plan.registerUpdates)
    if (!plan.withNewCitations.has(id))
      session.markSnapshot(key === null ? 'article' : 'permit', id, 'create')
  const { newRecords: fresh, unchangedCount: same, registerUpdates: registered, conflicts } = plan
  return { added: fresh.size, same, citations, registered: registered.size, conflicts }
}
