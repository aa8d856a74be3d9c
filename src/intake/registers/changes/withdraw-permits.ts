import type { Database, Db } from '../../../database/database.ts'
import { LedgerCopyBuffer } from '../../../ledger/ledger-writer.ts'
import type { BulkWriter } from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import { listLivePermits, listLiveRecords } from '../queries.ts'
import type { Release } from '../records/drafted.ts'
import type { RegisterScan } from '../table/scan.ts'
import {
  findReferencedPermits,
  removePermitEffects,
  retractEmptyEvents,
  retractRecords,
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
  await bulk.write(release.cause, async ({ number }, db) => {
    kept = await findKeptSlugs(db, release, permits)
    const withdrawnIds = permits.filter(({ slug }) => !kept.includes(slug)).map(({ id }) => id)
    const retired = await retractRecords(db, withdrawnIds, reason)
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

const recordsPerBatch = 1_000

export type WithdrawalResult = {
  added: number
  withdrawn: number
  kept: string[]
  notWithdrawn: string | null
}

/** Withdraws records that the release no longer has, unless rows are unreadable or the share is too high. */
export async function withdrawMissingRecords(
  result: WithdrawalResult,
  context: WithdrawContext,
): Promise<void> {
  const { database, bulk, request, scan, release } = context
  const { permits, records, live } = await findMissing(result, context)
  const missing = permits.length + records.length
  if (missing === 0) return
  if (scan.unidentifiedRows > 0)
    result.notWithdrawn = `${missing} records are not in this release, but ${scan.unidentifiedRows} of its rows cannot be read, and they may be those.`
  else if (missing > (live * request.withdrawAtMost) / 100)
    result.notWithdrawn = `${missing} of ${live} records are not in this release, more than ${request.withdrawAtMost} %. Is it whole? --withdraw-at-most sets the limit.`
  if (result.notWithdrawn !== null) return
  for (let from = 0; from < permits.length; from += recordsPerBatch) {
    const group = permits.slice(from, from + recordsPerBatch)
    const kept = request.isDryRun
      ? await findKeptSlugs(database.db, release, group)
      : await withdrawPermits(bulk, release, group)
    result.withdrawn += group.length - kept.length
    result.kept.push(...kept)
  }
  for (let from = 0; from < records.length; from += recordsPerBatch) {
    const group = records.slice(from, from + recordsPerBatch)
    if (!request.isDryRun) await withdrawRecords(bulk, release, group)
    result.withdrawn += group.length
  }
}

async function findMissing(
  { added }: WithdrawalResult,
  { database, request, scan, release }: WithdrawContext,
) {
  const permits: { id: string; slug: string }[] = []
  const records: LiveRecord[] = []
  // A dry run has not stored the new records.
  let live = request.isDryRun ? added : 0
  for (let after = ''; ; ) {
    const group = await listLivePermits(database.db, release.register, after, recordsPerBatch)
    const last = group.at(-1)
    if (last === undefined) break
    after = last.key
    live += group.length
    permits.push(...group.filter(({ key }) => scan.countRows(key) === 0))
  }
  const hasRecords = scan.mapper.records.length > 0
  const liveRecords = hasRecords ? await listLiveRecords(database.db, release.register) : []
  for (const record of liveRecords) {
    live += 1
    if (!scan.hasRecord(record.kind, record.slug)) records.push(record)
  }
  return { permits, records, live }
}

type LiveRecord = Awaited<ReturnType<typeof listLiveRecords>>[number]

/** Withdraws events and figures, as one revision. */
async function withdrawRecords(
  bulk: BulkWriter,
  release: Release,
  records: readonly LiveRecord[],
): Promise<void> {
  const reason = `No longer in ${release.title}`.slice(0, 1_000)
  await bulk.write(release.cause, async ({ number }, db) => {
    const ids = records.map(({ id }) => id)
    const retired = new Set(await retractRecords(db, ids, reason))
    if (retired.size === 0) return null
    const touched: ChangedRecords = new Map()
    for (const { id, kind } of records)
      if (retired.has(id)) touched.set(id, { kind, change: 'retract' })
    return { tables: [], snapshots: new LedgerCopyBuffer(number + 1n), changedRecords: touched }
  })
}
