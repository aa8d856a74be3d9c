import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createDataFolder,
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
  waitUntil,
} from './program.ts'
import { copySeededDatabase, runQuery } from './test-database.ts'

afterAll(stopAllPrograms)

const pidsOf = async (url: string): Promise<number[]> => {
  const rows = await runQuery<{ name: string }>(
    url,
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'casefile head %'`,
  )
  return rows.map(({ name }) => Number(name.split(' ').at(-1)))
}

describe('WORKERS=3', () => {
  afterEach(stopAllPrograms)

  test('runs three processes on one port, replaces a killed one, and stops all on SIGTERM', async () => {
    const url = await copySeededDatabase()
    const server = await startServer({ DATABASE_URL: url, WORKERS: '3', SEED: 'off' })
    expect(server.stdout()).toContain('3 processes')
    // Each is ready before it listens for revisions, on the connection by which it is counted here.
    const first = await waitUntil('three listen', async () => {
      const now = await pidsOf(url)
      return now.length === 3 && now
    })
    expect(first).not.toContain(server.child.pid)
    for (let turn = 0; turn < 12; turn += 1)
      expect((await server.get('/v1/permits', { connection: 'close' })).status).toBe(200)

    const [victim = 0] = first
    process.kill(victim, 'SIGKILL')
    const second = await waitUntil('another has taken its place', async () => {
      const now = await pidsOf(url)
      return now.length === 3 && !now.includes(victim) && now
    })
    expect(second.filter((pid) => first.includes(pid))).toHaveLength(2)
    await waitUntil('it answers', async () => (await server.get('/v1/permits')).status === 200)

    expect(await server.stop()).toBe(0)
    expect(await pidsOf(url)).toEqual([])
    expect(server.stderr()).toBe('')
  })

  test('works with the embedded PostgreSQL while a command runs', async () => {
    const settings = { DATA_DIR: createDataFolder() }
    const server = await startServer({ ...settings, WORKERS: '3' })
    expect((await server.get('/v1/permits')).status).toBe(200)
    const made = runProgram(['keys', 'create', '--name', 'k'], settings)
    expect(await made.ended).toBe(0)
    expect(await server.stop()).toBe(0)
  })
})

test('refuses more processes than PostgreSQL has connections for, in one line', async () => {
  const DATABASE_URL = await copySeededDatabase()
  const program = runProgram(['serve'], { DATABASE_URL, WORKERS: '60', SEED: 'off', PORT: '0' })
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toMatch(
    /^WORKERS: 60 processes need more than the \d+ connections that PostgreSQL has\. [^\n]+\n$/,
  )
})

test('reduces a pool that is too large for PostgreSQL, and logs it', async () => {
  const server = await startServer({
    DATABASE_URL: await copySeededDatabase(),
    POOL_SIZE: '500',
    SEED: 'off',
  })
  expect(server.stdout()).toMatch(/POOL_SIZE is \d+ instead of 500/)
  expect(await server.stop()).toBe(0)
})

describe('three processes on one database', () => {
  const path = '/v1/actors/watched'
  let servers: readonly [RunningServer, RunningServer, RunningServer]
  let key: string
  beforeAll(async () => {
    const DATABASE_URL = await copySeededDatabase()
    const made = runProgram(['keys', 'create', '--name', 'w', '--scope', 'write'], { DATABASE_URL })
    expect(await made.ended).toBe(0)
    key = made.stdout().trim()
    const settings = { DATABASE_URL, SEED: 'off', RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' }
    servers = await Promise.all([
      startServer(settings),
      startServer(settings),
      startServer(settings),
    ])
  })

  /** Revision of the tag, and the number in the name that was answered. */
  async function look(server: RunningServer) {
    const { headers, body } = await server.get(path)
    const [, revision] = /-(\d+)-/.exec(headers.get('etag') ?? '') ?? []
    const { name, revision: own } = body as { name: string; revision: number }
    return { tag: Number(revision), own, turn: Number(name.split(' ').at(-1)) }
  }

  test('reads on other processes are never stale after the change event, and never go back in time', async () => {
    const [writer, ...readers] = servers
    const write = async (method: string, to: string, body: object, headers = {}) => {
      const answer = await fetch(`${writer.url}${to}`, {
        method,
        body: JSON.stringify(body),
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          ...headers,
        },
      })
      expect(answer.ok).toBe(true)
      return (await answer.json()) as { revision: number }
    }
    await write('POST', '/v1/actors', {
      slug: 'watched',
      type: 'company',
      name: 'turn 0',
      citations: [{ article: 'turkey-pressed-canada', quote: 'Turkey had pressed Ottawa' }],
    })
    for (const server of servers)
      await waitUntil('it is there', async () => (await server.get(path)).status === 200)

    let done = false
    const watching = readers.map(async (server) => {
      let last = await look(server)
      while (!done) {
        const now = await look(server)
        expect(now.turn).toBeGreaterThanOrEqual(last.turn)
        // What was written since the last announcement may be in it already: newer than its tag, never older.
        expect(now.own).toBeGreaterThanOrEqual(last.own)
        last = now
      }
    })
    for (let turn = 1; turn <= 40; turn += 1) {
      const { revision } = await write('PATCH', path, { name: `turn ${turn}` }, { 'if-match': '*' })
      expect((await look(writer)).turn).toBe(turn)
      for (const server of readers) {
        const fresh = await server.get(path, { 'cache-control': 'no-cache' })
        expect((fresh.body as { name: string }).name).toBe(`turn ${turn}`)
        await waitUntil('the change is announced', async () => {
          const { body } = await server.get('/readyz')
          return (body as { revision: number }).revision >= revision
        })
        const seen = await look(server)
        expect([seen.turn, seen.tag]).toEqual([turn, revision])
      }
    }
    done = true
    await Promise.all(watching)
  })

  test('a stream client that switches processes gets no gaps and duplicates', async () => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const { body: head } = await servers[0].get('/v1/ledger/head')
    const { revision: before } = head as { revision: number }
    let written = before
    const writing = (async () => {
      for (let turn = 0; turn < 60; turn += 1) {
        const answer = await fetch(`${servers[turn % 2]?.url}/v1/actors`, {
          method: 'POST',
          headers,
          body: JSON.stringify({
            slug: `reader-${turn}`,
            type: 'company',
            name: `Reader ${turn}`,
            citations: [{ article: 'turkey-pressed-canada', quote: 'Turkey had pressed Ottawa' }],
          }),
        })
        expect(answer.status).toBe(201)
        written = ((await answer.json()) as { revision: number }).revision
      }
    })()
    const seen: number[] = [before]
    let isWritten = false
    let leaving = new AbortController()
    const isAll = () => isWritten && (seen.at(-1) ?? 0) >= written
    void writing.finally(() => {
      isWritten = true
      // It may have been seen already: then nothing more comes to end the reading.
      if (isAll()) leaving.abort()
    })
    for (let turn = 0; !isAll(); turn += 1) {
      leaving = new AbortController()
      const { signal } = leaving
      let text = ''
      let here = 0
      const reading = async () => {
        const { status, body } = await fetch(`${servers[turn % 2]?.url}/v1/changes/stream`, {
          headers: { 'last-event-id': String(seen.at(-1)) },
          signal,
        })
        expect(status).toBe(200)
        for await (const piece of body ?? []) {
          text += new TextDecoder().decode(piece)
          const whole = text.slice(0, text.lastIndexOf('\n\n') + 1)
          text = text.slice(whole.length)
          for (const [, id] of whole.matchAll(/^id: (\d+)-[0-9a-f]{8}$/gm)) {
            seen.push(Number(id))
            here += 1
          }
          if (here >= 5 || isAll()) return leaving.abort()
        }
      }
      // Leaving also ends a request that has no answer yet.
      await reading().catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    }
    await writing
    expect(seen).toEqual(Array.from({ length: written - before + 1 }, (_, index) => before + index))
  })
})
