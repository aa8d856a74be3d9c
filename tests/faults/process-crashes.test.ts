import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { programPath } from '../harness/program-path.ts'
import {
  copySeededFolder,
  fetchResponse,
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
  waitUntil,
} from '../process/program.ts'

/** `npm run test:faults` makes it long; in the ordinary suite it is short. */
const seconds = Number(process.env.FAULTS_SECONDS ?? 1)
/** At least one of the API and one of the database. */
const killsLeast = 2
const writesBetweenKills = 100
const clients = 32
/** After a request that nobody answered, or that was refused; while a server starts, clients are not to take the processor from it. */
const pauseMs = 250

afterAll(stopAllPrograms)

type Ledger = { url: string; key: string }

/** What was answered 2xx, and must be there in the end whatever happened in between. */
type Kept = { slugs: Set<string>; aliases: Set<string>; statuses: Map<string, number> }

const quote = 'Turkey had pressed Ottawa'
const json = { 'content-type': 'application/json' }
const shared = 'shared-actor'

const anActor = (slug: string) => ({
  slug,
  type: 'organisation',
  name: slug,
  citations: [{ article: 'turkey-pressed-canada', quote, field: 'name' }],
})

async function send(
  { url, key }: Ledger,
  method: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response | null> {
  try {
    return await fetch(url + path, {
      method,
      body: JSON.stringify(body),
      headers: { ...json, authorization: `Bearer ${key}`, ...headers },
      signal: AbortSignal.timeout(120_000),
    })
  } catch {
    return null
  }
}

/** One client until it is over: makes actors of its own, and adds aliases to the one that everybody changes. */
async function client(
  number: number,
  servers: () => Ledger[],
  isOver: () => boolean,
  kept: Kept,
): Promise<void> {
  const note = (what: string, status: number | 'none') => {
    const key = `${what} ${status}`
    kept.statuses.set(key, (kept.statuses.get(key) ?? 0) + 1)
  }
  for (let turn = 0; !isOver(); turn += 1) {
    const all = servers()
    const server = all[(number + turn) % all.length]
    if (server === undefined) break
    const name = `client-${number}-${turn}`
    if (turn % 3 > 0) {
      // The answer may be lost with its server: the same key sent again makes it once all the same.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const again = servers()[attempt % all.length] ?? server
        const made = await send(again, 'POST', '/v1/actors', anActor(name), {
          'idempotency-key': name,
        })
        note('create', made?.status ?? 'none')
        if (made?.status === 201) kept.slugs.add(name)
        if (made && made.status !== 503) break
        await sleep(pauseMs)
      }
      continue
    }
    const read = await fetchResponse(`${server.url}/v1/actors/${shared}`).catch(() => null)
    const tag = read?.headers.get('etag')
    if (read?.status !== 200 || !tag) {
      await sleep(pauseMs)
      continue
    }
    const { aliases } = read.body as { aliases: { name: string; language: string | null }[] }
    const body = { aliases: [...aliases.slice(-100), { name, language: null }] }
    const patched = await send(server, 'PATCH', `/v1/actors/${shared}`, body, { 'if-match': tag })
    note('update', patched?.status ?? 'none')
    if (patched?.status === 200) kept.aliases.add(name)
  }
}

/** Every alias that the shared actor ever had, from its history: a lost update would be one that is missing. */
async function aliasesEver({ url }: Ledger): Promise<Set<string>> {
  const names = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await fetchResponse(
      `${url}/v1/actors/${shared}/history?limit=1000${cursor && `&cursor=${cursor}`}`,
    )
    const { data, next } = page.body as { data: unknown[]; next: string | null }
    for (const [, name = ''] of JSON.stringify(data).matchAll(/"name":"(client-\d+-\d+)"/g))
      names.add(name)
    for (const [, name = ''] of JSON.stringify(data).matchAll(/"value":"(client-\d+-\d+)"/g))
      names.add(name)
    cursor = next
  }
  return names
}

async function expectWhole(server: Ledger, kept: Kept, settings: Record<string, string>) {
  expect(kept.slugs.size).toBeGreaterThan(0)
  expect(kept.aliases.size).toBeGreaterThan(0)
  const slugs = new Set<string>()
  const answer = await fetch(`${server.url}/v1/actors?format=ndjson`)
  const list = await answer.text()
  expect(answer.status, list.slice(0, 500)).toBe(200)
  for (const line of list.trim().split('\n')) slugs.add(JSON.parse(line).slug)
  expect([...kept.slugs].filter((slug) => !slugs.has(slug))).toEqual([])
  const ever = await aliasesEver(server)
  expect([...kept.aliases].filter((name) => !ever.has(name))).toEqual([])
  const verified = runProgram(['verify'], settings)
  expect(await verified.ended, verified.stdout() + verified.stderr()).toBe(0)
  await expectOutsiderAgrees(server)
}

