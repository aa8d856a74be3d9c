import type { Db } from '../../../database/database.ts'
import { LedgerLines } from '../../../ledger/append.ts'
import type { BulkWriter } from '../../../records/write/bulk.ts'
import type { Touched } from '../../../records/write/commit.ts'
import type { Release } from '../new-permits.ts'
import { cause } from '../store-article.ts'
import { builtOn, removeEffectsOn, retireEmptyEvents, retirePermits } from './queries.ts'

type Permits = readonly { id: string; slug: string }[]

/** Slugs of those permits on which others have built, so that they are not withdrawn with their rows. */
export async function keptOf(db: Db, { register }: Release, permits: Permits): Promise<string[]> {
  const kept = await builtOn(
    db,
    register,
    permits.map(({ id }) => id),
  )
  return permits.flatMap(({ id, slug }) => (kept.has(id) ? slug : []))
}

/**
 * Withdraws permits that a release no longer has, as one revision. One that others speak of is kept.
 *
 * @returns slugs of those that were kept
 */
export async function withdrawPermits(
  bulk: BulkWriter,
  release: Release,
  permits: Permits,
): Promise<string[]> {
  const reason = `No longer in ${release.title}`.slice(0, 1_000)
  let kept: string[] = []
  await bulk.write(cause, async ({ number }, db) => {
    kept = await keptOf(db, release, permits)
    const gone = permits.filter(({ slug }) => !kept.includes(slug)).map(({ id }) => id)
    const retired = await retirePermits(db, gone, reason)
    if (retired.length === 0) return null
    const events = await removeEffectsOn(db, retired)
    const empty = await retireEmptyEvents(db, events, reason)
    const touched: Touched = new Map()
    for (const id of retired) touched.set(id, { kind: 'permit', change: 'retract' })
    for (const id of events)
      touched.set(id, { kind: 'event', change: empty.has(id) ? 'retract' : 'update' })
    return { tables: [], documents: new LedgerLines(number + 1n), touched }
  })
  return kept
}
