import type { Db } from '../../../database/database.ts'
import { LedgerLines } from '../../../ledger/append.ts'
import { Problem } from '../../../problem.ts'
import { type BulkWrite, type BulkWriter, citationLine } from '../../../records/write/bulk.ts'
import type { Touched } from '../../../records/write/commit.ts'
import { strangerIn } from '../known.ts'
import {
  type DraftedRow,
  type Known,
  openTables,
  putDecision,
  putItem,
  type Release,
  tablesOf,
} from '../new-permits.ts'
import type { Judging, Outcome } from './judge.ts'
import { type Changes, openPlan } from './plan.ts'
import {
  applyTerms,
  copyIn,
  markAsHistory,
  permitsToChange,
  removeCitations,
  removeEffects,
  retireEmptyEvents,
  revive,
} from './queries.ts'

type Build = Parameters<BulkWriter['write']>[1]

export type Changing = Judging & {
  known: Known
  /** Writes a revision of the import; by then `known` is what holds. */
  write(build: Build): Promise<void>
}

/** Why a row is not taken. */
export type Refusal = { column: string; reason: string }

/**
 * Rows that are about permits of the register which are there already, as one revision: a row that the register has
 * corrected, or one by which it renews a permit. Where the database refuses them together, they are taken by halves.
 */
export async function changePermits(
  changing: Changing,
  rows: readonly DraftedRow[],
  onDone: (row: DraftedRow, outcome: Outcome | Refusal) => void,
): Promise<void> {
  if (rows.length === 0) return
  let outcomes: (Outcome | Refusal)[] = []
  try {
    await changing.write(async ({ number }, db, client) => {
      const keys = new Set(rows.map(({ draft }) => draft.key))
      const permits = await permitsToChange(db, changing.release.register, [...keys])
      const plan = openPlan(changing, permits)
      outcomes = rows.map((row) => taken(plan, row, changing.known))
      const changes = plan.changes()
      if (changes.permits.size === 0) return null
      return await writeChanges(db, client, changes, changing.release, number + 1n)
    })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [first] = rows
    if (rows.length === 1 && first) return onDone(first, { column: '', reason: error.message })
    const half = Math.ceil(rows.length / 2)
    await changePermits(changing, rows.slice(0, half), onDone)
    return await changePermits(changing, rows.slice(half), onDone)
  }
  for (const [index, row] of rows.entries()) onDone(row, outcomes[index] ?? 'unchanged')
}

function taken(
  plan: ReturnType<typeof openPlan>,
  row: DraftedRow,
  known: Known,
): Outcome | Refusal {
  try {
    return strangerIn(row.draft, known, () => true) ?? plan.take(row)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { column: '', reason: error.message }
  }
}

async function writeChanges(
  db: Db,
  client: Parameters<Build>[2],
  changes: Changes,
  release: Release,
  revision: bigint,
): Promise<BulkWrite> {
  const { permits, citations, undone, decisions } = changes
  const terms = [...changes.terms.values()]
  await revive(db, changes.revived)
  await removeCitations(db, citations.removed)
  await removeEffects(db, undone)
  await applyTerms(db, terms)
  const t = openTables()
  const documents = new LedgerLines(revision)
  for (const { citation, position } of citations.added)
    t.citation.push(citationLine(citation, position))
  for (const { row, items = [] } of terms)
    for (const { good, controlEntries } of items) putItem(t, row.id, good, controlEntries)
  for (const decision of decisions) {
    const document = putDecision(t, decision, release, revision)
    // Of one that was taken back at once there is nothing to tell but that.
    if (decision.permits.length > 0) documents.push(document)
  }
  await copyIn(db, client, tablesOf(t), changes.settled)
  await markAsHistory(db, citations.history)
  const touched: Touched = new Map()
  for (const id of permits) touched.set(id, { kind: 'permit', change: 'update' })
  const events = [
    ...undone.map(({ eventId }) => eventId),
    ...decisions.flatMap((decision) => (decision.permits.length === 0 ? decision.id : [])),
  ]
  const retired = await retireEmptyEvents(db, events, 'the register gives another day')
  for (const id of events)
    touched.set(id, { kind: 'event', change: retired.has(id) ? 'retract' : 'update' })
  return { tables: [], documents, touched }
}
