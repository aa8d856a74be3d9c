import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { runProgram, startServer, stopAllPrograms, waitUntil } from './program.ts'
import { connectClient, copySeededDatabase, createDatabase, runQuery } from './test-database.ts'

afterAll(stopAllPrograms)

/** Resident memory of a process in megabytes. */
const residentMb = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000

describe('the first start on an empty database', () => {
  test('migrates, seeds, logs both and responds; needs less than 200 MB when idle', async () => {
    const server = await startServer({ DATABASE_URL: await createDatabase() })
    const lines = server.stdout().trim().split('\n')
    // The PostgreSQL of the tests need not survive a crash, and the server says so.
    const messages = lines.map((line) => JSON.parse(line).msg as string)
    expect(messages.filter((message) => !message.startsWith('PostgreSQL: '))).toEqual([
      ...migrations().map((name) => `migrated the database: ${name}`),
      'Seeding canada-turkey-wescam ...',
      expect.stringMatching(/^Seeded canada-turkey-wescam: 39 records, \d+ citations\.$/),
      expect.stringMatching(/^Casefile is ready/),
    ])
    // The case, and the countries and capitals.
    expect((await server.get('/readyz')).body).toEqual({ status: 'ready', revision: 2 })
    expect((await server.get('/v1/places/ankara')).body).toMatchObject({ reference: true })
    if (process.platform === 'linux') expect(residentMb(server.child.pid)).toBeLessThan(200)
    expect(await server.stop()).toBe(0)
  })

  test('completes the migration of an interrupted start', async () => {
    const DATABASE_URL = await createDatabase()
    const holder = await connectClient(DATABASE_URL)
    await holder.query('SELECT pg_advisory_lock(1667330921)')
    const brokenOff = runProgram(['serve'], { DATABASE_URL, PORT: '0' })
    await waitUntil(
      'the first migration is under way',
      async () => {
        const others = `FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ${await pidOf(holder)}`
        const held = await runQuery(
          DATABASE_URL,
          `SELECT pid ${others} AND wait_event = 'advisory'`,
        )
        if (held.length > 0)
          await runQuery(DATABASE_URL, `SELECT pg_terminate_backend(pid) ${others}`)
        return held.length > 0
      },
      60_000,
    )
    expect(await brokenOff.ended).toBe(1)
    expect(brokenOff.stdout()).not.toContain('migrated')
    expect(
      await runQuery(
        DATABASE_URL,
        'SELECT count(*)::int FROM _prisma_migrations WHERE finished_at IS NULL',
      ),
    ).toEqual([{ count: 1 }])
    await holder.end()
    const server = await startServer({ DATABASE_URL })
    expect((await server.get('/v1/cases/canada-turkey-wescam')).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })

  test('exits with file, line and reason when a case cannot be loaded', async () => {
    const DATABASE_URL = await copySeededDatabase()
    await runQuery(DATABASE_URL, `UPDATE record SET slug = 'another' WHERE kind = 'case'`)
    const program = runProgram(['serve'], { DATABASE_URL, PORT: '0' })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(
      /^\S+canada-turkey-wescam\/case\.yaml:\d+: the actor "canada" is there already\n/,
    )
    expect(program.stdout()).not.toContain('ready')
  })
})

const pidOf = async (client: Awaited<ReturnType<typeof connectClient>>): Promise<number> =>
  (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid

const migrations = (): string[] =>
  readdirSync('prisma/migrations', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