/** The script that docs/ledger.md gives to outsiders comes to the same end. */
async function expectOutsiderAgrees({ url }: Ledger) {
  const script = spawn('python3', [join(import.meta.dirname, '../../examples/verify-ledger.py')], {
    env: { PATH: programPath },
  })
  let said = ''
  script.stdout.on('data', (text) => {
    said += text
  })
  const ledger = await fetch(`${url}/v1/ledger`)
  script.stdin.end(await ledger.text())
  const [code] = await once(script, 'close')
  const { hash, revision } = (await fetchResponse(`${url}/v1/ledger/head`)).body as {
    hash: string
    revision: number
  }
  expect({ code, said }).toEqual({
    code: 0,
    said: `${revision} revisions are correct; the last hash is ${hash}\n`,
  })
}

async function makeKey(settings: Record<string, string>): Promise<string> {
  const made = runProgram(['keys', 'create', '--name', 'load', '--scope', 'write'], settings)
  expect(await made.ended, made.stderr()).toBe(0)
  return made.stdout().trim()
}

const fresh = (): Kept => ({ slugs: new Set(), aliases: new Set(), statuses: new Map() })
const never = (kept: Kept, pattern: RegExp) =>
  [...kept.statuses].filter(([status]) => !pattern.test(status))

describe(`${clients} clients write the same and different records through two processes`, () => {
  const limit = (seconds + 180) * 1_000

  test(
    'no lost update, no gap, no fork, no 5xx except 503',
    async () => {
      const settings = {
        DATA_DIR: copySeededFolder(),
        RATE_LIMIT_PER_MINUTE: '0',
        MAX_BODIES_PER_CLIENT: '0',
        LOG_LEVEL: 'warn',
      }
      const first = await startServer({ ...settings, LOG_LEVEL: 'info' })
      const key = await makeKey(settings)
      const second = await startServer({ ...besides(settings), LOG_LEVEL: 'info' })
      const servers = [first, second].map(({ url }) => ({ url, key }))
      const [one] = servers
      if (one === undefined) throw new Error('no server')
      expect((await send(one, 'POST', '/v1/actors', anActor(shared)))?.status).toBe(201)

      const kept = fresh()
      const deadline = Date.now() + seconds * 1_000
      const isEnough = () => kept.slugs.size > clients && kept.aliases.size > 0
      await Promise.all(
        Array.from({ length: clients }, (_, number) =>
          client(
            number,
            () => servers,
            // However little a busy machine gets done in the time: something of each kind is written.
            () => Date.now() > deadline && isEnough(),
            kept,
          ),
        ),
      )
      expect(never(kept, /^(create (201|503)|update (200|412|503))$/)).toEqual([])
      expect(kept.slugs.size).toBeGreaterThan(clients)
      expect(kept.aliases.size).toBeGreaterThan(0)
      await expectWhole(one, kept, settings)
      await second.stop()
      await first.stop()
    },
    limit,
  )

  test(
    'after killing API and database, everything answered with 2xx is stored',
    async () => {
      const settings = {
        DATA_DIR: copySeededFolder(),
        RATE_LIMIT_PER_MINUTE: '0',
        MAX_BODIES_PER_CLIENT: '0',
        LOG_LEVEL: 'info',
      }
      let api: RunningServer = await startServer(settings)
      const key = await makeKey(settings)
      expect(
        (await send({ url: api.url, key }, 'POST', '/v1/actors', anActor(shared)))?.status,
      ).toBe(201)

      const kept = fresh()
      // However long it takes to start again on a busy machine: the load goes on until the last kill is over.
      let isOver = false
      const load = Promise.all(
        Array.from({ length: clients }, (_, number) =>
          client(
            number,
            () => [{ url: api.url, key }],
            () => isOver,
            kept,
          ),
        ),
      )
      const end = Date.now() + seconds * 1_000
      for (let kill = 0; kill < killsLeast || Date.now() < end; kill += 1) {
        const before = kept.slugs.size
        const isUnderWay = () =>
          kept.slugs.size >= before + writesBetweenKills && kept.aliases.size > 0
        await waitUntil('the load is under way', isUnderWay)
        if (kill % 2 === 0) {
          await api.stop('SIGKILL')
          api = await startServer(settings)
        } else {
          const killed = postmasterOf(settings.DATA_DIR)
          process.kill(killed, 'SIGKILL')
          // Its children answer for a moment longer than it lives.
          await waitUntil('the database is back', async () => {
            if ([0, killed].includes(postmasterOf(settings.DATA_DIR))) return false
            const ready = await fetchResponse(`${api.url}/readyz`).catch(() => null)
            return ready?.status === 200
          })
        }
      }
      isOver = true
      await load
      expect(never(kept, /^(create (201|503|none)|update (200|412|503|none))$/)).toEqual([])
      await expectWhole({ url: api.url, key }, kept, settings)
      await api.stop()
    },
    limit,
  )
})

/** Settings of another process on the same database. */
function besides(settings: { DATA_DIR: string }) {
  const { port, password } = JSON.parse(
    readFileSync(join(settings.DATA_DIR, 'postgres.json'), 'utf8'),
  )
  return {
    ...settings,
    DATABASE_URL: `postgres://casefile:${encodeURIComponent(password)}@127.0.0.1:${port}/casefile`,
  }
}

/** 0 while there is none. */
function postmasterOf(dataDir: string): number {
  const file = join(dataDir, 'postgres/postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
}
