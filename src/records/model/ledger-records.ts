import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { readWireRecords } from './list-queries.ts'
import type { RecordKind } from './record-kind.ts'
import { type RecordSnapshot, wireToSnapshot } from './snapshots.ts'
import { placeMembers } from './sql-json.ts'

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

export type PlaceSnapshot = { id: string; kind: 'place'; slug: string } & Record<string, unknown>

/** The snapshots of places by id, in the order of the ids. */
export async function readPlaceSnapshots(db: Db, ids: readonly string[]): Promise<PlaceSnapshot[]> {
  const members = { id: sql.ref('p.id'), kind: sql`'place'`, ...placeMembers }
  const { rows } = await sql<{ document: PlaceSnapshot }>`
    SELECT ${jsonObject(members)} AS document
    FROM place AS p
    WHERE p.id = ANY(${[...ids]}::uuid[])
    ORDER BY p.id`.execute(db)
  return rows.map(({ document }) => document)
}
