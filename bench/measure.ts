import { compareAnswers } from './compare.ts'
import { drainResponse, get } from './http.ts'
import type { LoadJob, LoadRequest, LoadResult } from './load-messages.ts'
import type { BenchOptions } from './options.ts'
import {
  type PostgresCpuMeter,
  readCpuMicros,
  readResidentBytes,
  subtractReadings,
} from './processes.ts'
import type { BenchServer } from './servers.ts'
import type { SampleSource, Workload } from './workloads/workload.ts'

/** Medians over the rounds. Microseconds are processor time an answer; null where they cannot be read. */
export type Measurement = {
  rps: number
  p50Ms: number
  p99Ms: number
  bytes: number
  serverMicros: number | null
  postgresMicros: number | null
}

/** A goal that is not a ratio to a yardstick. */
export type GoalCheck = { name: string; value: number; most: number; unit: string }

export type WorkloadResult = {
  name: string
  what: string
  goal: number
  isSingle: boolean
  isQuestion: boolean
  requests: number
  server: Measurement
  /** By their names: `constant`, or the ways of the hand-written server. */
  yardsticks: Readonly<Record<string, Measurement>>
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
  exported: ExportMeasurement | null
  /** What else it has goals for. */
  checks?: readonly GoalCheck[]
}

type ExportMeasurement = {
  firstByteMs: number
  firstByteMsMost: number
  /** The most that the server's memory was above what it was before, at any time. */
  overIdleBytes: number | null
  overIdleMbMost: number
}

export type BenchContext = {
  options: BenchOptions
  /** Keeps no answers. */
  api: BenchServer
  /** With its standard settings. */
  cachingApi: BenchServer
  constant: BenchServer
  handWritten: BenchServer
  drive(job: LoadJob): Promise<LoadResult>
  postgresCpuMeter: PostgresCpuMeter
  samples: SampleSource
}

type MeasurementTarget = {
  name: string
  server: BenchServer
  prefix: string
  status: number
  rounds: Measurement[]
}

const serverName = 'server'
const minPostgresMicros = 5

/** Rounds go by turns through the server and its yardsticks, so that a noisy minute is everybody's. */
export async function measureWorkload(
  bench: BenchContext,
  workload: Workload,
): Promise<WorkloadResult> {
  const { options } = bench
  const { rounds, connections, latencyConnections } = options
  const warmUps = options.quick ? 1 : 2
  const { name, what, goal, stream, yardstick } = workload
  const requests = await workload.requests(bench.samples)
  if (requests.length === 0) throw new Error(`${name}: the data set has nothing to ask for.`)
  const api = yardstick === 'constant' ? bench.cachingApi : bench.api
  const targets = buildTargets(bench, api, workload)
  for (const { name, server, prefix } of targets)
    if (name !== serverName && yardstick !== 'constant')
      await compareAnswers(workload, requests, api.url, `${server.url}${prefix}`)

  const run = (target: MeasurementTarget, connectionCount: number, round: number) =>
    runRound(bench, target, requests, stream?.amount ?? null, stream ? 1 : connectionCount, round)
  if (!stream)
    for (let warmUp = 0; warmUp < warmUps; warmUp++)
      for (const target of targets) await run(target, connections, warmUp)
  const exportMeasurement = stream ? await measureExport(api, requests, stream) : null
  const latencyRounds: Measurement[] = []
  for (let round = 0; round < rounds; round++)
    for (const target of targets) {
      target.rounds.push(await run(target, connections, warmUps + round))
      if (target.name === serverName && !stream)
        latencyRounds.push(await run(target, latencyConnections, warmUps + rounds + round))
    }

  const [server, ...others] = targets
  if (server === undefined) throw new RangeError('There is no server to measure.')
  rejectCachedAnswers(workload, summariseRounds(server.rounds))
  const fastest = others.reduce((a, b) =>
    summariseRounds(b.rounds).rps > summariseRounds(a.rounds).rps ? b : a,
  )
  const latency = summariseRounds(latencyRounds.length > 0 ? latencyRounds : server.rounds)
  return {
    name,
    what,
    goal,
    isSingle: workload.isSingleRecord ?? false,
    isQuestion: workload.isCrossRecord ?? false,
    requests: requests.length,
    server: summariseRounds(server.rounds),
    yardsticks: Object.fromEntries(
      others.map(({ name, rounds }) => [name, summariseRounds(rounds)]),
    ),
    yardstick: fastest.name,
    ratio: computeMedian(
      server.rounds.map(({ rps }, round) => rps / (fastest.rounds[round]?.rps ?? rps)),
    ),
    processorRatio: divideOrNull(
      totalMicros(summariseRounds(fastest.rounds)),
      totalMicros(summariseRounds(server.rounds)),
    ),
    latency: {
      connections: latencyRounds.length > 0 ? latencyConnections : 1,
      p50Ms: latency.p50Ms,
      p99Ms: latency.p99Ms,
    },
    residentBytes: readResidentBytes(api.pid),
    exported: exportMeasurement,
  }
}

