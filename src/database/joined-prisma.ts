import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { ensureStatementName } from './prepared-statements.ts'

/** As much of a connection as a transaction needs. */
export type Connection = {
  query(query: pg.QueryConfig | pg.QueryArrayConfig): Promise<pg.QueryResult>
}

/** Prisma in a transaction that was begun without it. */
export type JoinedPrisma = {
  /** A model (`tx.record`) or a function (`tx.$queryRaw`) of Prisma's; it joins when that is first called. */
  part(name: string): unknown
  /** Must come before the end of the transaction; with an error where it is to be rolled back. */
  leave(error?: unknown): Promise<void>
}

/** Far longer than anything may take here: PostgreSQL's own limits come first. */
const longMs = 3_600_000

const hold = new AsyncLocalStorage<Connection>()

/**
 * Lets Prisma work on a connection whose transaction is somebody else's. Prisma takes its connections from a pool: this
 * one gives out the connection of the transaction that asks, on which Prisma's own BEGIN, COMMIT and ROLLBACK do nothing.
 */
class BorrowingPool extends pg.Pool {
  override async connect(): Promise<never> {
    const connection = hold.getStore()
    if (connection === undefined) throw new TypeError('Prisma is used within transactions only.')
    const nothing = { command: '', rowCount: 0, oid: 0, rows: [], fields: [] }
    const borrowed = {
      query: async (query: pg.QueryConfig) =>
        /^(BEGIN|COMMIT|ROLLBACK)$/.test(query.text) ? nothing : connection.query(query),
      on: () => borrowed,
      removeListener: () => borrowed,
      release: () => undefined,
    }
    return borrowed as never
  }
}

export function prismaJoiner(url: string) {
  let client: Promise<PrismaClient> | undefined
  return {
    joiner(connection: Connection): JoinedPrisma {
      let joined: Promise<Membership> | undefined
      const join = () => {
        client ??= connectPrisma(url)
        joined ??= client.then((prisma) => hold.run(connection, () => becomeMember(prisma)))
        return joined
      }
      const call = async (path: readonly string[], args: readonly unknown[]) => {
        let [owner, method]: unknown[] = [undefined, (await join()).tx]
        for (const name of path) {
          owner = method
          method = (owner as Record<string, unknown>)[name]
        }
        return (method as (...given: unknown[]) => unknown).apply(owner, [...args])
      }
      return {
        part: (name) =>
          name.startsWith('$')
            ? (...args: unknown[]) => call([name], args)
            : new Proxy(
                {},
                {
                  get:
                    (_model, method) =>
                    (...args: unknown[]) =>
                      call([name, String(method)], args),
                },
              ),
        async leave(error) {
          await (await joined)?.leave(error)
        },
      }
    },
    async close() {
      await (await client)?.$disconnect()
    },
  }
}

type Membership = { tx: Prisma.TransactionClient; leave(error?: unknown): Promise<void> }

function becomeMember(prisma: PrismaClient): Promise<Membership> {
  return new Promise((resolve, reject) => {
    const { promise: ended, resolve: commit, reject: rollBack } = Promise.withResolvers<void>()
    const membership = prisma.$transaction(
      (tx) => {
        const leave = async (error?: unknown) => {
          if (error === undefined) commit()
          else rollBack(error)
          await membership
        }
        resolve({ tx, leave })
        return ended
      },
      { maxWait: longMs, timeout: longMs },
    )
    membership.catch(reject)
  })
}

async function connectPrisma(url: string): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import('../generated/prisma/client.ts'),
    import('@prisma/adapter-pg'),
  ])
  return new PrismaClient({
    adapter: new PrismaPg(new BorrowingPool({ connectionString: url }), {
      statementNameGenerator: ({ sql }) => ensureStatementName(sql) as string,
    }),
  })
}
