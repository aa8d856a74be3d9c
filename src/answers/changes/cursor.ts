import { Problem } from '../../problem.ts'

/** A place in the ledger: after this revision, and within it after this record. */
export type LedgerCursor = { revision: number; recordId: string | null }

export const formatCursor = ({ revision, recordId }: LedgerCursor): string =>
  Buffer.from(`${revision}.${recordId ?? ''}`).toString('base64url')

/** @throws {Problem} invalid-cursor */
export function parseCursor(cursor: string): LedgerCursor {
  const [, revision, recordId] =
    /^(\d{1,15})\.([0-9a-f-]{36})?$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (revision === undefined)
    throw new Problem('invalid-cursor', 'The cursor was not given out by this server.', {
      errors: [{ pointer: '/query/cursor', detail: 'not a cursor' }],
    })
  return { revision: Number(revision), recordId: recordId ?? null }
}
