import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { maxPipelinedConnections } from './connection-limits.ts'
import { defaultExportLimits, ExportConnections, type ExportLimits } from './export-connections.ts'
import { createExports, type Exports } from './exports.ts'
import { PooledKysely } from './kysely.ts'
import { PipelinedConnections } from './pipelined-connections.ts'
import { closeWhenUnresponsive } from './send-query.ts'
import { openTransactionRunner, type Tx } from './transaction.ts'

export type { ExportRequester } from './export-connections.ts'
export type { DatabaseSnapshot } from './exports.ts'

/** Runs queries on the pool, or in the transaction of the caller. */
export type Db = Kysely<DB>

export type Database = Exports & {
  /** For reads. */
  db: Db
  /** The pool of `db`, with the statement timeout of requests. */
  pool: pg.Pool
  url: string
  /** Runs `work` in one transaction. Throws errors of PostgreSQL as `pg.DatabaseError`. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Number of connections that PostgreSQL has, without those reserved for superusers. */
  getMaxConnections(): Promise<number>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * The default (4) is for rotating disks: PostgreSQL would scan the whole table of places to find one by id. In memory and on
 * an SSD a random page costs about as much as a sequential one.
 */
const plannerOptions = '-c random_page_cost=1.1'
/** A role or a database can have a time limit of its own, which is meant for requests. */
export const noTimeoutOption = '-c statement_timeout=0'
/** Time after the statement timeout in which PostgreSQL must report it. */
const timeoutGraceMs = 2_000
const keepAliveOptions = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

type DatabaseOptions = {
  url: string
  poolSize: number
  /** Milliseconds; 0: no timeout. */
  statementTimeoutMs: number
  exportLimits?: ExportLimits
  /** Called for every broken connection. The pool replaces it. */
  onConnectionLost(error: Error): void
}

/** Opens no connection before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, onConnectionLost, exportLimits = defaultExportLimits } = options
  const { db, pool } = openRequestConnections(options)
  const exportPool = createPool(onConnectionLost, {
    connectionString: url,
    max: exportLimits.maxConcurrent,
    options: `${plannerOptions} ${noTimeoutOption}`,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile export ${process.pid}`,
  })
  const exportConnections = new ExportConnections(exportPool, pool, exportLimits)
  const transactions = openTransactionRunner(url, (config) => createPool(onConnectionLost, config))
  return {
    ...createExports(exportConnections),
    db,
    pool,
    url,
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
      await Promise.allSettled([db.destroy(), exportConnections.close(), transactions.close()])
    },
  }
}

/** The pool and the pipelined connections of requests. */
function openRequestConnections({
  url,
  poolSize,
  statementTimeoutMs,
  onConnectionLost,
}: DatabaseOptions): { db: PooledKysely; pool: pg.Pool } {
  const config = {
    connectionString: url,
    options: statementTimeoutMs > 0 ? plannerOptions : `${plannerOptions} ${noTimeoutOption}`,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  }
  // Idle connections stay open: they hold the plans of prepared statements.
  const pool = createPool(onConnectionLost, { ...config, max: poolSize, min: poolSize })
  const unresponsiveMs = statementTimeoutMs > 0 ? statementTimeoutMs + timeoutGraceMs : 0
  if (unresponsiveMs > 0)
    pool.on('connect', (client) => closeWhenUnresponsive(client, unresponsiveMs))
  const pipelined = new PipelinedConnections(
    { ...keepAliveOptions, ...config },
    { maxConnections: maxPipelinedConnections, unresponsiveMs, onConnectionLost },
  )
  return { db: new PooledKysely(pool, pipelined), pool }
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
