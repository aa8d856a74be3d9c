import { compareAnswers } from './compare.ts'
import { drain, get } from './http.ts'
import type { Job, Load, Request } from './load.ts'
import type { Options } from './options.ts'
import { type PostgresClock, processorMicros, residentBytes, spent } from './processes.ts'
import type { Server } from './servers.ts'
import type { Samples, Workload } from './workloads/workload.ts'

/** Medians over the rounds. Microseconds are processor time an answer; null where they cannot be read. */
export type Measured = {
  rps: number
  p50Ms: number
  p99Ms: number
  bytes: number
  serverMicros: number | null
  postgresMicros: number | null
}

/** A goal that is not a ratio to a yardstick. */
export type Check = { name: string; value: number; most: number; unit: string }

export type Result = {
  name: string
  what: string
  goal: number
  isSingle: boolean
  isQuestion: boolean
  requests: number
  server: Measured
  /** By their names: `constant`, or the ways of the hand-written server. */
  yardsticks: Readonly<Record<string, Measured>>
  /** The fastest of them. */
  yardstick: string
  /** Our requests a second to those of the yardstick: median of what each round gave. */
  ratio: number
  /** The yardstick's processor time to ours, PostgreSQL's included. */
  processorRatio: number | null
  /** With more connections, of our server only. */
  latency: { connections: number; p50Ms: number; p99Ms: number }
  /** Of our server after this workload. */
  residentBytes: number | null
  /** Of an export: what it has goals for. */
  exported: Exported | null
  /** What else it has goals for. */
  checks?: readonly Check[]
}

type Exported = {
  firstByteMs: number
  firstByteMsMost: number
  /** The most that the server's memory was above what it was before, at any time. */
  overIdleBytes: number | null
  overIdleMbMost: number
}

export type Bench = {
  options: Options
  /** Keeps no answers. */
  api: Server
  /** With its standard settings. */
  cachingApi: Server
  constant: Server
  handWritten: Server
  drive(job: Job): Promise<Load>
  clock: PostgresClock
  samples: Samples
}

type Target = { name: string; server: Server; prefix: string; status: number; rounds: Measured[] }

const ours = 'server'
const postgresMicrosMin = 5

/** Rounds go by turns through the server and its yardsticks, so that a noisy minute is everybody's. */
export async function measure(bench: Bench, workload: Workload): Promise<Result> {
  const { options } = bench
  const { rounds, connections, latencyConnections } = options
  const warmUps = options.quick ? 1 : 2
  const { name, what, goal, stream, yardstick } = workload
  const requests = await workload.requests(bench.samples)
  if (requests.length === 0) throw new Error(`${name}: the data set has nothing to ask for.`)
  const api = yardstick === 'constant' ? bench.cachingApi : bench.api
  const targets = targetsOf(bench, api, workload)
  for (const { name, server, prefix } of targets)
    if (name !== ours && yardstick !== 'constant')
      await compareAnswers(workload, requests, api.url, `${server.url}${prefix}`)

  const run = (target: Target, at: number, round: number) =>
    runOne(bench, target, requests, stream?.amount ?? null, stream ? 1 : at, round)
  if (!stream)
    for (let warmUp = 0; warmUp < warmUps; warmUp++)
      for (const target of targets) await run(target, connections, warmUp)
  const exported = stream ? await measureExport(api, requests, stream) : null
  const many: Measured[] = []
  for (let round = 0; round < rounds; round++)
    for (const target of targets) {
      target.rounds.push(await run(target, connections, warmUps + round))
      if (target.name === ours && !stream)
        many.push(await run(target, latencyConnections, warmUps + rounds + round))
    }

  const [server, ...others] = targets
  if (server === undefined) throw new RangeError('There is no server to measure.')
  refuseCached(workload, median(server.rounds))
  const best = others.reduce((a, b) => (median(b.rounds).rps > median(a.rounds).rps ? b : a))
  const latency = median(many.length > 0 ? many : server.rounds)
  return {
    ...{ name, what, goal, isSingle: workload.single ?? false },
    ...{ isQuestion: workload.question ?? false, requests: requests.length },
    server: median(server.rounds),
    yardsticks: Object.fromEntries(others.map(({ name, rounds }) => [name, median(rounds)])),
    yardstick: best.name,
    ratio: middle(server.rounds.map(({ rps }, round) => rps / (best.rounds[round]?.rps ?? rps))),
    processorRatio: ratioOf(total(median(best.rounds)), total(median(server.rounds))),
    latency: {
      connections: many.length > 0 ? latencyConnections : 1,
      ...{ p50Ms: latency.p50Ms, p99Ms: latency.p99Ms },
    },
    residentBytes: residentBytes(api.pid),
    exported,
  }
}

