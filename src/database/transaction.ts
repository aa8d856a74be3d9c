import type { CompiledQuery, Kysely } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { Moved, Problem } from '../problem.ts'
import { type Connection, type JoinedPrisma, prismaJoiner } from './joined-prisma.ts'
import { kyselyOn } from './kysely.ts'
import { ask } from './send-query.ts'
import { nameForText } from './statement.ts'

/**
 * A transaction that writes. What is written for every request goes through `$kysely`; the models are Prisma's, on the
 * same connection, and cost a write about a millisecond as soon as one is used
 * (docs/decisions/0014-writes-without-prisma.md). Each sees what the other has written.
 */
export type Tx = Prisma.TransactionClient & {
  $kysely: Kysely<DB>
  /** Sends statements at once, to be run in their order; gives the rows of the last one. */
  $inOneGo<R>(...queries: readonly CompiledQuery[]): Promise<R[]>
  /** Sends a statement together with the COMMIT; nothing may come after it. */
  $last(query: CompiledQuery): void
}

export type Transactions = {
  /** @throws {Problem} busy when too many writes wait already */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Writes take turns (see ledger/append.ts), so more connections would only wait in the database instead of here. */
const atOnce = 4
const waitingMax = 500
/** Milliseconds that a write waits for its turn; then it is `busy`. */
const turnMs = 10_000
/** A transaction whose process hangs in its midst holds up all others; PostgreSQL ends it. */
const silenceMs = 60_000

export function openTransactions(
  url: string,
  openPool: (config: pg.PoolConfig) => pg.Pool,
): Transactions {
  const pool = openPool({
    connectionString: url,
    max: atOnce,
    connectionTimeoutMillis: turnMs,
    lock_timeout: turnMs,
    idle_in_transaction_session_timeout: silenceMs,
    application_name: `casefile write ${process.pid}`,
    // Everything is written, and read back, by key: a plan that is kept is as good as one made anew, and spares a millisecond.
    options: '-c plan_cache_mode=force_generic_plan',
    // BEGIN needs no answer of its own: it is sent together with the first statement.
    pipeline: true,
  } as pg.PoolConfig)
  const prisma = prismaJoiner(url)
  return {
    async run(work) {
      if (pool.waitingCount >= waitingMax)
        throw new Problem('busy', `${waitingMax} writes are waiting already.`)
      const connection = watched(await connect(pool))
      const joined = prisma.joiner(connection)
      try {
        connection.query({ text: 'BEGIN' }).catch(() => undefined)
        const last: CompiledQuery[] = []
        const value = await work(asTx(connection, joined, last))
        await joined.leave()
        const sent = last.map((query) => connection.query(asSent(query)))
        const commit = connection.query({ text: 'COMMIT' })
        await Promise.all([...sent, commit])
        const { command } = await commit
        if (command !== 'COMMIT') throw new Error('PostgreSQL rolled the transaction back.')
        return value
      } catch (error) {
        await joined.leave(error).catch(() => undefined)
        await connection.query({ text: 'ROLLBACK' }).catch(() => undefined)
        if (error instanceof Problem || error instanceof Moved) throw error
        // Prisma puts errors of its own in the place of PostgreSQL's, which say more.
        throw connection.firstFault() ?? error
      } finally {
        connection.release()
      }
    },
    async close() {
      await Promise.allSettled([pool.end(), prisma.close()])
    },
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  const isFull = pool.totalCount >= atOnce && pool.idleCount === 0
  try {
    return await pool.connect()
  } catch (error) {
    if (isFull && error instanceof Error && /timeout exceeded/.test(error.message))
      throw new Problem('busy', 'No turn came within its time.', { cause: error })
    throw error
  }
}

/** Remembers the first error: in a transaction, whatever fails later fails because of it. */
function watched(client: pg.PoolClient) {
  let first: Error | undefined
  let lost: Error | undefined
  return {
    async query(query: pg.QueryConfig | pg.QueryArrayConfig): Promise<pg.QueryResult> {
      try {
        return await ask(client, query)
      } catch (error) {
        if (error instanceof Error) {
          first ??= error
          if (!(error instanceof pg.DatabaseError)) lost ??= error
        }
        throw error
      }
    },
    firstFault: () => first,
    release: () => client.release(lost),
  }
}

/** Prisma's models by their names, each of which lets Prisma join at its first use. */
function asTx(connection: Connection, joined: JoinedPrisma, last: CompiledQuery[]): Tx {
  const kysely = kyselyOn(async <R>(sql: string, parameters: readonly unknown[]) => {
    const { rows } = await connection.query(asSent({ sql, parameters }))
    return rows as R[]
  })
  const inOneGo = async (...queries: readonly CompiledQuery[]) => {
    const results = await Promise.all(queries.map((query) => connection.query(asSent(query))))
    return results.at(-1)?.rows
  }
  const parts = new Map<string | symbol, unknown>([
    ['$kysely', kysely],
    ['$inOneGo', inOneGo],
    ['$last', (query: CompiledQuery) => void last.push(query)],
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
function asSent({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): pg.QueryConfig {
  const name = nameForText(sql)
  return { ...(name !== undefined && { name }), text: sql, values: [...parameters] }
}
