import type { CompiledQuery, Kysely } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import { Problem, RecordMovedError } from '../problem.ts'
import { createConnectionKysely } from './kysely.ts'
import { ensureStatementName } from './prepared-statements.ts'
import { buildInsert, type ModelRows } from './row-writer.ts'
import { sendQuery } from './send-query.ts'
import { buildSettingsSql, type SessionSettings } from './session-settings.ts'

/**
 * A transaction that writes. New rows are plain data by model, and go to a sink: `pg` in the server (this module),
 * Prisma Client in seeding (`prisma-transaction.ts`). See docs/decisions/0014-one-write-mechanism.md.
 */
export type Tx = {
  /** For all other statements, on the connection of the transaction. */
  db: Kysely<DB>
  insert(rows: ModelRows): Promise<void>
  /** Inserts rows at the end, together with the COMMIT. */
  insertWithCommit(rows: ModelRows): void
  /** Sends statements at once, to be run in their order; gives the rows of the last one. */
  pipeline<R>(...queries: readonly CompiledQuery[]): Promise<R[]>
}

export type TransactionRunner = {
  /** Runs `work` in one transaction: all of it or nothing. @throws {Problem} busy when too many writes wait already */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Writes take turns (`lockLedger`), so more connections would only wait in the database instead of here. */
const maxWriteConnections = 4
const maxWaitingWrites = 500
/** Milliseconds that a write waits for its turn; then it is `busy`. */
export const lockTimeoutMs = 10_000
/** PostgreSQL ends a transaction whose process hangs: it would hold up all other writes. */
export const idleTimeoutMs = 60_000

const writeSettings: SessionSettings = {
  lock_timeout: lockTimeoutMs,
  idle_in_transaction_session_timeout: idleTimeoutMs,
  // Writes go by key: a generic plan is as good as a custom one, and saves a millisecond.
  plan_cache_mode: 'force_generic_plan',
}

export function openPooledTransactions({
  openPool,
  hasSessions,
  isPrepared,
}: {
  openPool: (config: pg.PoolConfig, settings: SessionSettings) => pg.Pool
  /** Whether connections keep their settings. */
  hasSessions: boolean
  /** Whether statements are sent with a name, so that PostgreSQL plans them once per connection. */
  isPrepared: boolean
}): TransactionRunner & { pool: pg.Pool } {
  const config = {
    max: maxWriteConnections,
    connectionTimeoutMillis: lockTimeoutMs,
    application_name: `casefile write ${process.pid}`,
    // BEGIN is sent together with the first statement.
    pipeline: true,
  }
  const pool = openPool(config as pg.PoolConfig, writeSettings)
  const beginSql = hasSessions
    ? 'BEGIN'
    : `BEGIN; ${buildSettingsSql(writeSettings, 'transaction')}`
  return {
    pool,
    async run(work) {
      if (pool.waitingCount >= maxWaitingWrites)
        throw new Problem('busy', `${maxWaitingWrites} writes are waiting already.`)
      const connection = trackErrors(await acquireConnection(pool))
      try {
        connection.query({ text: beginSql }).catch(() => undefined)
        const lastQueries: CompiledQuery[] = []
        const value = await work(createTx(connection, isPrepared, lastQueries))
        const sent = lastQueries.map((query) => connection.query(toQueryConfig(query, isPrepared)))
        const commit = connection.query({ text: 'COMMIT' })
        await Promise.all([...sent, commit])
        const { command } = await commit
        if (command !== 'COMMIT') throw new Error('PostgreSQL rolled the transaction back.')
        return value
      } catch (error) {
        await connection.query({ text: 'ROLLBACK' }).catch(() => undefined)
        if (error instanceof Problem || error instanceof RecordMovedError) throw error
        throw connection.firstError() ?? error
      } finally {
        connection.release()
      }
    },
    close: () => pool.end(),
  }
}

async function acquireConnection(pool: pg.Pool): Promise<pg.PoolClient> {
  const isFull = pool.totalCount >= maxWriteConnections && pool.idleCount === 0
  try {
    return await pool.connect()
  } catch (error) {
    if (isFull && error instanceof Error && /timeout exceeded/.test(error.message))
      throw new Problem('busy', 'No turn came within its time.', { cause: error })
    throw error
  }
}

type Connection = ReturnType<typeof trackErrors>

/** Remembers the first error: in a transaction, all later ones follow from it. */
function trackErrors(client: pg.PoolClient) {
  let firstError: Error | undefined
  let connectionError: Error | undefined
  return {
    async query(query: pg.QueryConfig): Promise<pg.QueryResult> {
      try {
        return await sendQuery(client, query)
      } catch (error) {
        if (error instanceof Error) {
          firstError ??= error
          if (!(error instanceof pg.DatabaseError)) connectionError ??= error
        }
        throw error
      }
    },
    firstError: () => firstError,
    release: () => client.release(connectionError),
  }
}

function createTx(connection: Connection, isPrepared: boolean, lastQueries: CompiledQuery[]): Tx {
  const db = createConnectionKysely(async <R>(sql: string, parameters: readonly unknown[]) => {
    const { rows } = await connection.query(toQueryConfig({ sql, parameters }, isPrepared))
    return rows as R[]
  })
  return {
    db,
    async insert(rows) {
      const query = buildInsert(db, rows)
      if (query !== null) await db.executeQuery(query)
    },
    insertWithCommit(rows) {
      const query = buildInsert(db, rows)
      if (query !== null) lastQueries.push(query)
    },
    async pipeline<R>(...queries: readonly CompiledQuery[]) {
      const results = await Promise.all(
        queries.map((query) => connection.query(toQueryConfig(query, isPrepared))),
      )
      return (results.at(-1)?.rows ?? []) as R[]
    },
  }
}

function toQueryConfig(
  { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>,
  isPrepared: boolean,
): pg.QueryConfig {
  const name = isPrepared ? ensureStatementName(sql) : undefined
  return { ...(name !== undefined && { name }), text: sql, values: [...parameters] }
}
