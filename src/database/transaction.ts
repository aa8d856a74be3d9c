import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { DB } from '../generated/kysely/types.ts'
import type { Prisma } from '../generated/prisma/client.ts'

/** A transaction of Prisma's, and Kysely on the same connection: both see what either has written. */
export type Tx = Prisma.TransactionClient & { $kysely: Kysely<DB> }

/** Kysely on one connection, whose transaction somebody else begins and ends. */
export function kyselyOn(
  run: <R>(text: string, parameters: readonly unknown[]) => Promise<R[]>,
): Kysely<DB> {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      return { rows: await run<R>(sql, parameters) }
    },
    streamQuery() {
      throw new TypeError('A transaction is not read as a stream.')
    },
  }
  const unsupported = async () => {
    throw new TypeError('The transaction is begun and ended elsewhere.')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: unsupported,
    commitTransaction: unsupported,
    rollbackTransaction: unsupported,
    destroy: async () => {},
  }
  return new Kysely<DB>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

/**
 * Gives a transaction its `$kysely`. The npm package prisma-extension-kysely is not used for this: it hangs the Kysely of
 * a transaction on an object that all transactions share, so that of two at once one reads on the other's connection
 * (docs/decisions/0008-kysely-in-transactions.md).
 */
export function withKysely(tx: Prisma.TransactionClient): Tx {
  const kysely = kyselyOn((text, parameters) => tx.$queryRawUnsafe(text, ...parameters))
  return new Proxy(tx, {
    get: (target, name) => (name === '$kysely' ? kysely : Reflect.get(target, name)),
  }) as Tx
}