const samplingIntervalMs = 20

/** One export from its first byte to its end, watched. */
async function measureExport(
  { url, pid }: BenchServer,
  requests: readonly LoadRequest[],
  { firstByteMsMost, overIdleMbMost }: NonNullable<Workload['stream']>,
): Promise<ExportMeasurement | null> {
  const [request] = requests
  if (firstByteMsMost === undefined || overIdleMbMost === undefined || !request) return null
  // The first one finds neither statement nor pages ready.
  await get(`${url}${request.path}`, {}, 1)
  const started = performance.now()
  await get(`${url}${request.path}`, {}, 1)
  const firstByteMs = performance.now() - started
  const idleBytes = readResidentBytes(pid)
  let maxBytes = idleBytes
  const sampling = setInterval(() => {
    const now = readResidentBytes(pid)
    if (now !== null && maxBytes !== null) maxBytes = Math.max(maxBytes, now)
  }, samplingIntervalMs)
  await drainResponse(`${url}${request.path}`)
  clearInterval(sampling)
  const overIdleBytes = idleBytes === null || maxBytes === null ? null : maxBytes - idleBytes
  return { firstByteMs, firstByteMsMost, overIdleBytes, overIdleMbMost }
}

function buildTargets(
  { constant, handWritten }: BenchContext,
  api: BenchServer,
  workload: Workload,
): MeasurementTarget[] {
  const { name, status = 200, yardstick } = workload
  const target = (
    name: string,
    server: BenchServer,
    prefix: string,
    status: number,
  ): MeasurementTarget => ({
    name,
    server,
    prefix,
    status,
    rounds: [],
  })
  return [
    target(serverName, api, '', status),
    ...(yardstick === 'constant'
      ? [target('constant', constant, '', 200)]
      : Object.keys(yardstick.ways).map((way) => target(way, handWritten, `/${name}/${way}`, 200))),
  ]
}

async function runRound(
  { drive, postgresCpuMeter: clock, options }: BenchContext,
  { server, prefix, status }: MeasurementTarget,
  requests: readonly LoadRequest[],
  answerCount: number | null,
  connections: number,
  round: number,
): Promise<Measurement> {
  const before = { server: readCpuMicros(server.pid), postgres: await clock.read() }
  const { rps, p50Ms, p99Ms, answers, bytes } = await drive({
    url: server.url,
    status,
    connections,
    seconds: options.seconds,
    answerCount,
    round,
    requests: requests.map((request) => ({ ...request, path: `${prefix}${request.path}` })),
  })
  const after = { server: readCpuMicros(server.pid), postgres: await clock.read() }
  const perAnswer = (micros: number | null) => (micros === null ? null : micros / answers)
  return {
    rps,
    p50Ms,
    p99Ms,
    bytes: bytes / answers,
    serverMicros: perAnswer(
      before.server === null || after.server === null ? null : after.server - before.server,
    ),
    postgresMicros: perAnswer(subtractReadings(before.postgres, after.postgres)),
  }
}

/** What PostgreSQL had no part in did not come from it: a cache of the server must be off for uncached reads. */
function rejectCachedAnswers({ name, yardstick }: Workload, { postgresMicros }: Measurement): void {
  if (yardstick !== 'constant' && postgresMicros !== null && postgresMicros < minPostgresMicros)
    throw new Error(`${name}: the server's answers came from a cache, not from PostgreSQL.`)
}

export const totalMicros = ({ serverMicros, postgresMicros }: Measurement): number | null =>
  serverMicros === null || postgresMicros === null ? null : serverMicros + postgresMicros

const divideOrNull = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a / b

export function computeMedian(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [low, high] = [(sorted.length - 1) / 2, sorted.length / 2]
  return ((sorted[Math.floor(low)] ?? 0) + (sorted[Math.floor(high)] ?? 0)) / 2
}

export function summariseRounds(rounds: readonly Measurement[]): Measurement {
  const medianOf = (pick: (round: Measurement) => number) => computeMedian(rounds.map(pick))
  const medianOfKnown = (pick: (round: Measurement) => number | null) => {
    const known = rounds.map(pick).filter((one) => one !== null)
    return known.length === 0 ? null : computeMedian(known)
  }
  return {
    rps: medianOf((round) => round.rps),
    p50Ms: medianOf((round) => round.p50Ms),
    p99Ms: medianOf((round) => round.p99Ms),
    bytes: medianOf((round) => round.bytes),
    serverMicros: medianOfKnown((round) => round.serverMicros),
    postgresMicros: medianOfKnown((round) => round.postgresMicros),
  }
}
