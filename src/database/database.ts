import type { CompiledQuery, Kysely } from 'kysely'
import { Kysely as KyselyClient, PostgresDialect } from 'kysely'
import pg from 'pg'
import Cursor from 'pg-cursor'
import type { DB } from '../generated/kysely/types.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { statementName } from './statement.ts'

/** Where reads run: the pool, or the transaction that the caller has opened. */
export type Db = Kysely<DB>

/** Where writes run: always a transaction. */
export type Tx = Prisma.TransactionClient & { $kysely: Db }

export type Database = {
  /** For reads. */
  db: Db
  /** The pool below `db`, with the settings of requests (statement timeout). */
  pool: pg.Pool
  url: string
  /**
   * The rows of a query of any length, as they come, all from one snapshot. On a pool of its own without a time limit,
   * so that exports neither starve nor are cut by the requests beside them. Leaving the loop frees the query.
   */
  stream<R>(query: CompiledQuery<R>): AsyncGenerator<R>
  /** Runs `work` in one serial-looking transaction: all of it or nothing. Prisma is loaded at the first call. */
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
  /** Hears of a connection that broke while idle; the pool replaces it by itself. */
  onConnectionLost(error: Error): void
}

/** Connects lazily: no connection is made before the first query. */
export function openDatabase(options: Options): Database {
  const { url, poolSize, statementTimeoutMs, onConnectionLost } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  })
  pool.on('error', onConnectionLost)
  const db = new KyselyClient<DB>({
    dialect: new PostgresDialect({ pool: namedPool(pool) }),
  })
  const exports = new pg.Pool({
    connectionString: url,
    max: exportsAtOnce,
    connectionTimeoutMillis: 30_000,
    application_name: `casefile export ${process.pid}`,
  })
  exports.on('error', onConnectionLost)
  let prisma: Promise<PrismaClient> | undefined
  return {
    db,
    pool,
    url,
    async *stream<R>(query: CompiledQuery<R>) {
      const client = await exports.connect()
      const cursor = client.query(new Cursor<R>(query.sql, [...query.parameters]))
      let failure: Error | undefined
      try {
        for (;;) {
          const rows = await cursor.read(streamBatch)
          yield* rows
          if (rows.length < streamBatch) return
        }
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
        throw error
      } finally {
        await cursor.close().catch(() => undefined)
        client.release(failure)
      }
    },
    async write(work) {
      prisma ??= connectPrisma(url)
      const client = await prisma
      return client.$transaction((tx) => work(tx as unknown as Tx), {
        maxWait: 10_000,
        timeout: 600_000,
      })
    },
    async ping() {
      await pool.query('SELECT 1')
    },
    async close() {
      await Promise.allSettled([
        db.destroy(),
        exports.end(),
        prisma?.then((client) => client.$disconnect()),
      ])
    },
  }
}

/** The pool as Kysely sees it: a statement that was compiled once is sent by its name, so PostgreSQL plans it once. */
function namedPool(pool: pg.Pool) {
  const wrap = (client: pg.PoolClient) => ({
    release: () => client.release(),
    query(text: string | object, values?: readonly unknown[]) {
      if (typeof text !== 'string') return client.query(text as pg.QueryConfig)
      const name = statementName(text)
      const parameters = values as unknown[]
      return name === undefined
        ? client.query(text, parameters)
        : client.query({ name, text, values: parameters })
    },
  })
  return {
    options: pool.options,
    connect: async () => wrap(await pool.connect()) as unknown as pg.PoolClient,
    end: () => pool.end(),
  }
}

async function connectPrisma(url: string): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }, { default: kyselyExtension }, kysely] = await Promise.all([
    import('../generated/prisma/client.ts'),
    import('@prisma/adapter-pg'),
    import('prisma-extension-kysely'),
    import('kysely'),
  ])
  const { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } = kysely
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 4 }) })
  return client.$extends(
    kyselyExtension({
      kysely: (driver) =>
        new KyselyClient<DB>({
          dialect: {
            createDriver: () => driver,
            createAdapter: () => new PostgresAdapter(),
            createIntrospector: (db) => new PostgresIntrospector(db),
            createQueryCompiler: () => new PostgresQueryCompiler(),
          },
        }),
    }),
  ) as unknown as PrismaClient
}
