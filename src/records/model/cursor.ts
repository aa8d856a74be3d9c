import { Problem } from '../../problem.ts'

/**
 * Cursors of all lists: opaque to clients, base64url of a JSON array. Most lists put a fingerprint of the request last, so
 * that a cursor goes on with the list that it came from.
 */
export const encodeCursor = (parts: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** The parts of a cursor; none for a text that is no cursor. */
export function decodeCursor(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

export const notACursorProblem = (cause?: unknown): Problem =>
  buildProblem('The cursor was not given out by this server.', 'not a cursor', cause)

/** `origin` is what it was given out for, e.g. `another search`. */
export const otherCursorProblem = (origin: string, detail: string): Problem =>
  buildProblem(`The cursor was given out for ${origin}.`, detail)

const buildProblem = (message: string, detail: string, cause?: unknown): Problem =>
  new Problem('invalid-cursor', message, {
    cause,
    errors: [{ pointer: '/query/cursor', detail }],
  })
