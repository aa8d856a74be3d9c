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

/** Medians over the rounds. Microseconds of CPU time per response; null if they cannot be read. */
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
  /** By name: `constant`, or the ways of the hand-written server. */
  yardsticks: Readonly<Record<string, Measurement>>
  /** Name of the fastest yardstick. */
  yardstick: string
  /** Requests per second of the server divided by those of the yardstick: median over the rounds. */
  ratio: number
  /** CPU time of the yardstick divided by that of the server, both with PostgreSQL. */
  processorRatio: number | null
  /** Of the server, with more connections. */
  latency: { connections: number; p50Ms: number; p99Ms: number }
  /** Memory of the server after this workload. */
  residentBytes: number | null
  /** Null for workloads that are not exports. */
  exported: ExportMeasurement | null
  /** Further goals. */
  checks?: readonly GoalCheck[]
}

type ExportMeasurement = {
  firstByteMs: number
  firstByteMsMost: number
  /** Highest memory of the server during the export, minus its memory before. */
  overIdleBytes: number | null
  overIdleMbMost: number
}

export type BenchContext = {
  options: BenchOptions
  /** The server without response cache. */
  api: BenchServer
  /** The server with default settings. */
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

/** Alternates rounds of the server and its yardsticks, so that noise of the machine affects all of them. */
export async function measureWorkload(
  bench: BenchContext,
  workload: Workload,
): Promise<WorkloadResult> {
  const { options } = bench
  const { rounds, connections, latencyConnections } = options
  const warmUps = options.quick ? 1 : 2
  const { name, what, goal, stream, yardstick } = workload
  const requests = await workload.requests(bench.samples)
  if (requests.length === 0) throw new Error(`${name}: the data set has no records for requests.`)
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
  if (server === undefined) throw new RangeError('No server to measure.')
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

/** Runs an export once and samples the memory of the server. */
async function measureExport(
  { url, pid }: BenchServer,
  requests: readonly LoadRequest[],
  { firstByteMsMost, overIdleMbMost }: NonNullable<Workload['stream']>,
): Promise<ExportMeasurement | null> {
  const [request] = requests
  if (firstByteMsMost === undefined || overIdleMbMost === undefined || !request) return null
  // Warm up: the first request prepares the statement and reads pages from disk.
  await get(`${url}${request.path}`, {}, 1)
  const startedAt = performance.now()
  await get(`${url}${request.path}`, {}, 1)
  const firstByteMs = performance.now() - startedAt
  const idleBytes = readResidentBytes(pid)
  let maxBytes = idleBytes
  const sampling = setInterval(() => {
    const currentBytes = readResidentBytes(pid)
    if (currentBytes !== null && maxBytes !== null) maxBytes = Math.max(maxBytes, currentBytes)
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
  { drive, postgresCpuMeter, options }: BenchContext,
  { server, prefix, status }: MeasurementTarget,
  requests: readonly LoadRequest[],
  answerCount: number | null,
  connections: number,
  round: number,
): Promise<Measurement> {
  const before = { server: readCpuMicros(server.pid), postgres: await postgresCpuMeter.read() }
  const { rps, p50Ms, p99Ms, answers, bytes } = await drive({
    url: server.url,
    status,
    connections,
    seconds: options.seconds,
    answerCount,
    round,
    requests: requests.map((request) => ({ ...request, path: `${prefix}${request.path}` })),
  })
  const after = { server: readCpuMicros(server.pid), postgres: await postgresCpuMeter.read() }
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

/** Checks that PostgreSQL used CPU time: otherwise the responses came from a cache of the server. */
function rejectCachedAnswers({ name, yardstick }: Workload, { postgresMicros }: Measurement): void {
  if (yardstick !== 'constant' && postgresMicros !== null && postgresMicros < minPostgresMicros)
    throw new Error(`${name}: the responses of the server came from a cache, not from PostgreSQL.`)
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
    const readings = rounds.map(pick).filter((micros) => micros !== null)
    return readings.length === 0 ? null : computeMedian(readings)
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
