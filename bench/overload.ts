/**
 * The command `npm run bench:overload`: what becomes of the server, with its standard settings, when 1,000 connections ask at
 * once for what is not in memory, each again as soon as it has an answer; the times are those from the third second on.
 * Arguments: seconds of load (10), permits (10,000).
 */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { atEnd, runCommand } from './closing.ts'
import { cachedDataSet } from './data-set/cached.ts'
import { get } from './http.ts'
import type { Load } from './load.ts'
import { readNumbers } from './options.ts'
import { residentBytes } from './processes.ts'
import { startApi, startDriver } from './servers.ts'
import { byKey } from './workloads/by-key.ts'
import { share } from './writes/drive.ts'

const { seconds, permits: scale } = readNumbers('bench:overload', {
  seconds: { means: 'of load', least: 1, standard: 10 },
  permits: { means: 'in the data set', least: 100, standard: 10_000 },
})
const connections = 1_000
/** Of p99 of what is accepted, to p99 of one connection alone. */
const slowerMost = 5
/** Opening a thousand connections at once holds up the load generator more than the server, and is looked at apart. */
const settlingSeconds = 2
const healthEveryMs = 50
const healthMsMost = 1_000
const say = (line: string) => console.error(line)

/** Asks for /healthz on a connection of its own until told to stop; gives the milliseconds of each answer. */
function watchHealth(url: string): () => Promise<{ took: number[]; failed: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const took: number[] = []
  let [failed, isOver] = [0, false]
  const ask = () =>
    new Promise<void>((resolve) => {
      const asked = performance.now()
      const sent = request(`${url}/healthz`, { agent, timeout: healthMsMost * 5 }, (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 200) took.push(performance.now() - asked)
          else failed += 1
          resolve()
        })
      })
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => {
        failed += 1
        resolve()
      })
      sent.end()
    })
  const watching = (async () => {
    while (!isOver) {
      await ask()
      await sleep(healthEveryMs)
    }
    agent.destroy()
  })()
  return async () => {
    isOver = true
    await watching
    return { took, failed }
  }
}

async function overload(): Promise<void> {
  const databaseUrl = await cachedDataSet(scale, say)
  const { REQUESTS_AT_ONCE = '' } = process.env
  const api = await startApi(databaseUrl, 'no cache', [], { REQUESTS_AT_ONCE })
  const client = new pg.Client(databaseUrl)
  await client.connect()
  atEnd(() => client.end())
  const requests = await byKey.requests({
    get: (path) => get(`${api.url}${path}`),
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
  })
  const drive = startDriver()
  let round = 0
  const load = (connections: number, seconds: number, settlingSeconds = 0): Promise<Load> => {
    round += 1
    return drive({
      ...{ url: api.url, requests, status: 200, connections, seconds, amount: null, round },
      ...{ mayShed: true, settlingSeconds },
    })
  }
  await load(8, 2)
  const alone = await load(1, 3)
  const few = await load(8, 3)
  const stop = watchHealth(api.url)
  const crowd = await load(connections, seconds, settlingSeconds)
  const health = await stop()
  const after = await load(1, 2)

  const slower = crowd.p99Ms / alone.p99Ms
  const healthP99 = share(health.took, 0.99)
  const checks = [
    [crowd.shed ?? 0, (crowd.shed ?? 0) > 0, 'answers were 503 with Retry-After'],
    [slower, slower <= slowerMost, `times the p99 of one connection alone, at most ${slowerMost}`],
    [health.failed, health.failed === 0, 'health checks failed'],
    [healthP99, healthP99 <= healthMsMost, `ms: p99 of health checks, at most ${healthMsMost} ms`],
  ] as const
  const figures = (name: string, { answers, shed = 0, p50Ms, p99Ms }: Load) =>
    `${name}: ${answers} answered, ${shed} shed; p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
  console.log(figures('one connection alone', alone))
  console.log(figures('8 connections', few))
  console.log(figures(`${connections} connections for ${seconds} s`, crowd))
  console.log(figures('one connection afterwards', after))
  console.log(
    `health checks: ${health.took.length} answered, p50 ${share(health.took, 0.5).toFixed(1)} ms`,
  )
  console.log(`resident memory: ${Math.round((residentBytes(api.pid) ?? 0) / 1_000_000)} MB`)
  for (const [value, holds, what] of checks)
    console.log(`${holds ? 'holds' : 'FAILS'}: ${Number(value.toPrecision(3))} ${what}`)
  if (!checks.every(([, holds]) => holds)) process.exitCode = 1
}

await runCommand(overload)
