import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type CompiledQuery, type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { maxPipelinedConnections } from './connection-limits.ts'
import { createConnectionKysely, PooledKysely } from './kysely.ts'
import { PipelinedConnections } from './pipelined-connections.ts'
import { closeWhenUnresponsive, sendQuery } from './send-query.ts'
import { openTransactionRunner, type Tx } from './transaction.ts'

/** Where reads run: the pool, or the transaction that the caller has opened. */
export type Db = Kysely<DB>

export type Database = {
  /** For reads. */
  db: Db
  /** The pool below `db`, with the settings of requests (statement timeout). */
  pool: pg.Pool
  url: string
  /**
   * The rows of a query of any length, as they come, all from one snapshot. On a pool of its own without a time limit,
   * so that exports neither starve nor are cut by the requests beside them. Leaving the loop frees the query. `atOnce` is
   * how many rows are in memory, for rows that are large.
   */
  stream<R>(query: CompiledQuery<R>, atOnce?: number): AsyncGenerator<R>
  /** As `stream`, some hundred rows at once. `leaving` frees the query also while it still looks for its first row. */
  streamBatches<R>(
    query: CompiledQuery<R>,
    leaving?: AbortSignal,
    atOnce?: number,
  ): AsyncGenerator<R[]>
  /**
   * A moment that several queries of any length all see, whatever is written meanwhile; close it. Same pool as `stream`.
   */
  openSnapshot(leaving?: AbortSignal): Promise<DatabaseSnapshot>
  /**
   * What `read` gives, as it comes, with every query of it on one snapshot: for answers of any length that take more than
   * one query. On the pool of exports, as `stream`.
   */
  streamFromSnapshot<T>(read: (db: Db) => AsyncIterable<T>): AsyncGenerator<T>
  /**
   * Runs `work` in one transaction: all of it or nothing. What PostgreSQL refuses is thrown as its driver says it, also
   * where it was asked through Prisma.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** How many connections PostgreSQL has for those who are no superusers. */
  getMaxConnections(): Promise<number>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type DatabaseSnapshot = {
  /** One query at a time: the next begins when the one before it has ended. */
  streamBatches<R>(query: CompiledQuery<R>, atOnce?: number): AsyncGenerator<R[]>
  /** For answers that are small. */
  fetchAll<R>(query: CompiledQuery<R>): Promise<R[]>
  close(): Promise<void>
}

const defaultBatchSize = 500
const firstBatchSize = 25
/** Rows that are worked on at a stretch; then other requests have their turn. */
const rowsPerTurn = 50
const maxExportConnections = 4
/**
 * PostgreSQL takes a page out of order to cost four times one in order, as on a disk that turns: for a place by its id it reads
 * all places instead. On what is in memory, or on a disk that does not turn, it costs about the same.
 */
const plannerOptions = '-c random_page_cost=1.1'
/** A role or database can have a time limit of its own, which is for requests. */
export const noTimeoutOption = '-c statement_timeout=0'
/** By which a statement may be late whose time is over. */
const timeoutGraceMs = 2_000
const keepAliveOptions = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }
const cancelRetryMs = 250

type DatabaseOptions = {
  url: string
  poolSize: number
  /** Milliseconds; 0 is none. */
  statementTimeoutMs: number
  /** Hears of every connection that broke; the pool replaces it by itself. */
  onConnectionLost(error: Error): void
}

/** Connects lazily: no connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, poolSize, statementTimeoutMs, onConnectionLost } = options
  const requestOptions = {
    connectionString: url,
    options: statementTimeoutMs > 0 ? plannerOptions : `${plannerOptions} ${noTimeoutOption}`,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  }
  // A connection that is kept has its plans; one that ends when idle is made and taught anew.
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
    options: `${plannerOptions} ${noTimeoutOption}`,
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
      // One that is not at its end, or has failed, is ended with its connection: closing it might wait for ever.
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
      const { rows } = await sql<{
        connections: number
      }>`SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections`.execute(
        db,
      )
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
 * The rows in batches, none of them empty; while one is worked on, PostgreSQL is at the next, unless rows are large. By a
 * cursor of PostgreSQL's own, in a transaction: only such a one is planned for its first rows to come soon.
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
  // The first one is short, so that whoever waits has something soon.
  for (let requested = Math.min(batchSize, firstBatchSize); ; requested = batchSize) {
    const rows = await unlessLost(nextRows ?? fetchRows(requested))
    const isLast = rows.length < requested
    nextRows = isLast || batchSize < defaultBatchSize ? undefined : fetchRows(batchSize)
    nextRows?.catch(() => undefined)
    for (let from = 0; from < rows.length; from += rowsPerTurn) {
      if (from > 0) await setImmediate()
      yield rows.slice(from, from + rowsPerTurn)
    }
    if (isLast) break
  }
  await client.query(`CLOSE ${cursorName}`)
}

const cursorName = 'rows_of_export'
/** One moment for all its queries; and what share of the rows is to come soon. */
const beginSnapshotSql =
  'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL cursor_tuple_fraction = 0.001'

/**
 * A connection of its own for an export. When the one who asked goes away it is given back at once, for nobody may go on
 * reading, and PostgreSQL is told to stop: a query that is still at work would not notice by itself.
 */
async function acquireExportConnection(
  exports: pg.Pool,
  pool: pg.Pool,
  abortSignal: AbortSignal | undefined,
) {
  const client = await exports.connect()
  if (abortSignal?.aborted) {
    client.release()
    throw new Error('Whoever asked is gone.')
  }
  const cancel = () => {
    giveBack(true)
    void cancelBackend(pool, (client as unknown as { processID: number }).processID)
  }
  abortSignal?.addEventListener('abort', cancel, { once: true })
  // A read that waits on a connection that breaks just then is not always told by the driver. No `Promise.race`: what
  // never settles would keep the rows of every race.
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

/** Until it has ended: between two statements a request to cancel finds nothing to stop. */
async function cancelBackend(pool: pg.Pool, pid: number): Promise<void> {
  try {
    for (;;) {
      const { rowCount } = await pool.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND application_name LIKE 'casefile export%'",
        [pid],
      )
      if (rowCount === 0) return
      await sleep(cancelRetryMs, undefined, { ref: false })
    }
  } catch {
    // Without the database there is nothing to stop.
  }
}

/** A connection that breaks while it is lent out is heard of as well: nobody else listens, and it would end the process. */
function createPool(
  onConnectionLost: DatabaseOptions['onConnectionLost'],
  config: pg.PoolConfig,
): pg.Pool {
  const pool = new pg.Pool({ ...keepAliveOptions, ...config })
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  pool.on('error', () => {})
  return pool
}
