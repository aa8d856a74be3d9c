import { decodeCursor, encodeCursor, notACursorProblem } from '../../records/model/cursor.ts'
import { isId } from '../../records/model/schema.ts'

/** A position in the ledger: after this revision, and within it after this record. */
export type LedgerCursor = { revision: number; recordId: string | null }

export const formatCursor = ({ revision, recordId }: LedgerCursor): string =>
  encodeCursor([revision, recordId])

/** @throws {Problem} invalid-cursor */
export function parseCursor(cursor: string): LedgerCursor {
  const [revision, recordId] = decodeCursor(cursor)
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 0)
    throw notACursorProblem()
  if (recordId !== null && !isId(recordId)) throw notACursorProblem()
  return { revision, recordId: recordId === null ? null : String(recordId) }
}
