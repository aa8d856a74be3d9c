import type { Database, Db } from '../../../database/database.ts'
import { LedgerCopyBuffer } from '../../../ledger/ledger-writer.ts'
import type { BulkWriter } from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import type { Release } from '../new-permits.ts'
import { listLivePermits } from '../queries.ts'
import { importCause } from '../store-article.ts'
import type { RegisterScan } from '../table/scan.ts'
import {
  findReferencedPermits,
  removePermitEffects,
  retractEmptyEvents,
  retractPermits,
} from './queries.ts'

type PermitReferences = readonly { id: string; slug: string }[]

/** Slugs of the permits that other records refer to: they are not withdrawn. */
async function findKeptSlugs(
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
async function withdrawPermits(
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

type WithdrawContext = {
  database: Database
  bulk: BulkWriter
  request: { isDryRun: boolean; withdrawAtMost: number }
  scan: RegisterScan
  release: Release
}

const permitsPerBatch = 1_000

/** Withdraws permits that the release no longer has, unless rows are unreadable or the share is too high. */
export async function withdrawMissingPermits(
  result: { added: number; withdrawn: number; kept: string[]; notWithdrawn: string | null },
  { database, bulk, request, scan, release }: WithdrawContext,
): Promise<void> {
  const missingPermits: { id: string; slug: string }[] = []
  // A dry run has not stored the new permits.
  let live = request.isDryRun ? result.added : 0
  for (let after = ''; ; ) {
    const permits = await listLivePermits(database.db, release.register, after, permitsPerBatch)
    const last = permits.at(-1)
    if (last === undefined) break
    after = last.key
    live += permits.length
    missingPermits.push(...permits.filter(({ key }) => scan.countRows(key) === 0))
  }
  if (missingPermits.length === 0) return
  if (scan.unidentifiedRows > 0)
    result.notWithdrawn = `${missingPermits.length} permits are not in this release, but ${scan.unidentifiedRows} of its rows cannot be read, and they may be those.`
  else if (missingPermits.length > (live * request.withdrawAtMost) / 100)
    result.notWithdrawn = `${missingPermits.length} of ${live} permits are not in this release, more than ${request.withdrawAtMost} %. Is it whole? --withdraw-at-most sets the limit.`
  else
    for (let from = 0; from < missingPermits.length; from += permitsPerBatch) {
      const group = missingPermits.slice(from, from + permitsPerBatch)
      const kept = request.isDryRun
        ? await findKeptSlugs(database.db, release, group)
        : await withdrawPermits(bulk, release, group)
      result.withdrawn += group.length - kept.length
      result.kept.push(...kept)
    }
}
