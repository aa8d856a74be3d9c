import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { SqlFragment } from './sql-fragments.ts'

/** The tables whose rows are neither in the ledger nor derived: each row has a digest of its columns beside it. */
export const digestedTables = [
  'access_key',
  'idempotent_answer',
  'proposal_review',
  'submitted_draft',
] as const
type DigestedTable = (typeof digestedTables)[number]

/** Inserts a row with its digest. Columns in the names of the table; `onConflict` is what follows in the statement. */
export async function insertDigestedRow(
  db: Db,
  table: DigestedTable,
  columns: Readonly<Record<string, unknown>>,
  onConflict: SqlFragment = sql``,
): Promise<boolean> {
  const target = sql.table(table)
  const { rows } = await sql`
    INSERT INTO ${target}
    SELECT digested.*
    FROM
      jsonb_populate_record(NULL::${target}, ${JSON.stringify(columns)}::jsonb) AS given,
      jsonb_populate_record(given, jsonb_build_object('digest', row_digest(given))) AS digested
    ${onConflict}
    RETURNING 1`.execute(db)
  return rows.length > 0
}
