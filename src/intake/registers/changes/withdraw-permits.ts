import type { Db } from '../../../database/database.ts'
import { LedgerCopyBuffer } from '../../../ledger/ledger-writer.ts'
import type { BulkWriter } from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import type { Release } from '../new-permits.ts'
import { importCause } from '../store-article.ts'
import {
  findReferencedPermits,
  removePermitEffects,
  retractEmptyEvents,
  retractPermits,
} from './queries.ts'

type PermitReferences = readonly { id: string; slug: string }[]

/** Slugs of the permits that other records refer to: they are not withdrawn. */
export async function findKeptSlugs(
  db: Db,
  { register }: Release,
  permits: PermitReferences,
): Promise<string[]> {
  const kept = await findReferencedPermits(
    db,
    register,
    permits.map(({ id }) => id),
  )
  return permits.flatMap(({ id, slug }) => (kept.has(id) ? slug : []))
}

/**
 * Withdraws permits that a release no longer has, as one revision, except those that other records refer to.
 *
 * @returns slugs of the permits that were not withdrawn
 */
export async function withdrawPermits(
  bulk: BulkWriter,
  release: Release,
  permits: PermitReferences,
): Promise<string[]> {
  const reason = `No longer in ${release.title}`.slice(0, 1_000)
  let kept: string[] = []
  await bulk.write(importCause, async ({ number }, db) => {
    kept = await findKeptSlugs(db, release, permits)
    const withdrawnIds = permits.filter(({ slug }) => !kept.includes(slug)).map(({ id }) => id)
    const retired = await retractPermits(db, withdrawnIds, reason)
    if (retired.length === 0) return null
    const events = await removePermitEffects(db, retired)
    const emptyEvents = await retractEmptyEvents(db, events, reason)
    const touched: ChangedRecords = new Map()
    for (const id of retired) touched.set(id, { kind: 'permit', change: 'retract' })
    for (const id of events)
      touched.set(id, { kind: 'event', change: emptyEvents.has(id) ? 'retract' : 'update' })
    return { tables: [], snapshots: new LedgerCopyBuffer(number + 1n), changedRecords: touched }
  })
  return kept
}
