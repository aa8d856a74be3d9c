import { setTimeout as sleep } from 'node:timers/promises'
import { type CompiledQuery, type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { lanesAtOnce } from './budget.ts'
import { kyselyOn, PooledKysely } from './kysely.ts'
import { Lanes } from './pipelined-connections.ts'
import { ask, endWhenSilent } from './send-query.ts'
import { openTransactions, type Tx } from './transaction.ts'

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
  batches<R>(query: CompiledQuery<R>, leaving?: AbortSignal, atOnce?: number): AsyncGenerator<R[]>
  /**
   * A moment that several queries of any length all see, whatever is written meanwhile; close it. Same pool as `stream`.
   */
  moment(leaving?: AbortSignal): Promise<Moment>
  /**
   * What `read` gives, as it comes, with every query of it on one snapshot: for answers of any length that take more than
   * one query. On the pool of exports, as `stream`.
   */
  snapshot<T>(read: (db: Db) => AsyncIterable<T>): AsyncGenerator<T>
  /**
   * Runs `work` in one transaction: all of it or nothing. What PostgreSQL refuses is thrown as its driver says it, also
   * where it was asked through Prisma.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** How many connections PostgreSQL has for those who are no superusers. */
  connectionsMax(): Promise<number>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type Moment = {
  /** One query at a time: the next begins when the one before it has ended. */
  batches<R>(query: CompiledQuery<R>, atOnce?: number): AsyncGenerator<R[]>
  /** For answers that are small. */
  all<R>(query: CompiledQuery<R>): Promise<R[]>
  close(): Promise<void>
}

const streamBatch = 500
const firstBatch = 25
const exportsAtOnce = 4
/**
 * PostgreSQL takes a page out of order to cost four times one in order, as on a disk that turns: for a place by its id it reads
 * all places instead. On what is in memory, or on a disk that does not turn, it costs about the same.
 */
const planning = '-c random_page_cost=1.1'
/** By which a statement may be late whose time is over. */
const graceMs = 2_000
const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }
const cancelAgainMs = 250

type Options = {
  url: string
  poolSize: number
  /** Milliseconds; 0 is none. */
  statementTimeoutMs: number
  /** Hears of every connection that broke; the pool replaces it by itself. */
  onConnectionLost(error: Error): void
}

/** Connects lazily: no connection is made before the first query. */
export function openDatabase(options: Options): Database {
  const { url, poolSize, statementTimeoutMs, onConnectionLost } = options
  const forRequests = {
    connectionString: url,
    options: planning,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  }
  // A connection that is kept has its plans; one that ends when idle is made and taught anew.
  const pool = openPool(onConnectionLost, { ...forRequests, max: poolSize, min: poolSize })
  const silenceMs = statementTimeoutMs > 0 ? statementTimeoutMs + graceMs : 0
  if (silenceMs > 0) pool.on('connect', (client) => endWhenSilent(client, silenceMs))
  const db = new PooledKysely(
    pool,
    new Lanes({ ...keptAlive, ...forRequests }, { most: lanesAtOnce, silenceMs, onConnectionLost }),
  )
  const exports = openPool(onConnectionLost, {
    connectionString: url,
    max: exportsAtOnce,
    options: planning,
    connectionTimeoutMillis: 30_000,
    application_name: `casefile export ${process.pid}`,
  })
  const transactions = openTransactions(url, (config) => openPool(onConnectionLost, config))
  async function* batches<R>(
    query: CompiledQuery<R>,
    leaving?: AbortSignal,
    atOnce = streamBatch,
  ): AsyncGenerator<R[]> {
    const lent = await lend(exports, pool, leaving)
    let isWhole = false
    try {
      await lent.client.query(beginMoment)
      yield* batchesOf<R>(lent, query, atOnce)
      await lent.client.query('COMMIT')
      isWhole = true
    } finally {
      // One that is not at its end, or has failed, is ended with its connection: closing it might wait for ever.
      lent.giveBack(!isWhole)
    }
  }
  return {
    db,
    pool,
    url,
    async *stream<R>(query: CompiledQuery<R>, atOnce = streamBatch) {
      for await (const rows of batches<R>(query, undefined, atOnce)) yield* rows
    },
    batches,
    async moment(leaving) {
      const lent = await lend(exports, pool, leaving)
      try {
        await lent.client.query(beginMoment)
      } catch (error) {
        lent.giveBack(true)
        throw error
      }
      let open = 0
      let isBroken = false
      return {
        async *batches<R>(query: CompiledQuery<R>, atOnce = streamBatch) {
          open += 1
          let isWhole = false
          try {
            yield* batchesOf<R>(lent, query, atOnce)
            isWhole = true
          } finally {
            open -= 1
            isBroken ||= !isWhole
          }
        },
        async all<R>({ sql: text, parameters }: CompiledQuery<R>) {
          const { rows } = await ask(lent.client, { text, values: [...parameters] })
          return rows as R[]
        },
        async close() {
          isBroken ||= open > 0 || leaving?.aborted === true
          if (!isBroken) await lent.client.query('COMMIT').catch(() => (isBroken = true))
          lent.giveBack(isBroken)
        },
      }
    },
    async *snapshot(read) {
      const client = await exports.connect()
      let isWhole = false
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        yield* read(
          kyselyOn(
            async (text, values) => (await ask<never>(client, { text, values: [...values] })).rows,
          ),
        )
        await client.query('COMMIT')
        isWhole = true
      } finally {
        client.release(!isWhole)
      }
    },
    write: transactions.run,
    async connectionsMax() {
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
      await Promise.allSettled([db.destroy(), exports.end(), transactions.close()])
    },
  }
}

