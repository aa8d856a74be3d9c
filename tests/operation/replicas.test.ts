import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createOwnPostgres,
  createStandby,
  newestPostgresBin,
  type OwnPostgres,
} from '../harness/own-postgres.ts'
import {
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
  waitUntil,
} from '../process/program.ts'
import { runQuery } from '../process/test-database.ts'

/** A PostgreSQL with a streaming standby, both with default settings. */

let primary: OwnPostgres
let standby: OwnPostgres
let key = ''

const logging = ["log_statement = 'all'", "log_line_prefix = '%a|'"]

beforeAll(async () => {
  const bin = newestPostgresBin()
  primary = await createOwnPostgres(bin)
  // Migrates and seeds.
  await (await startServer({ DATABASE_URL: primary.url() })).stop()
  const created = runProgram(['keys', 'create', '--name', 'writer', '--scope', 'write'], {
    DATABASE_URL: primary.url(),
  })
  expect(await created.ended, created.stderr()).toBe(0)
  key = created.stdout().trim()
  standby = await createStandby(bin, primary, logging)
})
afterAll(async () => {
  await stopAllPrograms()
  standby?.remove()
  primary?.remove()
})

const writeCase = async (server: RunningServer, slug: string): Promise<number> => {
  const response = await fetch(`${server.url}/v1/cases`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ slug, title: `Case ${slug}` }),
  })
  return response.status
}

/** Reads of requests and of exports that the standby has run. */
const countReads = (name: 'api' | 'export'): number =>
  standby
    .log()
    .split('\n')
    .filter((line) => line.startsWith(`casefile ${name} `)).length

describe('a server with a replica', () => {
  test('reads from it once it has replayed what the server knows, and never an older answer', async () => {
    const settings = { DATABASE_URL: primary.url(), CACHE_MB: '0' }
    const server = await startServer({ ...settings, DATABASE_REPLICA_URLS: standby.url() })
    const readsPermits = async () => {
      const before = [countReads('api'), countReads('export')] as const
      const answers = await Promise.all([
        server.get('/v1/permits'),
        server.get('/v1/search?q=wescam'),
        server.get('/v1/permits?format=csv'),
      ])
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      return countReads('api') > before[0] + 2 && countReads('export') > before[1]
    }
    await waitUntil('the replica answers', readsPermits)

    await runQuery(standby.url(), 'SELECT pg_wal_replay_pause()')
    expect(await writeCase(server, 'while-paused')).toBe(201)
    for (let round = 0; round < 5; round += 1) {
      expect((await server.get('/v1/cases/while-paused')).status).toBe(200)
      const { body } = await server.get('/v1/cases?limit=50')
      expect((body as { data: { slug: string }[] }).data.map(({ slug }) => slug)).toContain(
        'while-paused',
      )
    }
    await runQuery(standby.url(), 'SELECT pg_wal_replay_resume()')
    await waitUntil('the replica answers again', readsPermits)

    // A write, read at once: from whichever server has it.
    for (let round = 0; round < 10; round += 1) {
      expect(await writeCase(server, `round-${round}`)).toBe(201)
      expect((await server.get(`/v1/cases/round-${round}`)).status).toBe(200)
    }

    standby.stop('immediate')
    for (let round = 0; round < 5; round += 1)
      expect((await server.get('/v1/permits')).status).toBe(200)
    expect((await server.get('/v1/permits?format=csv')).status).toBe(200)
    standby.start()
    await waitUntil('the replica answers after its restart', readsPermits)
    expect(await server.stop()).toBe(0)
    expect(server.stdout()).toMatch(/replica 127\.0\.0\.1:\d+ is not used: /)
  })
})

describe('a server on a standby', () => {
  test('answers reads, also with a key; refuses writes; follows the primary; writes after the promotion', async () => {
    const primaryServer = await startServer({ DATABASE_URL: primary.url() })
    const server = await startServer({ DATABASE_URL: standby.url(), ACCESS: 'private' })
    expect(server.stdout()).toContain('The database is a standby: this server answers reads only')
    const authorised = { Authorization: `Bearer ${key}` }
    expect((await server.get('/v1/permits', authorised)).status).toBe(200)
    expect(await writeCase(server, 'refused')).toBe(503)
    const refusal = await fetch(`${server.url}/v1/cases`, {
      method: 'POST',
      headers: { ...authorised, 'Content-Type': 'application/json' },
      body: JSON.stringify({ slug: 'refused', title: 'Refused' }),
    })
    expect(await refusal.json()).toMatchObject({ type: '/problems/read-only', status: 503 })

    expect(await writeCase(primaryServer, 'followed')).toBe(201)
    await waitUntil(
      'the standby shows the write',
      async () => (await server.get('/v1/cases/followed', authorised)).status === 200,
    )
    await primaryServer.stop()
    await runQuery(standby.url(), 'SELECT pg_promote()')
    await waitUntil('it takes writes', async () => (await writeCase(server, 'promoted')) === 201)
    expect((await server.get('/v1/cases/promoted', authorised)).status).toBe(200)
    expect(await server.stop()).toBe(0)
    expect(await runProgram(['verify'], { DATABASE_URL: standby.url() }).ended).toBe(0)
  })
})
