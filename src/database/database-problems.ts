import pg from 'pg'
import { Problem } from '../problem.ts'

/**
 * SQLSTATE classes and codes that say "not now": connection trouble, shutting down, starting up, too many clients, a
 * password or database that is not what it was when the server started, a transaction that was silent for too long, a
 * statement that was sent behind the one that was to prepare it and could not (`lanes.ts`).
 */
const unavailableSqlState = /^(08|28|57P0[1-5]$|53300$|3D000$|25P03$|26000$)/
const unavailableErrorCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/** What the drivers say without a code when a connection is gone or cannot be had. */
const unavailableMessages =
  /Connection terminated|says nothing any more|timeout exceeded when trying to connect|Client has encountered a connection error|is not currently accepting connections/

/** The problem that an error of the database stands for, or undefined when it is a bug of ours. */
export function toDatabaseProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error instanceof pg.DatabaseError && code === '57014')
    return new Problem('too-slow', 'The database gave up after its time limit.', { cause: error })
  if (isDiskFull(error))
    return new Problem('database-unavailable', 'The disk of the database is full.', {
      cause: error,
    })
  if (code === '55P03')
    return new Problem('busy', 'No turn came within its time.', { cause: error })
  if (
    unavailableSqlState.test(code) ||
    unavailableErrorCodes.has(code) ||
    unavailableMessages.test(error.message)
  )
    return new Problem('database-unavailable', 'The database does not answer.', { cause: error })
  return undefined
}

/** Serialization failure and deadlock: the same transaction may succeed when it is run again. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^(40001|40P01)$/.test(error.code ?? '')

/** PostgreSQL, or this process, has no room left on its disk: somebody has to make some. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(53100|ENOSPC|EDQUOT)$/.test(String(error.code))
