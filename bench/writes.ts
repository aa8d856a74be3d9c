/**
 * The command `npm run bench:writes`: what a write costs, next to the same rows written by hand, and how long a committed
 * write takes to 100 subscribers. On a copy of the data set of `npm run bench`, for it is written to.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import { createKey } from '../src/access/queries.ts'
import { openDatabase } from '../src/database/database.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { atEnd, closeAll, closeOnSignals } from './closing.ts'
import { cachedDataSet } from './data-set/cached.ts'
import { freePort, startApi } from './servers.ts'

const scale = Number(process.argv[2] ?? 10_000)
const seconds = Number(process.argv[3] ?? 3)
const rounds = 3
const goal = 0.5
const subscribers = 100
const changes = 40
const latencyGoalMs = 100

const say = (line: string) => console.error(line)
const folder = join(import.meta.dirname, '../.bench')
const middle = (numbers: number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const part = (numbers: number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[
    Math.min(numbers.length - 1, Math.floor(numbers.length * share))
  ] ?? 0

const sentences = Array.from(
  { length: 500 },
  (_, index) => `Sentence ${index} says that shipment ${index * 7} left.`,
)
let made = 0
const event = () => {
  made += 1
  return {
    ...{
      slug: `bench-${process.pid}-${made}`,
      type: 'statement',
      title: `Event ${made}`,
      on: { edtf: '2020-02' },
    },
    participants: [{ actor: 'bench-writer', role: 'speaker' }],
    citations: [
      { article: 'bench-article', quote: sentences[made % 500], field: 'title' },
      { article: 'bench-article', quote: sentences[(made * 3 + 1) % 500], field: 'participants.0' },
    ],
  }
}

type Target = { name: string; url: string; key: string | null }
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function post({ url, key }: Target, path: string, body: object): Promise<string> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      ...{ agent, method: 'POST' },
      headers: {
        ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
    })
    sent.on('response', (response) => {
      let answer = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        answer += chunk
      })
      response.on('end', () =>
        (response.statusCode ?? 500) < 300
          ? resolve(answer)
          : reject(new Error(`${response.statusCode} ${answer}`)),
      )
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** Answers a second and the milliseconds that each took, with so many clients at once. */
async function drive(clients: number, send: () => Promise<unknown>) {
  const took: number[] = []
  const begin = performance.now()
  const client = async () => {
    while (performance.now() - begin < seconds * 1_000) {
      const sent = performance.now()
      await send()
      took.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return {
    rps: (took.length / (performance.now() - begin)) * 1_000,
    p50Ms: part(took, 0.5),
    p99Ms: part(took, 0.99),
  }
}

async function copyOf(url: string): Promise<string> {
  const copy = new URL(url)
  copy.pathname = 'casefile_bench_writes'
  const admin = new pg.Client(new URL('/postgres', url).href)
  await admin.connect()
  const drop = () => admin.query('DROP DATABASE IF EXISTS casefile_bench_writes WITH (FORCE)')
  await drop()
  await admin.query(
    `CREATE DATABASE casefile_bench_writes TEMPLATE ${new URL(url).pathname.slice(1)}`,
  )
  atEnd(async () => {
    await drop()
    await admin.end()
  })
  return copy.href
}

/** Milliseconds from the answer to a write until each subscriber has it; below 0 when it had it before. */
async function streamLatency(api: Target): Promise<number[]> {
  const heard = new Map<number, number[]>()
  const leaving = new AbortController()
  await Promise.all(
    Array.from({ length: subscribers }, async () => {
      const answer = await fetch(`${api.url}/v1/changes/stream`, { signal: leaving.signal })
      const reader = answer.body?.getReader()
      await reader?.read()
      const listen = async () => {
        for (let text = ''; ; ) {
          const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
          if (done) return
          text += new TextDecoder().decode(value)
          for (const [, id] of text.matchAll(/^id: (\d+)$/gm))
            heard.get(Number(id))?.push(performance.now())
          text = text.slice(text.lastIndexOf('\n\n') + 2)
        }
      }
      void listen().catch(() => undefined)
    }),
  )
  const took: number[] = []
  for (let change = 0; change < changes; change += 1) {
    const { revision: last } = JSON.parse(await post(api, '/v1/events', event())) as {
      revision: number
    }
    const times: number[] = []
    heard.set(last + 1, times)
    await post(api, '/v1/events', event())
    const committed = performance.now()
    while (times.length < subscribers && performance.now() - committed < 5_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    took.push(...times.map((time) => time - committed))
    if (times.length < subscribers)
      say(`only ${times.length} of ${subscribers} heard of revision ${last + 1}`)
  }
  leaving.abort()
  return took
}

async function run(): Promise<void> {
  const embedded = await openEmbedded({ dataDir: folder, purpose: 'command', log: say })
  atEnd(embedded.close)
  const url = await copyOf(await cachedDataSet(embedded.url, scale, say))
  const database = openDatabase({
    url,
    poolSize: 2,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  const key = await createKey(database.db, { name: 'bench', scope: 'write', expiresAt: null })
  const server = await startApi(url, 'cache')
  const api: Target = { name: 'server', url: server.url, key: key?.text ?? '' }
  const caseSlug = (
    await database.db
      .selectFrom('record')
      .select('slug')
      .where('kind', '=', 'case')
      .limit(1)
      .executeTakeFirst()
  )?.slug
  const text = sentences.join('\n')
  const article = JSON.parse(
    await post(api, '/v1/articles', { slug: 'bench-article', title: 'A', case: caseSlug, text }),
  )
  const actor = JSON.parse(
    await post(api, '/v1/actors', {
      ...{ slug: 'bench-writer', type: 'person', name: 'Writer' },
      citations: [{ article: 'bench-article', quote: sentences[0] }],
    }),
  )
  await database.close()
  const port = await freePort()
  const given = JSON.stringify({ article: article.id, actor: actor.id, body: text })
  const child = fork(join(import.meta.dirname, 'yardsticks/writes.ts'), [String(port), url, given])
  atEnd(async () => void child.kill())
  await once(child, 'message')
  const yardstick: Target = { name: 'by hand', url: `http://127.0.0.1:${port}`, key: null }

  const workloads = []
  for (const clients of [8, 32]) {
    const figures = {
      server: [] as Awaited<ReturnType<typeof drive>>[],
      yardstick: [] as Awaited<ReturnType<typeof drive>>[],
    }
    for (let round = -1; round < rounds; round += 1) {
      const ours = await drive(clients, () => post(api, '/v1/events', event()))
      const theirs = await drive(clients, () => post(yardstick, '/v1/events', event()))
      if (round < 0) continue
      figures.server.push(ours)
      figures.yardstick.push(theirs)
    }
    const ratio = middle(
      figures.server.map(({ rps }, round) => rps / (figures.yardstick[round]?.rps ?? rps)),
    )
    const of = (name: 'rps' | 'p50Ms' | 'p99Ms', which: 'server' | 'yardstick') =>
      middle(figures[which].map((one) => one[name]))
    workloads.push({
      ...{
        name: `create-${clients}`,
        rps: of('rps', 'server'),
        p50Ms: of('p50Ms', 'server'),
        p99Ms: of('p99Ms', 'server'),
        ratio,
        goal,
      },
      yardstickRps: of('rps', 'yardstick'),
    })
  }
  const batch = () => ({
    items: Array.from({ length: 100 }, () => ({ op: 'create', kind: 'event', record: event() })),
  })
  const batches = await drive(1, () => post(api, '/v1/batch', batch()))
  workloads.push({ ...{ name: 'batch of 100', ...batches }, records: batches.rps * 100 })
  for (const one of workloads)
    console.log(
      Object.entries(one)
        .map(
          ([name, value]) => `${name} ${typeof value === 'number' ? value.toPrecision(3) : value}`,
        )
        .join(', '),
    )
  const took = await streamLatency(api)
  const p50Ms = part(took, 0.5)
  console.log(
    `stream to ${subscribers} subscribers: median ${p50Ms.toFixed(1)} ms, p99 ${part(took, 0.99).toFixed(1)} ms after the answer (goal: median under ${latencyGoalMs})`,
  )
  console.log(
    JSON.stringify({
      workloads,
      stream: { subscribers, p50Ms, p99Ms: part(took, 0.99), goalMs: latencyGoalMs },
    }),
  )
}

closeOnSignals()
try {
  await run()
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await closeAll()
  process.exit()
}
