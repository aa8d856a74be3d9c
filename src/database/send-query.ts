import type { Socket } from 'node:net'
import type pg from 'pg'

type TypedQueryResult<R> = Omit<pg.QueryResult, 'rows'> & { rows: R[] }

/** Statements of each connection that are not answered yet. */
const pendingQueryCounts = new WeakMap<pg.ClientBase, number>()

export const countPendingQueries = (client: pg.ClientBase): number =>
  pendingQueryCounts.get(client) ?? 0

/**
 * One statement on a connection. By a callback: with the promise of the driver, or with its timer (`query_timeout`), all that
 * waits for an answer outlives the young generation, a quarter of the memory of each request, and collecting the old one
 * takes as long as answering (docs/decisions/0022-short-statements-share-connections.md).
 */
export function sendQuery<R>(
  client: pg.ClientBase,
  query: pg.QueryConfig | pg.QueryArrayConfig,
): Promise<TypedQueryResult<R>> {
  return new Promise((resolve, reject) => {
    pendingQueryCounts.set(client, countPendingQueries(client) + 1)
    void client.query(query, (error: Error | undefined, result: TypedQueryResult<never>) => {
      pendingQueryCounts.set(client, countPendingQueries(client) - 1)
      if (error) reject(error)
      else resolve(result)
    })
  })
}

/** Ends a connection on which `ask` waits and nothing at all comes for so long, not even that the time of a statement is over. */
export function closeWhenUnresponsive(client: pg.ClientBase, ms: number): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.setTimeout(ms, () => {
    if (countPendingQueries(client) > 0)
      stream.destroy(new Error('The database says nothing any more.'))
  })
}
