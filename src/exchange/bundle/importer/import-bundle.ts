import type { Database } from '../../../database/database.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { Problem, problems } from '../../../problem.ts'
import { commit, type WriteSession } from '../../../records/write/commit.ts'
import { createMissingPlaces } from '../../../records/write/place-writes.ts'
import { createReader, loadPlacesBySlug } from '../queries.ts'
import { BadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import type { BundledPlace } from '../schema.ts'
import { insertRecords } from './insert-records.ts'
import { type ImportConflict, planImport } from './plan-import.ts'
import { storeLedgers } from './store-ledgers.ts'

export type BundleImportResult = {
  /** The revision of the import; null when it changed nothing. */
  revision: number | null
  added: number
  /** Records that exist here with the same content and citations. */
  same: number
  /** Citations that were added to existing records. */
  citations: number
  /** Existing records that were assigned to their register. */
  registered: number
  conflicts: ImportConflict[]
}

/**
 * Adds the new records of a bundle and new citations of existing records, in one revision. Existing records that differ are
 * not changed and reported as conflicts.
 *
 * @throws {BadBundle} if a quote is not found in its article, or a ledger contradicts what is stored of it
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
  if (result === undefined) throw new TypeError('The import has no result.')
  const changed = result.added + result.citations + result.registered > 0
  return { ...result, revision: changed ? revision : null }
}

async function addPlaces(session: WriteSession, { places }: Bundle): Promise<ImportConflict[]> {
  const { db } = session.tx
  const existing = await loadPlacesBySlug(
    db,
    createReader(db),
    places.map(({ slug }) => slug),
  )
  await createMissingPlaces(session, places)
  const existingBySlug = new Map(existing.map((place) => [place.slug, place]))
  return places
    .filter((place) => {
      const here = existingBySlug.get(place.slug)
      return here !== undefined && !isSamePlace(place, here)
    })
    .map(({ slug }) => ({ kind: 'place', id: slug, slug, why: 'the place here has other data' }))
}

/** Whether the place here says all that the bundle says of it. Older bundles do not have all members. */
const isSamePlace = (place: BundledPlace, here: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(place).every(
    ([name, value]) =>
      value === null ||
      (Array.isArray(value) && value.length === 0) ||
      formatCanonicalJson(value) === formatCanonicalJson(here[name]),
  )

async function addRecords(
  session: WriteSession,
  bundle: Bundle,
): Promise<Omit<BundleImportResult, 'revision'>> {
  const plan = await planImport(session.tx, bundle)
  const citations = await insertRecords(session, bundle, plan)
  for (const [id, { kind, state }] of plan.newRecords)
    await session.markChanged(kind, id, changeByState[state])
  for (const [id, { kind }] of plan.withNewCitations) await session.markChanged(kind, id, 'update')
  // Their snapshots name the register. `create`, as for new records: this ledger says nothing of its own with it.
  for (const [id, { key }] of plan.registerUpdates)
    if (!plan.withNewCitations.has(id))
      session.markSnapshot(key === null ? 'article' : 'permit', id, 'create')
  return {
    added: plan.newRecords.size,
    same: plan.unchangedCount,
    citations,
    registered: plan.registerUpdates.size,
    conflicts: plan.conflicts,
  }
}

/** How the ledger calls the addition of a record in this state. */
const changeByState = { live: 'create', merged: 'merge', retracted: 'retract' } as const
