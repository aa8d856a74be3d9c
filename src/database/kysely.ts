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

/**
 * Kysely on a pool. A prepared statement is sent with its name, so that PostgreSQL plans it once. Short statements use the
 * pipelined connections; others take a connection of the pool, for one query or for a transaction.
 */
export class PooledKysely extends Kysely<DB> {
  readonly #pool: pg.Pool
  readonly #pipelined: PipelinedConnections

  constructor(pool: pg.Pool, pipelined: PipelinedConnections) {
    super({
      dialect: createDialect({
        init: noop,
        acquireConnection: async () => new PooledConnection(pool),
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
  }

  /** Skips Kysely's plugin and driver steps, which are not used here. */
  override async executeQuery<R>(query: CompiledQuery<R> | Compilable<R>): Promise<QueryResult<R>> {
    const compiled = 'compile' in query ? query.compile() : query
    const name = findShortStatementName(compiled.sql)
    const pipelined = name === undefined ? undefined : this.#pipelined.send<R>(name, compiled)
    return pipelined ?? new PooledConnection(this.#pool).executeQuery<R>(compiled)
  }

  /** Kysely would not close the pool: `executeQuery` above bypasses its driver. */
  override async destroy(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#pipelined.close()])
  }
}

class PooledConnection implements DatabaseConnection {
  readonly #pool: pg.Pool
  #transactionClient: pg.PoolClient | undefined
  readonly streamQuery = rejectStreaming

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery) {
    const client = this.#transactionClient ?? (await this.#pool.connect())
    let connectionError: Error | undefined
    try {
      const name = findStatementName(sql)
      const values = parameters as unknown[]
      return await sendQuery<R>(
        client,
        name === undefined ? { text: sql, values } : { name, text: sql, values },
      )
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
