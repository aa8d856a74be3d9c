import {
  type Compilable,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import type { PipelinedConnections } from './pipelined-connections.ts'
import { findShortStatementName, findStatementName } from './prepared-statements.ts'
import type { ReplicaSet } from './replicas.ts'
import { sendQuery } from './send-query.ts'

const createDialect = (driver: Driver): Dialect => ({
  createDriver: () => driver,
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

const noop = async () => {}

function rejectStreaming(): never {
  throw new TypeError('Use `Database.stream` to stream rows.')
}

/** Kysely on one connection. The caller begins and ends its transaction. */
export function createConnectionKysely(
  run: <R>(text: string, parameters: readonly unknown[]) => Promise<R[]>,
): Kysely<DB> {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      return { rows: await run<R>(sql, parameters) }
    },
    streamQuery: rejectStreaming,
  }
  const unsupported = async () => {
    throw new TypeError('The caller begins and ends the transaction.')
  }
  const dialect = createDialect({
    init: noop,
    acquireConnection: async () => connection,
    releaseConnection: noop,
    beginTransaction: unsupported,
    commitTransaction: unsupported,
    rollbackTransaction: unsupported,
    destroy: noop,
  })
  return new Kysely<DB>({ dialect })
}

type PoolUse = {
  /** Begins the transaction of a single statement. Null when connections keep their settings, and none is needed. */
  beginSql: string | null
  /** Whether statements are sent with a name. */
  isPrepared: boolean
  /** Standbys that run reads. */
  replicas?: ReplicaSet | undefined
}

/**
 * Kysely on a pool. A prepared statement is sent with its name, so that PostgreSQL plans it once. Short statements use the
 * pipelined connections; others take a connection of the pool, for one query or for a transaction.
 */
export class PooledKysely extends Kysely<DB> {
  readonly #pool: pg.Pool
  readonly #pipelined: PipelinedConnections
  readonly #use: PoolUse

  constructor(pool: pg.Pool, pipelined: PipelinedConnections, use: PoolUse) {
    super({
      dialect: createDialect({
        init: noop,
        acquireConnection: async () => new PooledConnection(pool, use),
        releaseConnection: noop,
        beginTransaction: (connection, settings) =>
          (connection as PooledConnection).begin(settings),
        commitTransaction: (connection) => (connection as PooledConnection).end('COMMIT'),
        rollbackTransaction: (connection) => (connection as PooledConnection).end('ROLLBACK'),
        destroy: noop,
      }),
    })
    this.#pool = pool
    this.#pipelined = pipelined
    this.#use = use
  }

  /** The same, with standbys for reads. Destroy only this one. */
  withReplicas(replicas: ReplicaSet): PooledKysely {
    return new PooledKysely(this.#pool, this.#pipelined, { ...this.#use, replicas })
  }

  /** Skips Kysely's plugin and driver steps, which are not used here. */
  override async executeQuery<R>(query: CompiledQuery<R> | Compilable<R>): Promise<QueryResult<R>> {
    const compiled = 'compile' in query ? query.compile() : query
    if (this.#use.replicas !== undefined) {
      const result = await this.#use.replicas.run<R>(compiled)
      if (result !== undefined) return result
    }
    const name = findShortStatementName(compiled.sql)
    const pipelined = name === undefined ? undefined : this.#pipelined.send<R>(name, compiled)
    return pipelined ?? new PooledConnection(this.#pool, this.#use).executeQuery<R>(compiled)
  }

  /** Kysely would not close the pool: `executeQuery` above bypasses its driver. */
  override async destroy(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#pipelined.close()])
  }
}

class PooledConnection implements DatabaseConnection {
  readonly #pool: pg.Pool
  readonly #use: PoolUse
  #transactionClient: pg.PoolClient | undefined
  readonly streamQuery = rejectStreaming

  constructor(pool: pg.Pool, use: PoolUse) {
    this.#pool = pool
    this.#use = use
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery) {
    const { beginSql, isPrepared } = this.#use
    const client = this.#transactionClient ?? (await this.#pool.connect())
    let connectionError: Error | undefined
    try {
      const name = isPrepared ? findStatementName(sql) : undefined
      const values = parameters as unknown[]
      const query = name === undefined ? { text: sql, values } : { name, text: sql, values }
      if (beginSql === null || client === this.#transactionClient)
        return await sendQuery<R>(client, query)
      return await sendInTransaction<R>(client, beginSql, query)
    } catch (error) {
      // Any error but one of PostgreSQL is an error of the connection, which is then closed.
      if (error instanceof Error && !(error instanceof pg.DatabaseError)) connectionError = error
      throw error
    } finally {
      if (client !== this.#transactionClient) client.release(connectionError)
    }
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const client = await this.#pool.connect()
    this.#transactionClient = client
    if (this.#use.beginSql !== null) await sendQuery(client, { text: this.#use.beginSql })
    const modes = [isolationLevel && `ISOLATION LEVEL ${isolationLevel}`, accessMode]
    await sendQuery(client, { text: `BEGIN ${modes.filter(Boolean).join(', ')}` })
  }

  async end(command: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const client = this.#transactionClient
    this.#transactionClient = undefined
    let connectionError: Error | undefined
    try {
      if (client) await sendQuery(client, { text: command })
    } catch (error) {
      connectionError = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      client?.release(connectionError)
    }
  }
}

/** A statement with the settings of its transaction, on a connection that sends without waiting (pipelining). */
async function sendInTransaction<R>(
  client: pg.ClientBase,
  beginSql: string,
  query: pg.QueryConfig,
): Promise<QueryResult<R>> {
  const begun = sendQuery(client, { text: beginSql })
  const result = sendQuery<R>(client, query)
  const ended = sendQuery(client, { text: 'COMMIT' })
  const [first, second] = await Promise.allSettled([begun, result, ended])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  await ended
  return second.value
}
