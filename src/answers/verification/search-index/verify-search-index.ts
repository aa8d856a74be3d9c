import type { Db } from '../../../database/database.ts'
import { readAllPages } from '../paging.ts'
import { VerificationError } from '../verification-error.ts'
import { findDifference, type IndexedRow, loadIds } from './queries.ts'

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
    const row = await findDifference(db, table, ids)
    if (row)
      throw new VerificationError(
        `The ${row.kind} ${row.slug}: search has it otherwise than it is (${table}).`,
      )
  }
}