type Lent = Awaited<ReturnType<typeof lend>>

/**
 * The rows in batches, none of them empty; while one is worked on, PostgreSQL is at the next, unless rows are large. By a
 * cursor of PostgreSQL's own, in a transaction: only such a one is planned for its first rows to come soon.
 */
async function* batchesOf<R>(
  { client, unlessLost }: Lent,
  query: CompiledQuery<R>,
  atOnce: number,
): AsyncGenerator<R[]> {
  await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query.sql}`, [...query.parameters])
  const next = async (count: number): Promise<R[]> =>
    (await ask<R>(client, { text: `FETCH ${count} FROM ${cursor}` })).rows
  let coming: Promise<R[]> | undefined
  // The first one is short, so that whoever waits has something soon.
  for (let asked = Math.min(atOnce, firstBatch); ; asked = atOnce) {
    const rows = await unlessLost(coming ?? next(asked))
    const isLast = rows.length < asked
    coming = isLast || atOnce < streamBatch ? undefined : next(atOnce)
    coming?.catch(() => undefined)
    if (rows.length > 0) yield rows
    if (isLast) break
  }
  await client.query(`CLOSE ${cursor}`)
}

const cursor = 'rows_of_export'
/** One moment for all its queries; and what share of the rows is to come soon. */
const beginMoment =
  'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL cursor_tuple_fraction = 0.001'

/**
 * A connection of its own for an export. When the one who asked goes away it is given back at once, for nobody may go on
 * reading, and PostgreSQL is told to stop: a query that is still at work would not notice by itself.
 */
async function lend(exports: pg.Pool, pool: pg.Pool, leaving: AbortSignal | undefined) {
  const client = await exports.connect()
  if (leaving?.aborted) {
    client.release()
    throw new Error('Whoever asked is gone.')
  }
  const cancel = () => {
    giveBack(true)
    void stopBackend(pool, (client as unknown as { processID: number }).processID)
  }
  leaving?.addEventListener('abort', cancel, { once: true })
  // A read that waits on a connection that breaks just then is not always told by the driver. No `Promise.race`: what
  // never settles would keep the rows of every race.
  let gone: Error | undefined
  let tell: ((error: Error) => void) | undefined
  const lose = (error = new Error('The connection to the database has ended.')) => {
    gone = error
    tell?.(error)
  }
  const unlessLost = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      tell = reject
      if (gone) reject(gone)
      work.then(resolve, reject)
    })
  client.once('error', lose)
  client.once('end', lose)
  let isLent = true
  function giveBack(isBroken: boolean): void {
    if (!isLent) return
    isLent = false
    leaving?.removeEventListener('abort', cancel)
    client.removeListener('error', lose)
    client.removeListener('end', lose)
    client.release(isBroken)
    if (isBroken) lose()
  }
  return { client, unlessLost, giveBack }
}

/** Until it has ended: between two statements a request to cancel finds nothing to stop. */
async function stopBackend(pool: pg.Pool, pid: number): Promise<void> {
  try {
    for (;;) {
      const { rowCount } = await pool.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND application_name LIKE 'casefile export%'",
        [pid],
      )
      if (rowCount === 0) return
      await sleep(cancelAgainMs, undefined, { ref: false })
    }
  } catch {
    // Without the database there is nothing to stop.
  }
}

/** A connection that breaks while it is lent out is heard of as well: nobody else listens, and it would end the process. */
function openPool(onConnectionLost: Options['onConnectionLost'], config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...keptAlive, ...config })
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  pool.on('error', () => {})
  return pool
}
