import type { CompiledQuery, Kysely } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { Problem, RecordMovedError } from '../problem.ts'
import { type Connection, type JoinedPrisma, prismaJoiner } from './joined-prisma.ts'
import { createConnectionKysely } from './kysely.ts'
import { ensureStatementName } from './prepared-statements.ts'
import { sendQuery } from './send-query.ts'

/**
 * A transaction that writes. What is written for every request goes through `$kysely`; the models are Prisma's, on the
 * same connection, and cost a write about a millisecond as soon as one is used
 * (docs/decisions/0014-writes-without-prisma.md). Each sees what the other has written.
 */
export type Tx = Prisma.TransactionClient & {
  $kysely: Kysely<DB>
  /** Sends statements at once, to be run in their order; gives the rows of the last one. */
  $pipeline<R>(...queries: readonly CompiledQuery[]): Promise<R[]>
  /** Sends a statement together with the COMMIT; nothing may come after it. */
  $sendWithCommit(query: CompiledQuery): void
}

export type TransactionRunner = {
  /** @throws {Problem} busy when too many writes wait already */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Writes take turns (see ledger/append.ts), so more connections would only wait in the database instead of here. */
const maxWriteConnections = 4
const maxWaitingWrites = 500
/** Milliseconds that a write waits for its turn; then it is `busy`. */
const lockTimeoutMs = 10_000
/** A transaction whose process hangs in its midst holds up all others; PostgreSQL ends it. */
const idleTimeoutMs = 60_000

export function openTransactionRunner(
  url: string,
  openPool: (config: pg.PoolConfig) => pg.Pool,
): TransactionRunner {
  const pool = openPool({
    connectionString: url,
    max: maxWriteConnections,
    connectionTimeoutMillis: lockTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTimeoutMs,
    application_name: `casefile write ${process.pid}`,
    // Everything is written, and read back, by key: a plan that is kept is as good as one made anew, and spares a millisecond.
    options: '-c plan_cache_mode=force_generic_plan',
    // BEGIN needs no answer of its own: it is sent together with the first statement.
    pipeline: true,
  } as pg.PoolConfig)
  const prisma = prismaJoiner(url)
  return {
    async run(work) {
      if (pool.waitingCount >= maxWaitingWrites)
        throw new Problem('busy', `${maxWaitingWrites} writes are waiting already.`)
      const connection = trackErrors(await acquireConnection(pool))
      const joined = prisma.joiner(connection)
      try {
        connection.query({ text: 'BEGIN' }).catch(() => undefined)
        const finalQueries: CompiledQuery[] = []
        const value = await work(createTx(connection, joined, finalQueries))
        await joined.leave()
        const sent = finalQueries.map((query) => connection.query(toQueryConfig(query)))
        const commit = connection.query({ text: 'COMMIT' })
        await Promise.all([...sent, commit])
        const { command } = await commit
        if (command !== 'COMMIT') throw new Error('PostgreSQL rolled the transaction back.')
        return value
      } catch (error) {
        await joined.leave(error).catch(() => undefined)
        await connection.query({ text: 'ROLLBACK' }).catch(() => undefined)
        if (error instanceof Problem || error instanceof RecordMovedError) throw error
        // Prisma puts errors of its own in the place of PostgreSQL's, which say more.
        throw connection.firstError() ?? error
      } finally {
        connection.release()
      }
    },
    async close() {
      await Promise.allSettled([pool.end(), prisma.close()])
    },
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

/** Remembers the first error: in a transaction, whatever fails later fails because of it. */
function trackErrors(client: pg.PoolClient) {
  let firstError: Error | undefined
  let connectionError: Error | undefined
  return {
    async query(query: pg.QueryConfig | pg.QueryArrayConfig): Promise<pg.QueryResult> {
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

/** Prisma's models by their names, each of which lets Prisma join at its first use. */
function createTx(connection: Connection, joined: JoinedPrisma, finalQueries: CompiledQuery[]): Tx {
  const kysely = createConnectionKysely(async <R>(sql: string, parameters: readonly unknown[]) => {
    const { rows } = await connection.query(toQueryConfig({ sql, parameters }))
    return rows as R[]
  })
  const pipeline = async (...queries: readonly CompiledQuery[]) => {
    const results = await Promise.all(
      queries.map((query) => connection.query(toQueryConfig(query))),
    )
    return results.at(-1)?.rows
  }
  const parts = new Map<string | symbol, unknown>([
    ['$kysely', kysely],
    ['$pipeline', pipeline],
    ['$sendWithCommit', (query: CompiledQuery) => void finalQueries.push(query)],
    ['then', undefined],
  ])
  return new Proxy({} as Tx, {
    get(_target, name) {
      if (!parts.has(name)) parts.set(name, joined.part(String(name)))
      return parts.get(name)
    },
  })
}

/** With its name, so that PostgreSQL plans it once a connection. */
function toQueryConfig({
  sql,
  parameters,
}: Pick<CompiledQuery, 'sql' | 'parameters'>): pg.QueryConfig {
  const name = ensureStatementName(sql)
  return { ...(name !== undefined && { name }), text: sql, values: [...parameters] }
}