const samplingMs = 20

/** One export from its first byte to its end, watched. */
async function measureExport(
  { url, pid }: Server,
  requests: readonly Request[],
  { firstByteMsMost, overIdleMbMost }: NonNullable<Workload['stream']>,
): Promise<Exported | null> {
  const [request] = requests
  if (firstByteMsMost === undefined || overIdleMbMost === undefined || !request) return null
  // The first one finds neither statement nor pages ready.
  await get(`${url}${request.path}`, {}, 1)
  const started = performance.now()
  await get(`${url}${request.path}`, {}, 1)
  const firstByteMs = performance.now() - started
  const idle = residentBytes(pid)
  let most = idle
  const sampling = setInterval(() => {
    const now = residentBytes(pid)
    if (now !== null && most !== null) most = Math.max(most, now)
  }, samplingMs)
  await drain(`${url}${request.path}`)
  clearInterval(sampling)
  const overIdleBytes = idle === null || most === null ? null : most - idle
  return { firstByteMs, firstByteMsMost, overIdleBytes, overIdleMbMost }
}

function targetsOf({ constant, handWritten }: Bench, api: Server, workload: Workload): Target[] {
  const { name, status = 200, yardstick } = workload
  const target = (name: string, server: Server, prefix: string, status: number): Target => ({
    ...{ name, server, prefix, status, rounds: [] },
  })
  return [
    target(ours, api, '', status),
    ...(yardstick === 'constant'
      ? [target('constant', constant, '', 200)]
      : Object.keys(yardstick.ways).map((way) => target(way, handWritten, `/${name}/${way}`, 200))),
  ]
}

async function runOne(
  { drive, clock, options }: Bench,
  { server, prefix, status }: Target,
  requests: readonly Request[],
  amount: number | null,
  connections: number,
  round: number,
): Promise<Measured> {
  const before = { server: processorMicros(server.pid), postgres: await clock.read() }
  const { rps, p50Ms, p99Ms, answers, bytes } = await drive({
    ...{ url: server.url, status, connections, seconds: options.seconds, amount, round },
    requests: requests.map((request) => ({ ...request, path: `${prefix}${request.path}` })),
  })
  const after = { server: processorMicros(server.pid), postgres: await clock.read() }
  const each = (micros: number | null) => (micros === null ? null : micros / answers)
  return {
    ...{ rps, p50Ms, p99Ms, bytes: bytes / answers },
    serverMicros: each(
      before.server === null || after.server === null ? null : after.server - before.server,
    ),
    postgresMicros: each(spent(before.postgres, after.postgres)),
  }
}

/** What PostgreSQL had no part in did not come from it: a cache of the server must be off for uncached reads. */
function refuseCached({ name, yardstick }: Workload, { postgresMicros }: Measured): void {
  if (yardstick !== 'constant' && postgresMicros !== null && postgresMicros < postgresMicrosMin)
    throw new Error(`${name}: the server's answers came from a cache, not from PostgreSQL.`)
}

export const total = ({ serverMicros, postgresMicros }: Measured): number | null =>
  serverMicros === null || postgresMicros === null ? null : serverMicros + postgresMicros

const ratioOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a / b

export function middle(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [low, high] = [(sorted.length - 1) / 2, sorted.length / 2]
  return ((sorted[Math.floor(low)] ?? 0) + (sorted[Math.floor(high)] ?? 0)) / 2
}

export function median(rounds: readonly Measured[]): Measured {
  const of = (pick: (round: Measured) => number) => middle(rounds.map(pick))
  const ofKnown = (pick: (round: Measured) => number | null) => {
    const known = rounds.map(pick).filter((one) => one !== null)
    return known.length === 0 ? null : middle(known)
  }
  return {
    rps: of((round) => round.rps),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    bytes: of((round) => round.bytes),
    serverMicros: ofKnown((round) => round.serverMicros),
    postgresMicros: ofKnown((round) => round.postgresMicros),
  }
}
