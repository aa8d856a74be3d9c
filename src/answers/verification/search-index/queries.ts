import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { smallestId } from '../../../records/model/schema.ts'

const recordsPerPage = 500
export type IndexedRow = { id: string; isPending: boolean }

export async function loadIds(db: Db, after: IndexedRow | null): Promise<IndexedRow[]> {
  const { rows } = await sql<IndexedRow>`
    SELECT record.id, EXISTS (
      SELECT 1
      FROM search_backlog
      JOIN ledger_document ON ledger_document.revision = search_backlog.revision
      WHERE ledger_document.record_id = record.id
    ) AS "isPending"
    FROM record
    WHERE record.id > ${after?.id ?? smallestId}::uuid
    ORDER BY record.id
    LIMIT ${sql.lit(recordsPerPage)}`.execute(db)
  return rows
}

/** The first of these records of which the table has another row than is computed now. */
export async function findDifference(
  db: Db,
  table: 'search_document' | 'search_name',
  ids: readonly string[],
): Promise<{ slug: string; kind: string } | undefined> {
  const computed = sql.raw(`${table}_rows`)
  const key = sql.ref(table === 'search_document' ? 'part' : 'position')
  const { rows } = await sql<{ slug: string; kind: string }>`
    SELECT record.slug, record.kind
    FROM (SELECT * FROM ${sql.table(table)} WHERE record_id = ANY(${[...ids]}::uuid[])) AS stored
    FULL JOIN ${computed}(${[...ids]}::uuid[]) AS computed
      ON computed.record_id = stored.record_id AND computed.${key} = stored.${key}
    JOIN record ON record.id = COALESCE(stored.record_id, computed.record_id)
    WHERE stored IS DISTINCT FROM computed
    LIMIT 1`.execute(db)
  return rows[0]
}
