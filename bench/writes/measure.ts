import { createKey } from '../../src/access/queries.ts'
import { openDatabase } from '../../src/database/database.ts'
import { registerCleanup } from '../cleanup.ts'
import {
  computeMedian,
  type Measurement,
  summariseRounds,
  totalMicros,
  type WorkloadResult,
} from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import {
  openPostgresCpuMeter,
  readCpuMicros,
  readResidentBytes,
  subtractReadings,
} from '../processes.ts'
import { type BenchServer, startApi, startWriteYardstick } from '../servers.ts'
import { articleSlug, articleText, firstSentence, writerSlug } from './events.ts'
import { measureDeliveries, subscriberCount } from './stream.ts'
import { maxDeliveryMs, type WriteWorkload } from './workloads.ts'
import { computePercentile, runWriteClients, sendPost, type WriteTarget } from './write-client.ts'

type WriteBench = {
  options: BenchOptions
  api: BenchServer & WriteTarget
  yardstick: BenchServer & WriteTarget
  postgresCpuMeter: Awaited<ReturnType<typeof openPostgresCpuMeter>>
}

const yardstickName = 'transaction'

/** Starts what is written to, on a database that is written to. */
export async function openWriteBench(url: string, options: BenchOptions): Promise<WriteBench> {
  const server = await startApi(url, 'cache')
  const database = openDatabase({
    url,
    poolSize: 1,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  const key = await createKey(database.db, { name: 'bench', scope: 'write', expiresAt: null })
  const existingCase = await database.db
    .selectFrom('record')
    .select('slug')
    .where('kind', '=', 'case')
    .limit(1)
    .executeTakeFirstOrThrow()
  await database.close()
  const api = { ...server, key: key?.text ?? '' }
  const createRecord = async (path: string, body: object): Promise<string> =>
    JSON.parse(await sendPost(api, path, body)).id
  const article = await createRecord('/v1/articles', {
    slug: articleSlug,
    title: 'A',
    case: existingCase.slug,
    text: articleText,
  })
  const actor = await createRecord('/v1/actors', {
    slug: writerSlug,
    type: 'person',
    name: 'Writer',
    citations: [{ article: articleSlug, quote: firstSentence }],
  })
  const yardstick = await startWriteYardstick(url, { article, actor, body: articleText })
  const postgresCpuMeter = await openPostgresCpuMeter(url)
  registerCleanup(postgresCpuMeter.close)
  return { options, api, yardstick: { ...yardstick, key: null }, postgresCpuMeter }
}

/** Rounds go by turns through the server and its yardstick. */
export async function measureWrites(
  writeBench: WriteBench,
  workload: WriteWorkload,
): Promise<WorkloadResult> {
  if (workload.path === null) return measureStream(writeBench, workload)
  const { options, api, yardstick } = writeBench
  const { path, body, name, what, goal } = workload
  const connections = workload.connections ?? options.connections
  const latencyClients = workload.connections ?? options.latencyConnections
  const run = (target: BenchServer & WriteTarget, connectionCount: number) =>
    runWriteRound(writeBench, target, connectionCount, () => sendPost(target, path, body()))
  for (const target of [api, yardstick]) await run(target, connections)
  const rounds = {
    ours: [] as Measurement[],
    theirs: [] as Measurement[],
    many: [] as Measurement[],
  }
  for (let round = 0; round < options.rounds; round += 1) {
    rounds.ours.push(await run(api, connections))
    rounds.many.push(await run(api, latencyClients))
    rounds.theirs.push(await run(yardstick, connections))
  }
  const [server, byHand, latency] = [rounds.ours, rounds.theirs, rounds.many].map(summariseRounds)
  if (!server || !byHand || !latency) throw new RangeError('There are no rounds.')
  const [serverMicros, yardstickMicros] = [totalMicros(server), totalMicros(byHand)]
  return {
    name,
    what,
    goal,
    isSingle: false,
    isQuestion: false,
    requests: 0,
    server,
    yardsticks: { [yardstickName]: byHand },
    yardstick: yardstickName,
    ratio: computeMedian(
      rounds.ours.map(
        ({ rps }, connectionCount) => rps / (rounds.theirs[connectionCount]?.rps ?? rps),
      ),
    ),
    processorRatio:
      serverMicros === null || yardstickMicros === null ? null : yardstickMicros / serverMicros,
    latency: { connections: latencyClients, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms },
    residentBytes: readResidentBytes(api.pid),
    exported: null,
  }
}

async function runWriteRound(
  { options, postgresCpuMeter: clock }: WriteBench,
  { pid }: BenchServer,
  connections: number,
  send: () => Promise<string>,
): Promise<Measurement> {
  const before = { server: readCpuMicros(pid), postgres: await clock.read() }
  const { answers, bytes, ...load } = await runWriteClients(connections, options.seconds, send)
  const after = { server: readCpuMicros(pid), postgres: await clock.read() }
  const postgres = subtractReadings(before.postgres, after.postgres)
  return {
    ...load,
    bytes: bytes / answers,
    serverMicros:
      before.server === null || after.server === null
        ? null
        : (after.server - before.server) / answers,
    postgresMicros: postgres === null ? null : postgres / answers,
  }
}

/** Its ratio is that of the time it may take to the time it takes. */
async function measureStream(
  { options, api }: WriteBench,
  { name, what, goal }: WriteWorkload,
): Promise<WorkloadResult> {
  await measureDeliveries(api, 1)
  const begin = performance.now()
  const deliveriesMs = await measureDeliveries(api, options.quick ? 3 : 40)
  const rps = (deliveriesMs.length / (performance.now() - begin)) * 1_000
  const [p50Ms, p99Ms] = [
    computePercentile(deliveriesMs, 0.5),
    computePercentile(deliveriesMs, 0.99),
  ]
  return {
    name,
    what,
    goal,
    isSingle: false,
    isQuestion: false,
    requests: 0,
    server: { rps, p50Ms, p99Ms, bytes: 0, serverMicros: null, postgresMicros: null },
    yardsticks: {},
    yardstick: `${maxDeliveryMs} ms`,
    // It may have arrived before the writer had its answer.
    ratio: maxDeliveryMs / Math.max(p50Ms, 1),
    processorRatio: null,
    latency: { connections: subscriberCount, p50Ms, p99Ms },
    residentBytes: readResidentBytes(api.pid),
    exported: null,
  }
}
