import type { CompiledQuery, Kysely } from 'kysely'
import type { DB } from '../generated/kysely/types.ts'
import {
  defaultBatchSize,
  type ExportConnection,
  type ExportConnections,
  type ExportRequester,
  fetchBatches,
} from './export-connections.ts'
import { createConnectionKysely } from './kysely.ts'
import { sendQuery } from './send-query.ts'

/** Reads of any length. They have connections of their own, without a statement timeout, and each sees one snapshot. */
export type Exports = {
  /**
   * Streams the rows of a query. Exports and requests do not wait for each other. Leaving the loop ends the query.
   *
   * @param batchSize rows in memory at a time; set it for large rows
   */
  stream<R>(
    query: CompiledQuery<R>,
    batchSize?: number,
    requester?: ExportRequester,
  ): AsyncGenerator<R>
  /** Same as `stream`, in batches of some hundred rows. */
  streamBatches<R>(
    query: CompiledQuery<R>,
    requester?: ExportRequester,
    batchSize?: number,
  ): AsyncGenerator<R[]>
  /** A snapshot for several queries. Close it. */
  openSnapshot(requester?: ExportRequester): Promise<DatabaseSnapshot>
  /** Streams what `read` yields. All its queries see one snapshot. */
  streamFromSnapshot<T>(
    read: (db: Kysely<DB>) => AsyncIterable<T>,
    requester?: ExportRequester,
  ): AsyncGenerator<T>
}

export type DatabaseSnapshot = {
  /** Finish one query before you start the next. */
  streamBatches<R>(query: CompiledQuery<R>, batchSize?: number): AsyncGenerator<R[]>
  /** For small results. */
  fetchAll<R>(query: CompiledQuery<R>): Promise<R[]>
  close(): Promise<void>
}

export function createExports(connections: ExportConnections): Exports {
  async function* streamBatches<R>(
    query: CompiledQuery<R>,
    requester?: ExportRequester,
    batchSize = defaultBatchSize,
  ): AsyncGenerator<R[]> {
    const connection = await connections.acquire(requester)
    yield* inTransaction(connection, () => fetchBatches<R>(connection, query, batchSize))
  }
  return {
    streamBatches,
    async *stream<R>(
      query: CompiledQuery<R>,
      batchSize = defaultBatchSize,
      requester?: ExportRequester,
    ) {
      for await (const rows of streamBatches<R>(query, requester, batchSize)) yield* rows
    },
    async openSnapshot(requester) {
      const connection = await connections.acquire(requester)
      try {
        await connection.beginSnapshot()
      } catch (error) {
        connection.release(true)
        throw error
      }
      return createSnapshot(connection, requester?.signal)
    },
    async *streamFromSnapshot(read, requester) {
      const connection = await connections.acquire(requester)
      const { client, unlessLost } = connection
      const db = createConnectionKysely(
        async (text, values) =>
          (await unlessLost(sendQuery<never>(client, { text, values: [...values] }))).rows,
      )
      yield* inTransaction(connection, () => read(db))
    },
  }
}

/** Yields what `read` yields in one transaction, and releases the connection. */
async function* inTransaction<T>(
  { client, unlessLost, beginSnapshot, release }: ExportConnection,
  read: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  let isComplete = false
  try {
    await beginSnapshot()
    yield* read()
    await unlessLost(client.query('COMMIT'))
    isComplete = true
  } finally {
    // An unfinished or failed query is ended with its connection: closing the cursor might wait forever.
    release(!isComplete)
  }
}

function createSnapshot(
  connection: ExportConnection,
  signal: AbortSignal | undefined,
): DatabaseSnapshot {
  let openQueries = 0
  let isBroken = false
  return {
    async *streamBatches<R>(query: CompiledQuery<R>, batchSize = defaultBatchSize) {
      openQueries += 1
      let isComplete = false
      try {
        yield* fetchBatches<R>(connection, query, batchSize)
        isComplete = true
      } finally {
        openQueries -= 1
        isBroken ||= !isComplete
      }
    },
    async fetchAll<R>({ sql: text, parameters }: CompiledQuery<R>) {
      const { client, unlessLost } = connection
      const values = [...parameters]
      return (await unlessLost(sendQuery<R>(client, { text, values }))).rows
    },
    async close() {
      isBroken ||= openQueries > 0 || signal?.aborted === true
      if (!isBroken) await connection.client.query('COMMIT').catch(() => (isBroken = true))
      connection.release(isBroken)
    },
  }
}
