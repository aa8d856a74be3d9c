import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { prepareShortStatement } from '../../src/database/prepared-statements.ts'
import { useApp } from '../harness/app.ts'
import { eventually } from '../harness/eventually.ts'

const t = useApp()

test('close ends all connections', async () => {
  const database = openDatabase({
    url: t.database.url,
    poolSize: 3,
    statementTimeoutMs: 5_000,
    onConnectionLost: () => {},
  })
  const { db, pool } = database
  const backend = sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`
  const short = prepareShortStatement<{ pid: number }>('closing', {}, () => ({
    compile: () => sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.compile(db),
  }))
  const asked = await Promise.all([
    db.executeQuery(backend.compile(db)),
    db.executeQuery(backend.compile(db)),
    db.executeQuery(short),
    pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'),
    Array.fromAsync(database.stream(backend.compile(db))),
    database.write(async (tx) => (await backend.execute(tx.db)).rows),
  ])
  const pids = asked
    .flatMap((one) => (Array.isArray(one) ? one : 'rows' in one ? one.rows : []))
    .map(({ pid }) => pid)
  expect(new Set(pids).size).toBeGreaterThan(3)
  await database.close()
  await eventually(async () => {
    const { rows } = await t.database.pool.query(
      'SELECT pid, query FROM pg_stat_activity WHERE pid = ANY($1)',
      [pids],
    )
    expect(rows).toEqual([])
  })
})
