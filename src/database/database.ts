import type { CompiledQuery, Kysely } from 'kysely'
import { Kysely as KyselyClient, PostgresDialect } from 'kysely'
import pg from 'pg'
import Cursor from 'pg-cursor'
import type { DB } from '../generated/kysely/types.ts'
import { statementName } from './statement.ts'
import { kyselyOn, openTransactions, type Tx } from './transaction.ts'

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
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

const streamBatch = 500
const exportsAtOnce = 4

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
  const pool = openPool(onConnectionLost, {
    connectionString: url,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    // For a database that says nothing any more, not even that the time is over.
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + 2_000 }),
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  })
  const db = new KyselyClient<DB>({
    dialect: new PostgresDialect({ pool: namedPool(pool) }),
  })
  const exports = openPool(onConnectionLost, {
    connectionString: url,
    max: exportsAtOnce,
    connectionTimeoutMillis: 30_000,
    application_name: `casefile export ${process.pid}`,
  })
  const transactions = openTransactions(url, (config) => openPool(onConnectionLost, config))
  return {
    db,
    pool,
    url,
    async *stream<R>(query: CompiledQuery<R>, atOnce = streamBatch) {
      const client = await exports.connect()
      const cursor = client.query(new Cursor<R>(query.sql, [...query.parameters]))
      let isWhole = false
      try {
        for (;;) {
          const rows = await cursor.read(atOnce)
          isWhole = rows.length < atOnce
          yield* rows
          if (isWhole) return
        }
      } finally {
        // One that is not at its end, or has failed, is ended with its connection: closing it might wait for ever.
        client.release(!isWhole)
      }
    },
    async *snapshot(read) {
      const client = await exports.connect()
      let isWhole = false
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        yield* read(kyselyOn(async (text, values) => (await client.query(text, [...values])).rows))
        await client.query('COMMIT')
        isWhole = true
      } finally {
        client.release(!isWhole)
      }
    },
    write: transactions.run,
    async ping() {
      await pool.query('SELECT 1')
    },
    async close() {
      await Promise.allSettled([db.destroy(), exports.end(), transactions.close()])
    },
  }
}

/** A connection that breaks while it is lent out is heard of as well: nobody else listens, and it would end the process. */
function openPool(onConnectionLost: Options['onConnectionLost'], config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ keepAlive: true, keepAliveInitialDelayMillis: 10_000, ...config })
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  pool.on('error', () => {})
  return pool
}

/** The pool as Kysely sees it: a statement that was compiled once is sent by its name, so PostgreSQL plans it once. */
function namedPool(pool: pg.Pool) {
  const wrap = (client: pg.PoolClient) => {
    // Of the connection, not of a statement: it is not used again.
    let fault: Error | undefined
    const noteFault = (error: Error): never => {
      if (!(error instanceof pg.DatabaseError)) fault = error
      throw error
    }
    return {
      release: () => client.release(fault),
      query(text: string | object, values?: readonly unknown[]) {
        if (typeof text !== 'string') return client.query(text as pg.QueryConfig)
        const name = statementName(text)
        const parameters = values as unknown[]
        const sent =
          name === undefined
            ? client.query(text, parameters)
            : client.query({ name, text, values: parameters })
        return sent.catch(noteFault)
      },
    }
  }
  return {
    options: pool.options,
    connect: async () => wrap(await pool.connect()) as unknown as pg.PoolClient,
    end: () => pool.end(),
  }
}
