import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { readAllPages, smallestId } from './paging.ts'
import { VerificationError } from './verification-error.ts'

const recordsPerPage = 500

type IndexedRow = { id: string; isPending: boolean }

/**
 * Computes the search index anew and compares it. Records of an import that waits to be indexed are counted and skipped.
 *
 * @throws {VerificationError}
 */
export async function verifySearchIndex(
  db: Db,
  reportCount: (records: number) => void,
): Promise<{ pending: number }> {
  let done = 0
  let pending = 0
  for await (const rows of readAllPages<IndexedRow>((after) => loadIds(db, after))) {
    const ids = rows.flatMap(({ id, isPending }) => (isPending ? [] : [id]))
    pending += rows.length - ids.length
    await verifyPage(db, ids)
    done += rows.length
    reportCount(done)
  }
  return { pending }
}

async function verifyPage(db: Db, ids: readonly string[]): Promise<void> {
  for (const table of ['search_document', 'search_name'] as const) {
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
    const row = rows[0]
    if (row)
      throw new VerificationError(
        `The ${row.kind} ${row.slug}: search has it otherwise than it is (${table}).`,
      )
  }
}

async function loadIds(db: Db, after: IndexedRow | null): Promise<IndexedRow[]> {
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
