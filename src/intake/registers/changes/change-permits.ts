import type { Db } from '../../../database/database.ts'
import { LedgerCopyBuffer } from '../../../ledger/ledger-writer.ts'
import { Problem } from '../../../problem.ts'
import {
  type BulkWrite,
  type BulkWriter,
  formatCitationLine,
} from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import { findMissingEntity } from '../entity-ids.ts'
import {
  addDecision,
  addPermitItem,
  createTableLines,
  type DraftedRow,
  type EntityIds,
  type Release,
  toCopyRows,
} from '../new-permits.ts'
import { createChangePlan, type PlannedChanges } from './change-plan.ts'
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
  /** Writes a revision of the import; by then `known` is what holds. */
  write(build: BuildWrite): Promise<void>
}

/** Why a row is not taken. */
export type RowRejection = { column: string; reason: string }

/**
 * Rows that are about permits of the register which are there already, as one revision: a row that the register has
 * corrected, or one by which it renews a permit. Where the database refuses them together, they are taken by halves.
 */
export async function changePermits(
  context: ChangeContext,
  rows: readonly DraftedRow[],
  onDone: (row: DraftedRow, outcome: RowOutcome | RowRejection) => void,
): Promise<void> {
  if (rows.length === 0) return
  let outcomes: (RowOutcome | RowRejection)[] = []
  try {
    await context.write(async ({ number }, db, client) => {
      const keys = new Set(rows.map(({ draft }) => draft.key))
      const permits = await findPermitsToChange(db, context.release.register, [...keys])
      const plan = createChangePlan(context, permits)
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

function applyRow(
  plan: ReturnType<typeof createChangePlan>,
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
  const tables = createTableLines()
  const documents = new LedgerCopyBuffer(revision)
  for (const { citation, position } of citations.added)
    tables.citation.push(formatCitationLine(citation, position))
  for (const { row, items = [] } of terms)
    for (const { good, controlEntries } of items)
      addPermitItem(tables, row.id, good, controlEntries)
  for (const decision of decisions) {
    const document = addDecision(tables, decision, release, revision)
    // Of one that was taken back at once there is nothing to tell but that.
    if (decision.permits.length > 0) documents.push(document)
  }
  await copyRowsAndSettle(db, client, toCopyRows(tables), changes.permitsToSettle)
  await markCitationsAsHistory(db, citations.history)
  const touched: ChangedRecords = new Map()
  for (const id of permitIds) touched.set(id, { kind: 'permit', change: 'update' })
  const events = [
    ...removedEffects.map(({ eventId }) => eventId),
    ...decisions.flatMap((decision) => (decision.permits.length === 0 ? decision.id : [])),
  ]
  const retired = await retractEmptyEvents(db, events, 'the register gives another day')
  for (const id of events)
    touched.set(id, { kind: 'event', change: retired.has(id) ? 'retract' : 'update' })
  return { tables: [], snapshots: documents, changedRecords: touched }
}
