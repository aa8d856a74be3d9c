import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { maxPipelinedConnections } from './connection-limits.ts'
import { defaultExportLimits, ExportConnections, type ExportLimits } from './export-connections.ts'
import { createExports, type Exports } from './exports.ts'
import { PooledKysely } from './kysely.ts'
import { PipelinedConnections } from './pipelined-connections.ts'
import { ReplicaSet } from './replicas.ts'
import { closeWhenUnresponsive } from './send-query.ts'
import { buildSettingsSql, createSessionPool, type SessionSettings } from './session-settings.ts'
import { openPooledTransactions, type Tx } from './transaction.ts'

export type { ExportRequester } from './export-connections.ts'
export type { DatabaseSnapshot } from './exports.ts'

/** Runs queries on the pool, or in the transaction of the caller. */
export type Db = Kysely<DB>

export type Database = Exports & {
  /** For reads, which standbys may answer, and for keys. */
  db: Db
  /** The same, always answered by the primary. */
  primaryDb: Db
  /** Undefined without `replicaUrls`. */
  replicas: ReplicaSet | undefined
  /** The pool of `db`, with the statement timeout of requests. */
  pool: pg.Pool
  /** Leads to PostgreSQL itself and not to a pooler: for what needs a session, such as LISTEN, session locks, migrations. */
  url: string
  /** Runs `work` in one transaction. Throws errors of PostgreSQL as `pg.DatabaseError`. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Number of connections that PostgreSQL has, without those reserved for superusers. */
  getMaxConnections(): Promise<number>
  /** The connections of this process, by use. */
  getPoolStats(): Readonly<Record<'read' | 'write' | 'export', PoolStats>>
  /** Whether the database is a standby, which takes no writes. */
  isStandby(): Promise<boolean>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A role or a database can have a time limit of its own, which is meant for requests. */
export const noTimeout: SessionSettings = { statement_timeout: 0 }
/** Time after the statement timeout in which PostgreSQL must report it. */
const timeoutGraceMs = 2_000
const keepAliveOptions = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/** Open connections, those without work, and requests for one that wait. */
type PoolStats = { total: number; idle: number; waiting: number }

type DatabaseOptions = {
  /** For statements and transactions. */
  url: string
  /**
   * Set when `url` leads to a connection pooler that gives each transaction another connection of PostgreSQL: this URL
   * leads to PostgreSQL itself.
   */
  directUrl?: string | undefined
  /** Default true. A pooler may not keep prepared statements. */
  isPrepared?: boolean
  /** Standbys for reads. */
  replicaUrls?: readonly string[] | undefined
  poolSize: number
  /** Milliseconds; 0: no timeout. */
  statementTimeoutMs: number
  exportLimits?: ExportLimits
  /** Called for every broken connection. The pool replaces it. */
  onConnectionLost(error: Error): void
  /** Called when a standby is not used any more. */
  onReplicaLost?(line: string): void
}

/** Opens no connection before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, directUrl, onConnectionLost, exportLimits = defaultExportLimits } = options
  const hasSessions = directUrl === undefined
  const openPool = (config: pg.PoolConfig, settings: SessionSettings) =>
    createPool(onConnectionLost, { connectionString: url, ...config }, hasSessions && settings)
  const openExportPool = (connectionString: string) =>
    openPool(
      {
        connectionString,
        max: exportLimits.maxConcurrent,
        connectionTimeoutMillis: 5_000,
        application_name: `casefile export ${process.pid}`,
      },
      noTimeout,
    )
  const { db: primaryDb, pool } = openRequestConnections(options)
  const replicas = openReplicas(options, openExportPool)
  const db = replicas === undefined ? primaryDb : primaryDb.withReplicas(replicas)
  const exportPool = openExportPool(url)
  const exportConnections = new ExportConnections(
    { pool: exportPool, requestPool: pool, chooseReplica: () => replicas?.choose() },
    {
      ...exportLimits,
      settingsSql: hasSessions ? '' : buildSettingsSql(noTimeout, 'transaction'),
    },
  )
  const transactions = openPooledTransactions({
    openPool,
    hasSessions,
    isPrepared: options.isPrepared ?? true,
  })
  return {
    ...createExports(exportConnections),
    db,
    primaryDb,
    replicas,
    pool,
    url: directUrl ?? url,
    write: transactions.run,
    async getMaxConnections() {
      const { rows } = await sql<{ connections: number }>`
        SELECT
          current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int AS connections`.execute(
        primaryDb,
      )
      return rows[0]?.connections ?? 0
    },
    getPoolStats: () => ({
      read: toPoolStats(pool),
      write: toPoolStats(transactions.pool),
      export: { ...toPoolStats(exportPool), waiting: exportConnections.waitingCount },
    }),
    async isStandby() {
      const { rows } = await sql<{ standby: boolean }>`
        SELECT pg_is_in_recovery() AS standby`.execute(primaryDb)
      return rows[0]?.standby ?? false
    },
    async ping() {
      await sql`SELECT 1`.execute(primaryDb)
    },
    async close() {
      await Promise.allSettled([
        primaryDb.destroy(),
        replicas?.close(),
        exportConnections.close(),
        transactions.close(),
      ])
    },
  }
}

function openReplicas(
  options: DatabaseOptions,
  openExportPool: (url: string) => pg.Pool,
): ReplicaSet | undefined {
  const { replicaUrls = [], onReplicaLost = () => undefined } = options
  if (replicaUrls.length === 0) return undefined
  const replicas = replicaUrls.map((url) => ({
    name: new URL(url).host,
    ...openRequestConnections({ ...options, url, directUrl: undefined }),
    exportPool: openExportPool(url),
  }))
  return new ReplicaSet(replicas, onReplicaLost)
}

const toPoolStats = ({ totalCount, idleCount, waitingCount }: pg.Pool): PoolStats => ({
  total: totalCount,
  idle: idleCount,
  waiting: waitingCount,
})

/** The pool and the pipelined connections of requests. */
function openRequestConnections({
  url,
  directUrl,
  isPrepared = true,
  poolSize,
  statementTimeoutMs,
  onConnectionLost,
}: DatabaseOptions): { db: PooledKysely; pool: pg.Pool } {
  const hasSessions = directUrl === undefined
  const settings = { statement_timeout: statementTimeoutMs }
  const config = {
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile api ${process.pid}`,
  }
  // Idle connections stay open: they hold the plans of prepared statements.
  const pool = createPool(
    onConnectionLost,
    { ...config, max: poolSize, min: poolSize, pipeline: !hasSessions } as pg.PoolConfig,
    hasSessions && settings,
  )
  const unresponsiveMs = statementTimeoutMs > 0 ? statementTimeoutMs + timeoutGraceMs : 0
  if (unresponsiveMs > 0)
    pool.on('connect', (client) => closeWhenUnresponsive(client, unresponsiveMs))
  const pipelined = new PipelinedConnections(
    { ...keepAliveOptions, ...config },
    {
      settings,
      maxConnections: hasSessions && isPrepared ? maxPipelinedConnections : 0,
      unresponsiveMs,
      onConnectionLost,
    },
  )
  const beginSql = hasSessions ? null : `BEGIN; ${buildSettingsSql(settings, 'transaction')}`
  return { db: new PooledKysely(pool, pipelined, { beginSql, isPrepared }), pool }
}

/** Also listens to connections in use: an `error` event without a listener would end the process. */
function createPool(
  onConnectionLost: DatabaseOptions['onConnectionLost'],
  config: pg.PoolConfig,
  settings: SessionSettings | false,
): pg.Pool {
  const fullConfig = { ...keepAliveOptions, ...config }
  const pool =
    settings === false ? new pg.Pool(fullConfig) : createSessionPool(fullConfig, settings)
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  pool.on('error', () => {})
  return pool
}
