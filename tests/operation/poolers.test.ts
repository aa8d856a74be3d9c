import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { toDatabaseProblem } from '../../src/database/database-problems.ts'
import { prepareStatement } from '../../src/database/prepared-statements.ts'
import {
  createUserFolder,
  findFreePort,
  requireProgram,
  spawnAsUser,
} from '../harness/own-postgres.ts'
import { runProgram, startServer, stopAllPrograms, waitUntil } from '../process/program.ts'
import { copySeededDatabase } from '../process/test-database.ts'

/** PgBouncer with its defaults before the PostgreSQL of the tests. */

const poolers: ChildProcess[] = []

async function startPooler(poolMode: 'session' | 'transaction', settings = ''): Promise<number> {
  const admin = new URL(inject('adminUrl'))
  const [folder, port] = [createUserFolder(), await findFreePort()]
  const users = join(folder, 'users.txt')
  writeFileSync(
    users,
    `"${decodeURIComponent(admin.username)}" "${decodeURIComponent(admin.password)}"\n`,
  )
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
* = host=${admin.hostname} port=${admin.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${poolMode}
default_pool_size = 20
${settings}`,
  )
  for (const path of [users, file]) chmodSync(path, 0o644)
  const pooler = spawnAsUser(requireProgram('pgbouncer', 'pgbouncer'), [file])
  poolers.push(pooler)
  await waitUntil('PgBouncer answers', async () => {
    const client = new pg.Client(through(port, inject('adminUrl')))
    client.on('error', () => undefined)
    try {
      await client.connect()
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => undefined)
    }
  })
  return port
}

/** The URL of a database, by way of the pooler. */
function through(port: number, databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.port = String(port)
  return url.href
}

afterAll(async () => {
  await stopAllPrograms()
  for (const pooler of poolers) {
    if (pooler.exitCode !== null) continue
    pooler.kill('SIGKILL')
    await once(pooler, 'exit')
  }
})

/** Reads, writes, exports and the announcement of a revision. */
async function useServer(databaseSettings: Record<string, string>): Promise<void> {
  // A busy machine refuses no request.
  const settings = { ...databaseSettings, MAX_CONCURRENT_REQUESTS: '0' }
  const key = runProgram(
    ['keys', 'create', '--name', 'pooler-test', '--scope', 'write', '--json'],
    settings,
  )
  expect(await key.ended, key.stderr()).toBe(0)
  const { key: secret } = JSON.parse(key.stdout())
  const [api, other] = await Promise.all([startServer(settings), startServer(settings)])
  const before = (await other.get('/readyz')).body as { revision: number }
  const reads = [
    '/v1/permits',
    '/v1/permits?format=csv',
    '/v1/search?q=wescam',
    '/v1/actors?limit=1',
  ]
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(reads.map((path) => api.get(path)))
    const failed = answers.filter(({ status }) => status !== 200)
    expect(failed.map(({ body }) => body)).toEqual([])
  }
  const written = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      fetch(`${api.url}/v1/cases`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ slug: `pooler-${index}`, title: `Pooler ${index}` }),
      }),
    ),
  )
  expect(written.map(({ status }) => status)).toEqual(written.map(() => 201))
  await waitUntil('the other server knows the revisions', async () => {
    const { body } = await other.get('/readyz')
    return (body as { revision: number }).revision === before.revision + 6
  })
  expect((await other.get('/v1/cases/pooler-5')).status).toBe(200)
  await Promise.all([api.stop(), other.stop()])
  const verified = runProgram(['verify'], settings)
  expect(await verified.ended, verified.stderr()).toBe(0)
}

describe('PgBouncer', () => {
  test('in session mode with its defaults', async () => {
    const port = await startPooler('session')
    await useServer({ DATABASE_URL: through(port, await copySeededDatabase()) })
  })

  test('in transaction mode without prepared statements', async () => {
    const port = await startPooler('transaction')
    const direct = await copySeededDatabase()
    const pooled = { DATABASE_URL: through(port, direct), DATABASE_DIRECT_URL: direct }
    await useServer({ ...pooled, DATABASE_PREPARED: 'false' })
  })

  test('that forgets statements while the server runs is one clear problem', async () => {
    const directUrl = await copySeededDatabase()
    const database = openDatabase({
      url: through(await startPooler('transaction'), directUrl),
      directUrl,
      poolSize: 4,
      statementTimeoutMs: 0,
      onConnectionLost: () => undefined,
    })
    const build = (round: number) =>
      prepareStatement(`pooler ${round}`, {}, () => ({
        compile: () => sql`SELECT ${sql.lit(round)}::int AS round`.compile(database.db),
      }))
    const errors: unknown[] = []
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        [0, 0, 0, 0].map(() =>
          database.db.executeQuery(build(round % 2)).catch((error: unknown) => errors.push(error)),
        ),
      )
    await database.close()
    expect(errors.length).toBeGreaterThan(0)
    const codes = errors.map((error) => toDatabaseProblem(error)?.code)
    expect(new Set(codes)).toEqual(new Set(['unsuitable-pooler']))
  })

  test('in transaction mode is refused in one line that says what to set', async () => {
    const port = await startPooler('transaction')
    const direct = await copySeededDatabase()
    const DATABASE_URL = through(port, direct)
    const withoutDirect = runProgram(['serve'], { DATABASE_URL })
    expect(await withoutDirect.ended).toBe(1)
    expect(withoutDirect.stderr()).toMatch(/^.*in transaction mode: set DATABASE_DIRECT_URL.*\n$/)
    const prepared = runProgram(['serve'], { DATABASE_URL, DATABASE_DIRECT_URL: direct })
    expect(await prepared.ended).toBe(1)
    expect(prepared.stderr()).toMatch(
      /^.*forgets prepared statements: set DATABASE_PREPARED=false.*\n$/,
    )
  })
})
