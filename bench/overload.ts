/**
 * The command `npm run bench:overload`: what becomes of the server, with its standard settings, when 1,000 connections ask at
 * once for what is not in memory, each again as soon as it has an answer; the times are those from the third second on.
 * Arguments: seconds of load (10), permits (10,000).
 */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { registerCleanup, runCommand } from './cleanup.ts'
import { openDataSet } from './data-set/data-set-cache.ts'
import { get } from './http.ts'
import type { LoadResult } from './load-messages.ts'
import { readNumberArguments } from './options.ts'
import { readResidentBytes } from './processes.ts'
import { startApi, startDriver } from './servers.ts'
import { byKey } from './workloads/by-key.ts'
import { computePercentile } from './writes/write-client.ts'

const { seconds, permits: scale } = readNumberArguments('bench:overload', {
  seconds: { description: 'of load', min: 1, defaultValue: 10 },
  permits: { description: 'in the data set', min: 100, defaultValue: 10_000 },
})
const connections = 1_000
/** Of p99 of what is accepted, to p99 of one connection alone. */
const maxSlowdown = 5
/** Opening a thousand connections at once holds up the load generator more than the server, and is looked at apart. */
const rampUpSeconds = 2
const healthIntervalMs = 50
const maxHealthMs = 1_000
const logProgress = (line: string) => console.error(line)

/** Asks for /healthz on a connection of its own until told to stop; gives the milliseconds of each answer. */
function watchHealth(url: string): () => Promise<{ took: number[]; failed: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const took: number[] = []
  let [failed, isOver] = [0, false]
  const checkHealth = () =>
    new Promise<void>((resolve) => {
      const startedAt = performance.now()
      const sent = request(`${url}/healthz`, { agent, timeout: maxHealthMs * 5 }, (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 200) took.push(performance.now() - startedAt)
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
      await checkHealth()
      await sleep(healthIntervalMs)
    }
    agent.destroy()
  })()
  return async () => {
    isOver = true
    await watching
    return { took, failed }
  }
}

async function runOverload(): Promise<void> {
  const databaseUrl = await openDataSet(scale, logProgress)
  const { MAX_CONCURRENT_REQUESTS = '' } = process.env
  const api = await startApi(databaseUrl, 'no cache', [], { MAX_CONCURRENT_REQUESTS })
  const client = new pg.Client(databaseUrl)
  await client.connect()
  registerCleanup(() => client.end())
  const requests = await byKey.requests({
    get: (path) => get(`${api.url}${path}`),
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
  })
  const drive = startDriver()
  let round = 0
  const load = (connections: number, seconds: number, settlingSeconds = 0): Promise<LoadResult> => {
    round += 1
    return drive({
      url: api.url,
      requests,
      status: 200,
      connections,
      seconds,
      answerCount: null,
      round,
      allowsShedding: true,
      rampUpSeconds: settlingSeconds,
    })
  }
  await load(8, 2)
  const singleConnection = await load(1, 3)
  const eightConnections = await load(8, 3)
  const stop = watchHealth(api.url)
  const manyConnections = await load(connections, seconds, rampUpSeconds)
  const health = await stop()
  const afterwards = await load(1, 2)

  const slowdown = manyConnections.p99Ms / singleConnection.p99Ms
  const healthP99 = computePercentile(health.took, 0.99)
  const checks = [
    [
      manyConnections.shed ?? 0,
      (manyConnections.shed ?? 0) > 0,
      'answers were 503 with Retry-After',
    ],
    [
      slowdown,
      slowdown <= maxSlowdown,
      `times the p99 of one connection alone, at most ${maxSlowdown}`,
    ],
    [health.failed, health.failed === 0, 'health checks failed'],
    [healthP99, healthP99 <= maxHealthMs, `ms: p99 of health checks, at most ${maxHealthMs} ms`],
  ] as const
  const formatLoad = (name: string, { answers, shed = 0, p50Ms, p99Ms }: LoadResult) =>
    `${name}: ${answers} answered, ${shed} shed; p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
  console.log(formatLoad('one connection alone', singleConnection))
  console.log(formatLoad('8 connections', eightConnections))
  console.log(formatLoad(`${connections} connections for ${seconds} s`, manyConnections))
  console.log(formatLoad('one connection afterwards', afterwards))
  console.log(
    `health checks: ${health.took.length} answered, p50 ${computePercentile(health.took, 0.5).toFixed(1)} ms`,
  )
  console.log(`resident memory: ${Math.round((readResidentBytes(api.pid) ?? 0) / 1_000_000)} MB`)
  for (const [value, holds, what] of checks)
    console.log(`${holds ? 'holds' : 'FAILS'}: ${Number(value.toPrecision(3))} ${what}`)
  if (!checks.every(([, holds]) => holds)) process.exitCode = 1
}

await runCommand(runOverload)
