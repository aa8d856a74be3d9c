import { createKey } from '../../src/access/queries.ts'
import { openDatabase } from '../../src/database/database.ts'
import { atEnd } from '../closing.ts'
import { type Measured, median, middle, type Result, total } from '../measure.ts'
import type { Options } from '../options.ts'
import { postgresClock, processorMicros, residentBytes, spent } from '../processes.ts'
import { type Server, startApi, startWriteYardstick } from '../servers.ts'
import { drive, post, share, type Target } from './drive.ts'
import { articleSlug, articleText, firstSentence, writerSlug } from './events.ts'
import { deliveries, subscribers } from './stream.ts'
import { deliveryMsMost, type WriteWorkload } from './workloads.ts'

type Writing = {
  options: Options
  api: Server & Target
  yardstick: Server & Target
  clock: Awaited<ReturnType<typeof postgresClock>>
}

const yardstickName = 'transaction'

/** Starts what is written to, on a database that is written to. */
export async function openWriting(url: string, options: Options): Promise<Writing> {
  const server = await startApi(url, 'cache')
  const database = openDatabase({
    ...{ url, poolSize: 1, statementTimeoutMs: 0 },
    onConnectionLost: () => undefined,
  })
  const key = await createKey(database.db, { name: 'bench', scope: 'write', expiresAt: null })
  const someCase = await database.db
    .selectFrom('record')
    .select('slug')
    .where('kind', '=', 'case')
    .limit(1)
    .executeTakeFirstOrThrow()
  await database.close()
  const api = { ...server, key: key?.text ?? '' }
  const made = async (path: string, body: object): Promise<string> =>
    JSON.parse(await post(api, path, body)).id
  const article = await made('/v1/articles', {
    ...{ slug: articleSlug, title: 'A', case: someCase.slug, text: articleText },
  })
  const actor = await made('/v1/actors', {
    ...{ slug: writerSlug, type: 'person', name: 'Writer' },
    citations: [{ article: articleSlug, quote: firstSentence }],
  })
  const yardstick = await startWriteYardstick(url, { article, actor, body: articleText })
  const clock = await postgresClock(url)
  atEnd(clock.close)
  return { options, api, yardstick: { ...yardstick, key: null }, clock }
}

/** Rounds go by turns through the server and its yardstick. */
export async function measureWrites(writing: Writing, workload: WriteWorkload): Promise<Result> {
  if (workload.path === null) return measureStream(writing, workload)
  const { options, api, yardstick } = writing
  const { path, body, name, what, goal } = workload
  const connections = workload.connections ?? options.connections
  const many = workload.connections ?? options.latencyConnections
  const run = (target: Server & Target, at: number) =>
    runOne(writing, target, at, () => post(target, path, body()))
  for (const target of [api, yardstick]) await run(target, connections)
  const rounds = { ours: [] as Measured[], theirs: [] as Measured[], many: [] as Measured[] }
  for (let round = 0; round < options.rounds; round += 1) {
    rounds.ours.push(await run(api, connections))
    rounds.many.push(await run(api, many))
    rounds.theirs.push(await run(yardstick, connections))
  }
  const [server, byHand, latency] = [rounds.ours, rounds.theirs, rounds.many].map(median)
  if (!server || !byHand || !latency) throw new RangeError('There are no rounds.')
  const [cost, costByHand] = [total(server), total(byHand)]
  return {
    ...{ name, what, goal, isSingle: false, isQuestion: false, requests: 0, server },
    ...{ yardsticks: { [yardstickName]: byHand }, yardstick: yardstickName },
    ratio: middle(rounds.ours.map(({ rps }, at) => rps / (rounds.theirs[at]?.rps ?? rps))),
    processorRatio: cost === null || costByHand === null ? null : costByHand / cost,
    latency: { connections: many, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms },
    ...{ residentBytes: residentBytes(api.pid), exported: null },
  }
}

async function runOne(
  { options, clock }: Writing,
  { pid }: Server,
  connections: number,
  send: () => Promise<string>,
): Promise<Measured> {
  const before = { server: processorMicros(pid), postgres: await clock.read() }
  const { answers, bytes, ...load } = await drive(connections, options.seconds, send)
  const after = { server: processorMicros(pid), postgres: await clock.read() }
  const postgres = spent(before.postgres, after.postgres)
  return {
    ...{ ...load, bytes: bytes / answers },
    serverMicros:
      before.server === null || after.server === null
        ? null
        : (after.server - before.server) / answers,
    postgresMicros: postgres === null ? null : postgres / answers,
  }
}

/** Its ratio is that of the time it may take to the time it takes. */
async function measureStream(
  { options, api }: Writing,
  { name, what, goal }: WriteWorkload,
): Promise<Result> {
  await deliveries(api, 1)
  const begin = performance.now()
  const took = await deliveries(api, options.quick ? 3 : 40)
  const rps = (took.length / (performance.now() - begin)) * 1_000
  const [p50Ms, p99Ms] = [share(took, 0.5), share(took, 0.99)]
  return {
    ...{ name, what, goal, isSingle: false, isQuestion: false, requests: 0 },
    server: { ...{ rps, p50Ms, p99Ms, bytes: 0 }, serverMicros: null, postgresMicros: null },
    ...{ yardsticks: {}, yardstick: `${deliveryMsMost} ms` },
    // It may have arrived before the writer had its answer.
    ratio: deliveryMsMost / Math.max(p50Ms, 1),
    processorRatio: null,
    latency: { connections: subscribers, p50Ms, p99Ms },
    ...{ residentBytes: residentBytes(api.pid), exported: null },
  }
}
