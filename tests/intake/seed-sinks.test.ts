import { afterAll, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import type { TransactionRunner } from '../../src/database/transaction.ts'
import { seedMissingCases } from '../../src/intake/seed/seed-case.ts'
import { copyEmptyDatabase, runQuery } from '../process/test-database.ts'

const opened: Database[] = []
afterAll(() => Promise.all(opened.map((database) => database.close())))

type TableRows = Record<string, string[]>

/** Seeds an empty database and verifies it; gives every row of every table as text. */
async function seed(
  chooseSink: (database: Database) => Pick<TransactionRunner, 'run'> | undefined,
): Promise<TableRows> {
  const url = await copyEmptyDatabase()
  // Prisma's adapter sends instants without their zone.
  await runQuery(
    url,
    `ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET timezone = 'Asia/Tokyo'`,
  )
  const database = openDatabase({
    url,
    poolSize: 1,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  opened.push(database)
  await seedMissingCases(database, () => undefined, { transactions: chooseSink(database) })
  // Each hash of the ledger holds, so what is equal but for ids and times has equal hashes.
  await verifyAll(database)
  const tables = await database.pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
  )
  const rows: TableRows = {}
  for (const { name } of tables.rows) {
    const { rows: found } = await database.pool.query<{ row: string }>(
      `SELECT (to_jsonb(one) - '{created_at,committed_at,hash}'::text[])::text AS row FROM "${name}" AS one`,
    )
    rows[name] = found.map(({ row }) => row)
  }
  return numberIds(rows)
}

/** Ids are made in ascending order: each becomes its number in that order. */
function numberIds(rows: TableRows): TableRows {
  const pattern = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
  const ids = new Set(JSON.stringify(rows).match(pattern))
  const numbers = new Map([...ids].sort().map((id, index) => [id, String(index)]))
  return Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.map((row) => row.replaceAll(pattern, (id) => numbers.get(id) ?? id)).sort(),
    ]),
  )
}

test('Prisma Client and pg write the same rows and the same ledger', async () => {
  const throughPrisma = await seed(() => undefined)
  const throughPg = await seed((database) => ({ run: database.write }))
  expect(throughPrisma.revision).toHaveLength(1)
  expect(throughPrisma.ledger_document?.length).toBeGreaterThan(30)
  expect(throughPrisma).toEqual(throughPg)
})
