import type { Database } from '../../../database/database.ts'
import { newId } from '../../../database/new-id.ts'
import type { Tx } from '../../../database/transaction.ts'
import { canonical } from '../../../ledger/canonical.ts'
import { Problem } from '../../../problem.ts'
import { commit, type Session } from '../../../records/write/commit.ts'
import { placesOf, readerOf } from '../queries.ts'
import { BadBundle } from '../reading/bad-bundle.ts'
import type { Bundle } from '../reading/read-bundle.ts'
import { insertRecords } from './insert-records.ts'
import { keepLedgers } from './keep-ledgers.ts'
import { insertRowsOf } from './queries.ts'
import { type Conflict, sortRecords } from './sort-records.ts'

export type Imported = {
  /** The revision that it made; null when it changed nothing. */
  revision: number | null
  added: number
  /** Records that were here already, and the same. */
  same: number
  /** Citations that records had there and not here. */
  citations: number
  /** Records that were here, of which only the bundle knew which register they are of. */
  registered: number
  conflicts: Conflict[]
}

/**
 * Takes over what is new of a bundle, as one revision. What is here already is never changed but by citations that join;
 * what differs is told. All of it or nothing.
 *
 * @throws {BadBundle} when a quote does not hold or a ledger says something else than is known of it
 */
export async function importBundle(database: Database, bundle: Bundle): Promise<Imported> {
  let result: Imported | undefined
  const author = { name: 'import', keyId: null }
  const { revision } = await commit(database, author, 'import', async (session) => {
    await keepLedgers(session.tx, bundle)
    const places = await addPlaces(session.tx, bundle)
    const records = await addRecords(session, bundle)
    result = { revision: null, ...records, conflicts: [...places, ...records.conflicts] }
  }).catch((error: unknown) => {
    throw error instanceof Problem ? new BadBundle(error.message, { cause: error }) : error
  })
  if (result === undefined) throw new TypeError('The import came to no end.')
  const changed = result.added + result.citations > 0
  return { ...result, revision: changed ? revision : null }
}

async function addPlaces(tx: Tx, { places }: Bundle): Promise<Conflict[]> {
  const slugs = places.map(({ slug }) => slug)
  const here = new Map(
    (await placesOf(tx.$kysely, readerOf(tx.$kysely), slugs)).map((one) => [one.slug, one]),
  )
  await insertRowsOf(tx, [
    ['place', places.filter(({ slug }) => !here.has(slug)).map((one) => ({ id: newId(), ...one }))],
  ])
  return places.flatMap((place) => {
    const known = here.get(place.slug)
    if (known === undefined || canonical(known) === canonical(place)) return []
    return [
      { kind: 'place', id: place.slug, slug: place.slug, why: 'it is described otherwise here' },
    ]
  })
}

async function addRecords(session: Session, bundle: Bundle): Promise<Omit<Imported, 'revision'>> {
  const sorted = await sortRecords(session.tx, bundle)
  const citations = await insertRecords(session, bundle, sorted)
  for (const [id, { kind, state }] of sorted.fresh)
    await session.touch(
      kind,
      id,
      state === 'live' ? 'create' : state === 'merged' ? 'merge' : 'retract',
    )
  for (const [id, { kind }] of sorted.joining) await session.touch(kind, id, 'update')
  const { fresh, same, registered, conflicts } = sorted
  return { added: fresh.size, same, citations, registered: registered.size, conflicts }
}
