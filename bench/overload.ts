/**
 * The command `npm run bench:overload`: loads the server, with default settings and without cache, by 1,000 concurrent
 * connections, each of which sends its next request at once. Latencies count from the third second on.
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
/** p99 of the accepted requests, divided by the p99 of a single connection. */
const maxSlowdown = 5
/** Opening a thousand connections slows down the load generator, so its first seconds do not count. */
const rampUpSeconds = 2
const healthIntervalMs = 50
const maxHealthMs = 1_000
const logProgress = (line: string) => console.error(line)

/** Requests /healthz on a separate connection, until the returned function is called. That returns the latencies. */
function watchHealth(url: string): () => Promise<{ latenciesMs: number[]; failed: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const latenciesMs: number[] = []
  let failed = 0
  let isStopped = false
  const checkHealth = () =>
    new Promise<void>((resolve) => {
      const startedAt = performance.now()
      const timeout = maxHealthMs * 5
      const healthRequest = request(`${url}/healthz`, { agent, timeout }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) latenciesMs.push(performance.now() - startedAt)
          else failed += 1
          resolve()
        })
      })
      healthRequest.on('timeout', () => healthRequest.destroy())
      healthRequest.on('error', () => {
        failed += 1
        resolve()
      })
      healthRequest.end()
    })
  const watching = (async () => {
    while (!isStopped) {
      await checkHealth()
      await sleep(healthIntervalMs)
    }
    agent.destroy()
  })()
  return async () => {
    isStopped = true
    await watching
    return { latenciesMs, failed }
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
  const load = (connections: number, seconds: number, rampUpSeconds = 0): Promise<LoadResult> => {
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
      rampUpSeconds,
    })
  }
  await load(8, 2)
  const singleConnection = await load(1, 3)
  const eightConnections = await load(8, 3)
  const stopWatching = watchHealth(api.url)
  const manyConnections = await load(connections, seconds, rampUpSeconds)
  const health = await stopWatching()
  const afterwards = await load(1, 2)

  console.log(formatLoad('one connection alone', singleConnection))
  console.log(formatLoad('8 connections', eightConnections))
  console.log(formatLoad(`${connections} connections for ${seconds} s`, manyConnections))
  console.log(formatLoad('one connection afterwards', afterwards))
  const healthP50 = computePercentile(health.latenciesMs, 0.5)
  console.log(
    `health checks: ${health.latenciesMs.length} answered, p50 ${healthP50.toFixed(1)} ms`,
  )
  console.log(`resident memory: ${Math.round((readResidentBytes(api.pid) ?? 0) / 1_000_000)} MB`)
  printChecks(manyConnections, singleConnection, health)
}

const formatLoad = (name: string, { answers, shed = 0, p50Ms, p99Ms }: LoadResult): string =>
  `${name}: ${answers} answered, ${shed} shed; p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`

/** Sets the exit code 1 when a check fails. */
function printChecks(
  { shed = 0, p99Ms }: LoadResult,
  singleConnection: LoadResult,
  health: { latenciesMs: number[]; failed: number },
): void {
  const slowdown = p99Ms / singleConnection.p99Ms
  const healthP99 = computePercentile(health.latenciesMs, 0.99)
  const checks = [
    { value: shed, holds: shed > 0, text: 'responses were 503 with Retry-After' },
    {
      value: slowdown,
      holds: slowdown <= maxSlowdown,
      text: `times the p99 of one connection alone, at most ${maxSlowdown}`,
    },
    { value: health.failed, holds: health.failed === 0, text: 'health checks failed' },
    {
      value: healthP99,
      holds: healthP99 <= maxHealthMs,
      text: `ms: p99 of health checks, at most ${maxHealthMs} ms`,
    },
  ]
  for (const { value, holds, text } of checks)
    console.log(`${holds ? 'holds' : 'FAILS'}: ${Number(value.toPrecision(3))} ${text}`)
  if (!checks.every(({ holds }) => holds)) process.exitCode = 1
}

await runCommand(runOverload)
