import type { Socket } from 'node:net'
import type pg from 'pg'

type TypedQueryResult<R> = Omit<pg.QueryResult, 'rows'> & { rows: R[] }

/** Number of statements of each connection without a result yet. */
const pendingQueryCounts = new WeakMap<pg.ClientBase, number>()

export const countPendingQueries = (client: pg.ClientBase): number =>
  pendingQueryCounts.get(client) ?? 0

/**
 * Sends one statement. It uses a callback: the promise of the driver and its timer (`query_timeout`) keep the memory of each
 * request alive into the old generation, where collecting it takes longer (docs/decisions/0022-pipelined-connections.md).
 */
export function sendQuery<R>(
  client: pg.ClientBase,
  query: pg.QueryConfig | pg.QueryArrayConfig,
): Promise<TypedQueryResult<R>> {
  return new Promise((resolve, reject) => {
    pendingQueryCounts.set(client, countPendingQueries(client) + 1)
    void client.query(query, (error: Error | undefined, result: TypedQueryResult<never>) => {
      pendingQueryCounts.set(client, countPendingQueries(client) - 1)
      if (error)
        reject(
          isStatementForgotten(client, query, error) ? new ForgottenStatementError(error) : error,
        )
      else resolve(result)
    })
  })
}

/** A connection pooler uses a prepared statement on a connection of PostgreSQL that does not have it, or has it already. */
export class ForgottenStatementError extends Error {
  constructor(cause: Error) {
    super(`The connection pooler does not keep prepared statements: ${cause.message}`, { cause })
  }
}

function isStatementForgotten(
  client: pg.ClientBase,
  { name }: pg.QueryConfig,
  error: Error & { code?: string },
): boolean {
  if (name === undefined) return false
  if (error.code === '42P05') return true
  // Without a successful preparation on this connection, an earlier error is the cause.
  const { connection } = client as unknown as { connection: { parsedStatements: object } }
  return error.code === '26000' && Object.hasOwn(connection.parsedStatements, name)
}

/** Closes a connection with pending statements on which nothing arrives for `ms` milliseconds. */
export function closeWhenUnresponsive(client: pg.ClientBase, ms: number): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.setTimeout(ms, () => {
    if (countPendingQueries(client) > 0)
      stream.destroy(new Error('The database connection is unresponsive.'))
  })
}
