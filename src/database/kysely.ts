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
import type { Lanes } from './pipelined-connections.ts'
import { ask } from './send-query.ts'
import { shortName, statementName } from './statement.ts'

const dialectOf = (driver: Driver): Dialect => ({
  createDriver: () => driver,
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

const nothing = async () => {}

function noStream(): never {
  throw new TypeError('Rows of any length are read with `Database.stream`.')
}

/** On one connection, whose transaction somebody else begins and ends. */
export function kyselyOn(
  run: <R>(text: string, parameters: readonly unknown[]) => Promise<R[]>,
): Kysely<DB> {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      return { rows: await run<R>(sql, parameters) }
    },
    streamQuery: noStream,
  }
  const unsupported = async () => {
    throw new TypeError('The transaction is begun and ended elsewhere.')
  }
  const dialect = dialectOf({
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    beginTransaction: unsupported,
    commitTransaction: unsupported,
    rollbackTransaction: unsupported,
    destroy: nothing,
  })
  return new Kysely<DB>({ dialect })
}

/**
 * On a pool: a statement that was compiled once is sent by its name, so PostgreSQL plans it once. A query borrows a
 * connection for itself, unless it is short and shares one; a transaction keeps one.
 */
export class PooledKysely extends Kysely<DB> {
  readonly #pool: pg.Pool
  readonly #lanes: Lanes

  constructor(pool: pg.Pool, lanes: Lanes) {
    super({
      dialect: dialectOf({
        init: nothing,
        acquireConnection: async () => new Pooled(pool),
        releaseConnection: nothing,
        beginTransaction: (connection, settings) => (connection as Pooled).begin(settings),
        commitTransaction: (connection) => (connection as Pooled).end('COMMIT'),
        rollbackTransaction: (connection) => (connection as Pooled).end('ROLLBACK'),
        destroy: nothing,
      }),
    })
    this.#pool = pool
    this.#lanes = lanes
  }

  /** Without the steps between, which are for plugins and drivers that have to be told. */
  override async executeQuery<R>(query: CompiledQuery<R> | Compilable<R>): Promise<QueryResult<R>> {
    const compiled = 'compile' in query ? query.compile() : query
    const name = shortName(compiled.sql)
    const answer = name === undefined ? undefined : this.#lanes.send<R>(name, compiled)
    return answer ?? new Pooled(this.#pool).executeQuery<R>(compiled)
  }

  /** Kysely's own would leave the connections open: it ends a driver only if it was asked by way of it. */
  override async destroy(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#lanes.close()])
  }
}

class Pooled implements DatabaseConnection {
  readonly #pool: pg.Pool
  #kept: pg.PoolClient | undefined
  readonly streamQuery = noStream

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery) {
    const client = this.#kept ?? (await this.#pool.connect())
    let fault: Error | undefined
    try {
      const name = statementName(sql)
      const values = parameters as unknown[]
      return await ask<R>(
        client,
        name === undefined ? { text: sql, values } : { name, text: sql, values },
      )
    } catch (error) {
      // Of the connection, not of a statement: it is not used again.
      if (error instanceof Error && !(error instanceof pg.DatabaseError)) fault = error
      throw error
    } finally {
      if (client !== this.#kept) client.release(fault)
    }
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const client = await this.#pool.connect()
    this.#kept = client
    const modes = [isolationLevel && `ISOLATION LEVEL ${isolationLevel}`, accessMode]
    await ask(client, { text: `BEGIN ${modes.filter(Boolean).join(', ')}` })
  }

  async end(command: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const client = this.#kept
    this.#kept = undefined
    let fault: Error | undefined
    try {
      if (client) await ask(client, { text: command })
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      client?.release(fault)
    }
  }
}
