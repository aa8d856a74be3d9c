import type { Db } from '../../../database/database.ts'
import { Problem } from '../../../problem.ts'
import { eventFields } from '../../../records/kinds/events/fields.ts'
import { permitFields } from '../../../records/kinds/permits/fields.ts'
import { BulkRecords } from '../../../records/write/bulk-records.ts'
import type { BulkWrite, BulkWriter } from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import type { DraftedRow, EntityIds, Release } from '../records/drafted.ts'
import { findMissingEntity } from '../records/entity-ids.ts'
import { buildDecisionRecord } from '../records/new-permits.ts'
import { ChangePlan, type PlannedChanges } from './change-plan.ts'
import {
  copyRowsAndSettle,
  findPermitsToChange,
  markCitationsAsHistory,
  removeCitations,
  removeEffects,
  restoreRecords,
  retractEmptyEvents,
  updatePermitTerms,
} from './queries.ts'
import type { RowComparisonContext, RowOutcome } from './row-comparison.ts'

type BuildWrite = Parameters<BulkWriter['write']>[1]

export type ChangeContext = RowComparisonContext & {
  known: EntityIds
  /** Writes a revision of the import, after `known` was refreshed. */
  write(build: BuildWrite): Promise<void>
}

/** Why a row is rejected. */
export type RowRejection = { column: string; reason: string }

/**
 * Writes rows about existing permits of the register as one revision: corrected rows, and rows that renew a permit. If the
 * database rejects them together, each half is tried by itself.
 */
export async function changePermits(
  context: ChangeContext,
  rows: readonly DraftedRow[],
  onDone: (rows: DraftedRow, outcome: RowOutcome | RowRejection) => void,
): Promise<void> {
  if (rows.length === 0) return
  let outcomes: (RowOutcome | RowRejection)[] = []
  try {
    await context.write(async ({ number }, db, client) => {
      const keys = new Set(rows.map(({ draft }) => draft.key))
      const permits = await findPermitsToChange(db, context.release.register, [...keys])
      const plan = new ChangePlan(context, permits)
      outcomes = rows.map((row) => applyRow(plan, row, context.known))
      const changes = plan.changes()
      if (changes.permitIds.size === 0) return null
      return await writeChanges(db, client, changes, context.release, number + 1n)
    })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [first] = rows
    if (rows.length === 1 && first) return onDone(first, { column: '', reason: error.message })
    const half = Math.ceil(rows.length / 2)
    await changePermits(context, rows.slice(0, half), onDone)
    return await changePermits(context, rows.slice(half), onDone)
  }
  for (const [index, row] of rows.entries()) onDone(row, outcomes[index] ?? 'unchanged')
}

export function applyRow(
  plan: ChangePlan,
  row: DraftedRow,
  entityIds: EntityIds,
): RowOutcome | RowRejection {
  try {
    return findMissingEntity(row.draft, entityIds, () => true) ?? plan.take(row)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { column: '', reason: error.message }
  }
}

async function writeChanges(
  db: Db,
  client: Parameters<BuildWrite>[2],
  changes: PlannedChanges,
  release: Release,
  revision: bigint,
): Promise<BulkWrite> {
  const { permitIds, citations, removedEffects, decisions } = changes
  const terms = [...changes.terms.values()]
  await restoreRecords(db, changes.restoredIds)
  await removeCitations(db, citations.removed)
  await removeEffects(db, removedEffects)
  await updatePermitTerms(db, terms)
  const records = new BulkRecords(revision)
  for (const { row, lists } of terms) {
    records.addList(permitFields, row.id, 'items', lists.items ?? [])
    records.addList(permitFields, row.id, 'destinations', lists.destinations ?? [])
    records.addList(permitFields, row.id, 'parties', lists.parties ?? [])
  }
  for (const decision of decisions) {
    const record = buildDecisionRecord(decision, release)
    // An event that a later row took back is retracted below, which makes its snapshot.
    if (decision.permits.length > 0) records.add(eventFields, record)
    else records.addRows(eventFields, record)
  }
  for (const { recordId, position, citation } of citations.added)
    records.addCitation(recordId, position, citation)
  await copyRowsAndSettle(db, client, records.toBatches(), changes.permitsToSettle)
  await markCitationsAsHistory(db, citations.history)
  const changedRecords: ChangedRecords = new Map()
  for (const id of permitIds) changedRecords.set(id, { kind: 'permit', change: 'update' })
  const events = [
    ...removedEffects.map(({ eventId }) => eventId),
    ...decisions.flatMap((decision) => (decision.permits.length === 0 ? decision.id : [])),
  ]
  const retired = await retractEmptyEvents(db, events, 'the register gives another day')
  for (const id of events)
    changedRecords.set(id, { kind: 'event', change: retired.has(id) ? 'retract' : 'update' })
  return { tables: [], snapshots: records.snapshots, changedRecords }
}
