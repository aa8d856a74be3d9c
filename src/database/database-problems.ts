import pg from 'pg'
import { Problem } from '../problem.ts'
import { ForgottenStatementError } from './send-query.ts'

/**
 * SQLSTATE classes and codes of an unavailable database: connection errors, shutdown, startup, too many clients, a password
 * or database that changed since the start, an idle transaction timeout, and a pipelined statement whose preparation failed
 * (`pipelined-connections.ts`).
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
/** Messages of the drivers, without a code, when a connection is lost or cannot be opened. */
const unavailableMessages =
  /Connection terminated|connection is unresponsive|timeout exceeded when trying to connect|Client has encountered a connection error|is not currently accepting connections|connection to the database has ended/

/** The problem for an error of the database; undefined when it is a bug of this program. */
export function toDatabaseProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof ForgottenStatementError)
    return new Problem(
      'unsuitable-pooler',
      'The connection pooler before the database does not keep prepared statements. The operator has to set DATABASE_PREPARED=false.',
      { cause: error },
    )
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error instanceof pg.DatabaseError && code === '57014')
    return new Problem('too-slow', 'The database query exceeded its time limit.', { cause: error })
  if (isDiskFull(error))
    return new Problem('database-unavailable', 'The disk of the database is full.', {
      cause: error,
    })
  if (code === '25006')
    return new Problem('read-only', 'This server reads a standby, which takes no writes.', {
      cause: error,
    })
  if (code === '55P03')
    return new Problem('busy', 'The write waited too long for other writes.', { cause: error })
  if (
    unavailableSqlState.test(code) ||
    unavailableErrorCodes.has(code) ||
    unavailableMessages.test(error.message)
  )
    return new Problem('database-unavailable', 'The database does not answer.', { cause: error })
  return undefined
}

/** Serialization failure and deadlock: the transaction may succeed when it runs again. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^(40001|40P01)$/.test(error.code ?? '')

/** PostgreSQL, or this process, has no room left on its disk. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(53100|ENOSPC|EDQUOT)$/.test(String(error.code))
