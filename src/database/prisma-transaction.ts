import type { EventEmitter } from 'node:events'
import type { CompiledQuery } from 'kysely'
import type pg from 'pg'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { Problem } from '../problem.ts'
import { createConnectionKysely } from './kysely.ts'
import { listModelRows, type ModelRows } from './row-writer.ts'
import { createSessionPool } from './session-settings.ts'
import { idleTimeoutMs, lockTimeoutMs, type TransactionRunner, type Tx } from './transaction.ts'

/** Milliseconds; PostgreSQL's own limits come first. */
const transactionTimeoutMs = 3_600_000

type Loaded = Awaited<ReturnType<typeof loadPrisma>>

/** Loads Prisma Client, some tenths of a second. */
export async function loadPrisma() {
  const [{ PrismaClient: Client }, { PrismaPg }] = await Promise.all([
    import('../generated/prisma/client.ts'),
    import('@prisma/adapter-pg'),
  ])
  return { Client, PrismaPg }
}

/**
 * Transactions of Prisma Client, for seeding: rows are inserted by `createMany` of their model, all other statements are
 * raw queries. They use one connection, one after the other.
 */
export function openPrismaTransactions(url: string): TransactionRunner {
  const pool = createSessionPool(
    { connectionString: url, max: 1, application_name: `casefile seed ${process.pid}` },
    {
      lock_timeout: lockTimeoutMs,
      idle_in_transaction_session_timeout: idleTimeoutMs,
      // The adapter sends instants without their zone, and reads them as UTC.
      TimeZone: 'UTC',
    },
  )
  pool.on('error', () => undefined)
  let firstError: Error | undefined
  // The adapter drops the details of errors, such as the key that was there twice.
  pool.on('connect', (client) =>
    (client as unknown as { connection: EventEmitter }).connection.on(
      'errorMessage',
      (error: Error) => {
        firstError ??= error
      },
    ),
  )
  let client: Promise<PrismaClient> | undefined
  return {
    async run(work) {
      client ??= loadPrisma().then((loaded) => createClient(loaded, pool))
      const prisma = await client
      firstError = undefined
      try {
        return await prisma.$transaction((transaction) => runWork(transaction, work), {
          maxWait: transactionTimeoutMs,
          timeout: transactionTimeoutMs,
        })
      } catch (error) {
        throw error instanceof Problem ? error : (firstError ?? error)
      }
    },
    async close() {
      await (await client)?.$disconnect()
      await pool.end()
    },
  }
}

const createClient = ({ Client, PrismaPg }: Loaded, pool: pg.Pool): PrismaClient =>
  new Client({ adapter: new PrismaPg(pool) })

async function runWork<T>(
  transaction: Prisma.TransactionClient,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const query = <R>(text: string, parameters: readonly unknown[]): Promise<R[]> =>
    transaction.$queryRawUnsafe<R[]>(text, ...parameters)
  const lastRows: ModelRows[] = []
  const insert = async (rows: ModelRows): Promise<void> => {
    for (const [model, modelRows] of listModelRows(rows))
      await (transaction[model] as unknown as Inserter).createMany({ data: [...modelRows] })
  }
  const value = await work({
    db: createConnectionKysely(query),
    insert,
    insertWithCommit: (rows) => void lastRows.push(rows),
    // The rows of all but the last are not needed, and may be of a type that Prisma cannot read (`void`).
    async pipeline<R>(...queries: readonly CompiledQuery[]) {
      const last = queries.at(-1)
      for (const { sql, parameters } of queries.slice(0, -1))
        await transaction.$executeRawUnsafe(sql, ...parameters)
      return last === undefined ? [] : await query<R>(last.sql, last.parameters)
    },
  })
  for (const rows of lastRows) await insert(rows)
  return value
}

/** As much of a model of Prisma's as a sink needs. */
type Inserter = { createMany(options: { data: object[] }): Promise<unknown> }
