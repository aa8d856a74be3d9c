import { setTimeout as sleep } from 'node:timers/promises'
import { type CompiledQuery, type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { maxPipelinedConnections } from './connection-limits.ts'
import { createConnectionKysely, PooledKysely } from './kysely.ts'
import { PipelinedConnections } from './pipelined-connections.ts'
import { closeWhenUnresponsive, sendQuery } from './send-query.ts'
import { openTransactionRunner, type Tx } from './transaction.ts'

/** Runs queries on the pool, or in the transaction of the caller. */
export type Db = Kysely<DB>

export type Database = {
  /** For reads. */
  db: Db
  /** The pool of `db`, with the statement timeout of requests. */
  pool: pg.Pool
  url: string
  /**
   * Streams the rows of a query from one snapshot. It uses the pool of exports, which has no statement timeout: exports and
   * requests do not wait for each other. Leaving the loop ends the query.
   *
   * @param batchSize rows in memory at a time; set it for large rows
   */
  stream<R>(query: CompiledQuery<R>, batchSize?: number): AsyncGenerator<R>
  /** Same as `stream`, in batches of some hundred rows. The signal ends the query even before its first row. */
  streamBatches<R>(
    query: CompiledQuery<R>,
    abortSignal?: AbortSignal,
    batchSize?: number,
  ): AsyncGenerator<R[]>
  /** A snapshot for several queries, on the pool of exports. Close it. */
  openSnapshot(abortSignal?: AbortSignal): Promise<DatabaseSnapshot>
  /** Streams what `read` yields. All its queries see one snapshot, on the pool of exports. */
  streamFromSnapshot<T>(read: (db: Db) => AsyncIterable<T>): AsyncGenerator<T>
  /** Runs `work` in one transaction. Throws errors of PostgreSQL as `pg.DatabaseError`. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Number of connections that PostgreSQL has, without those reserved for superusers. */
  getMaxConnections(): Promise<number>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type DatabaseSnapshot = {
  /** Finish one query before you start the next. */
  streamBatches<R>(query: CompiledQuery<R>, batchSize?: number): AsyncGenerator<R[]>
  /** For small results. */
  fetchAll<R>(query: CompiledQuery<R>): Promise<R[]>
  close(): Promise<void>
}

const defaultBatchSize = 500
const firstBatchSize = 25
const maxExportConnections = 4
/**
 * The default (4) is for rotating disks: PostgreSQL would scan the whole table of places to find one by id. In memory and on
 * an SSD a random page costs about as much as a sequential one.
 */
const plannerOptions = '-c random_page_cost=1.1'
/** Time after the statement timeout in which PostgreSQL must report it. */
const timeoutGraceMs = 2_000
const keepAliveOptions = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }
const cancelRetryMs = 250

type DatabaseOptions = {
  url: string
  poolSize: number
  /** Milliseconds; 0: no timeout. */
  statementTimeoutMs: number
  /** Called for every broken connection. The pool replaces it. */
  onConnectionLost(error: Error): void
}

/** Opens no connection before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, poolSize, statementTimeoutMs, onConnectionLost } = options
  const requestOptions = {
    connectionString: url,
    options: plannerOptions,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  }
  // Idle connections stay open: they hold the plans of prepared statements.
  const pool = createPool(onConnectionLost, { ...requestOptions, max: poolSize, min: poolSize })
  const unresponsiveMs = statementTimeoutMs > 0 ? statementTimeoutMs + timeoutGraceMs : 0
  if (unresponsiveMs > 0)
    pool.on('connect', (client) => closeWhenUnresponsive(client, unresponsiveMs))
  const db = new PooledKysely(
    pool,
    new PipelinedConnections(
      { ...keepAliveOptions, ...requestOptions },
      { maxConnections: maxPipelinedConnections, unresponsiveMs, onConnectionLost },
    ),
  )
  const exportPool = createPool(onConnectionLost, {
    connectionString: url,
    max: maxExportConnections,
    options: plannerOptions,
    connectionTimeoutMillis: 30_000,
    application_name: `casefile export ${process.pid}`,
  })
  const transactions = openTransactionRunner(url, (config) => createPool(onConnectionLost, config))
  async function* streamBatches<R>(
    query: CompiledQuery<R>,
    abortSignal?: AbortSignal,
    batchSize = defaultBatchSize,
  ): AsyncGenerator<R[]> {
    const connection = await acquireExportConnection(exportPool, pool, abortSignal)
    let isComplete = false
    try {
      await connection.client.query(beginSnapshotSql)
      yield* fetchBatches<R>(connection, query, batchSize)
      await connection.client.query('COMMIT')
      isComplete = true
    } finally {
      // An unfinished or failed query is ended with its connection: closing the cursor might wait forever.
      connection.giveBack(!isComplete)
    }
  }
  return {
    db,
    pool,
    url,
    async *stream<R>(query: CompiledQuery<R>, batchSize = defaultBatchSize) {
      for await (const rows of streamBatches<R>(query, undefined, batchSize)) yield* rows
    },
    streamBatches,
    async openSnapshot(abortSignal) {
      const connection = await acquireExportConnection(exportPool, pool, abortSignal)
      try {
        await connection.client.query(beginSnapshotSql)
      } catch (error) {
        connection.giveBack(true)
        throw error
      }
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
          const { rows } = await sendQuery(connection.client, { text, values: [...parameters] })
          return rows as R[]
        },
        async close() {
          isBroken ||= openQueries > 0 || abortSignal?.aborted === true
          if (!isBroken) await connection.client.query('COMMIT').catch(() => (isBroken = true))
          connection.giveBack(isBroken)
        },
      }
    },
    async *streamFromSnapshot(read) {
      const client = await exportPool.connect()
      let isComplete = false
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        yield* read(
          createConnectionKysely(
            async (text, values) =>
              (await sendQuery<never>(client, { text, values: [...values] })).rows,
          ),
        )
        await client.query('COMMIT')
        isComplete = true
      } finally {
        client.release(!isComplete)
      }
    },
    write: transactions.run,
    async getMaxConnections() {
      const { rows } = await sql<{ connections: number }>`
        SELECT
          current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int AS connections`.execute(db)
      return rows[0]?.connections ?? 0
    },
    async ping() {
      await sql`SELECT 1`.execute(db)
    },
    async close() {
      await Promise.allSettled([db.destroy(), exportPool.end(), transactions.close()])
    },
  }
}

type ExportConnection = Awaited<ReturnType<typeof acquireExportConnection>>

/**
 * Yields the rows in non-empty batches. PostgreSQL computes the next batch meanwhile, unless rows are large. A cursor in a
 * transaction, because PostgreSQL plans only that for fast first rows.
 */
async function* fetchBatches<R>(
  { client, unlessLost }: ExportConnection,
  query: CompiledQuery<R>,
  batchSize: number,
): AsyncGenerator<R[]> {
  await client.query(`DECLARE ${cursorName} NO SCROLL CURSOR FOR ${query.sql}`, [
    ...query.parameters,
  ])
  const fetchRows = async (count: number): Promise<R[]> =>
    (await sendQuery<R>(client, { text: `FETCH ${count} FROM ${cursorName}` })).rows
  let nextRows: Promise<R[]> | undefined
  // The first batch is short, so that the client gets its first bytes soon.
  for (let requested = Math.min(batchSize, firstBatchSize); ; requested = batchSize) {
    const rows = await unlessLost(nextRows ?? fetchRows(requested))
    const isLast = rows.length < requested
    nextRows = isLast || batchSize < defaultBatchSize ? undefined : fetchRows(batchSize)
    nextRows?.catch(() => undefined)
    if (rows.length > 0) yield rows
    if (isLast) break
  }
  await client.query(`CLOSE ${cursorName}`)
}

const cursorName = 'rows_of_export'
/** One snapshot for all queries. The fraction makes PostgreSQL plan for fast first rows. */
const beginSnapshotSql =
  'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL cursor_tuple_fraction = 0.001'

/**
 * Takes a connection for an export. When the signal is aborted, the connection is released at once and PostgreSQL cancels
 * the query, which would not notice the closed connection while it computes.
 */
async function acquireExportConnection(
  exports: pg.Pool,
  pool: pg.Pool,
  abortSignal: AbortSignal | undefined,
) {
  const client = await exports.connect()
  if (abortSignal?.aborted) {
    client.release()
    throw new Error('The client has disconnected.')
  }
  const cancel = () => {
    giveBack(true)
    void cancelBackend(pool, (client as unknown as { processID: number }).processID)
  }
  abortSignal?.addEventListener('abort', cancel, { once: true })
  // The driver does not always reject a read when its connection breaks. No `Promise.race`: a promise that never settles
  // would retain the rows of every race.
  let connectionError: Error | undefined
  let rejectPending: ((error: Error) => void) | undefined
  const markLost = (error = new Error('The connection to the database has ended.')) => {
    connectionError = error
    rejectPending?.(error)
  }
  const unlessLost = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      rejectPending = reject
      if (connectionError) reject(connectionError)
      work.then(resolve, reject)
    })
  client.once('error', markLost)
  client.once('end', markLost)
  let isAcquired = true
  function giveBack(isBroken: boolean): void {
    if (!isAcquired) return
    isAcquired = false
    abortSignal?.removeEventListener('abort', cancel)
    client.removeListener('error', markLost)
    client.removeListener('end', markLost)
    client.release(isBroken)
    if (isBroken) markLost()
  }
  return { client, unlessLost, giveBack }
}

/** Repeats until the backend is gone: a cancel request between two statements has no effect. */
async function cancelBackend(pool: pg.Pool, pid: number): Promise<void> {
  try {
    for (;;) {
      const { rowCount } = await pool.query(
        `SELECT pg_cancel_backend(pid)
         FROM pg_stat_activity
         WHERE pid = $1 AND application_name LIKE 'casefile export%'`,
        [pid],
      )
      if (rowCount === 0) return
      await sleep(cancelRetryMs, undefined, { ref: false })
    }
  } catch {
    // Without the database there is nothing to cancel.
  }
}

/** Also listens to connections in use: an `error` event without a listener would end the process. */
function createPool(
  onConnectionLost: DatabaseOptions['onConnectionLost'],
  config: pg.PoolConfig,
): pg.Pool {
  const pool = new pg.Pool({ ...keepAliveOptions, ...config })
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  pool.on('error', () => {})
  return pool
}
