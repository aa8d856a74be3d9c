import type { Db } from '../../database/database.ts'
import { readWireRecords } from './list-queries.ts'
import type { RecordKind } from './record-kind.ts'
import { type RecordSnapshot, wireToSnapshot } from './snapshots.ts'

/** The wire form of a record, and the snapshot that the ledger keeps of it. */
export type LedgerRecord = { wire: Record<string, unknown>; snapshot: RecordSnapshot }

/** Records by id, built from their tables: the live ones, or (`gone`) those that were retracted or merged. */
export async function readLedgerRecords(
  db: Db,
  { kind, singleQuery, ledgerMembers = {}, recordSchema }: RecordKind,
  ids: readonly string[],
  variant: 'ledger' | 'gone' = 'ledger',
): Promise<Map<string, LedgerRecord>> {
  const members = { ...singleQuery.members, ...ledgerMembers }
  const rows = await readWireRecords(db, kind, singleQuery.from, members, ids, variant)
  const records = new Map<string, LedgerRecord>()
  for (const [id, row] of rows) {
    const wire: Record<string, unknown> = {}
    const hidden: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(row))
      if (!(name in ledgerMembers)) wire[name] = value
      else if (value !== null) hidden[name] = value
    records.set(id, { wire, snapshot: { ...wireToSnapshot(recordSchema, wire), ...hidden } })
  }
  return records
}
