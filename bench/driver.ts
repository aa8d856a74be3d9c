/** The load generator: a process of its own that runs one job after the other, as its parent sends them. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import autocannon from 'autocannon'
import type { DriverReply, LoadJob, LoadResult } from './load-messages.ts'

process.on('disconnect', () => process.exit())
// Ctrl-C reaches the whole group of processes; the parent ends this one.
process.on('SIGINT', () => undefined)
process.on('message', (job: LoadJob) => {
  const tell = (told: DriverReply) => process.send?.(told)
  const done = job.answerCount === 1 ? sendSingleRequest(job) : runLoad(job)
  done.then(
    (load) => tell({ load }),
    (error: unknown) => tell({ failure: error instanceof Error ? error.message : String(error) }),
  )
})

const timeoutSeconds = 600
const requestOffsetPerRound = 977

function runLoad(job: LoadJob): Promise<LoadResult> {
  const { url, requests, status, connections, seconds, answerCount: amount, round } = job
  const rampUpMs = (job.rampUpSeconds ?? 0) * 1_000
  let nextClient = 0
  const latenciesMs: number[] = []
  const otherStatuses = new Map<number, number>()
  let bytes = 0
  let shed = 0
  let rampUpAnswers = 0
  let firstAt = 0
  let lastAt = 0
  return new Promise((resolve, reject) => {
    autocannon(
      {
        url,
        connections,
        duration: seconds,
        timeout: timeoutSeconds,
        sampleInt: Math.max(10, Math.min(100, seconds * 50)),
        ...(amount !== null && { amount }),
        setupClient: (client) => {
          client.setRequests(assignRequests(requests, nextClient++, connections, round))
          if (job.allowsShedding)
            client.on('headers', ({ statusCode, headers }) => {
              if (statusCode === 503 && headers.some((name) => /^retry-after$/i.test(name)))
                shed += 1
            })
        },
      },
      (error, { errors, timeouts, resets }) => {
        if (error) return reject(error)
        // The time was too short for a single answer: one for each connection, however long that takes.
        if (
          latenciesMs.length + otherStatuses.size + errors + timeouts + resets + shed === 0 &&
          amount === null
        )
          return resolve(runLoad({ ...job, answerCount: connections }))
        // Each of them is one: a 503 without `Retry-After` is left among the others.
        const otherUnavailable = (otherStatuses.get(503) ?? 0) - shed
        if (shed > 0)
          otherUnavailable > 0
            ? otherStatuses.set(503, otherUnavailable)
            : otherStatuses.delete(503)
        if (otherStatuses.size > 0 || errors + timeouts + resets > 0 || latenciesMs.length === 0)
          return reject(
            new Error(
              `${url}${requests[0]?.path}: ${latenciesMs.length} answers as expected, others by status ${JSON.stringify(Object.fromEntries(otherStatuses))}, ${errors} errors, ${timeouts} timeouts, ${resets} resets`,
            ),
          )
        latenciesMs.sort((a, b) => a - b)
        resolve({
          rps: ((latenciesMs.length + rampUpAnswers) / (lastAt - firstAt)) * 1_000,
          p50Ms: percentile(latenciesMs, 0.5),
          p99Ms: percentile(latenciesMs, 0.99),
          answers: latenciesMs.length + rampUpAnswers,
          bytes,
          shed,
        })
      },
    ).on('response', (_client, answerStatus, size, latencyMs) => {
      lastAt = performance.now()
      if (firstAt === 0) firstAt = lastAt - latencyMs
      if (answerStatus !== status)
        otherStatuses.set(answerStatus, (otherStatuses.get(answerStatus) ?? 0) + 1)
      else if (lastAt - firstAt >= rampUpMs) latenciesMs.push(latencyMs)
      else rampUpAnswers += 1
      bytes += size
    })
  })
}

/** A single answer, of any length: autocannon would keep all of it in one string. */
async function sendSingleRequest({ url, requests, status, round }: LoadJob): Promise<LoadResult> {
  const { path, headers = {} } = requests[round % requests.length] ?? { path: '/' }
  const begin = performance.now()
  const [answer] = (await once(get(`${url}${path}`, { headers }), 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const chunk of answer) bytes += chunk.length
  if (answer.statusCode !== status || !answer.complete)
    throw new Error(`${url}${path}: status ${answer.statusCode}, whole: ${answer.complete}`)
  const latencyMs = performance.now() - begin
  return { rps: 1_000 / latencyMs, p50Ms: latencyMs, p99Ms: latencyMs, answers: 1, bytes }
}

/** Every `connections`-th request, from another one on in each round. */
function assignRequests(
  requests: LoadJob['requests'],
  client: number,
  connections: number,
  round: number,
) {
  const clientRequests = requests.filter(
    (_, index) => index % connections === client % requests.length,
  )
  const from = (round * requestOffsetPerRound) % clientRequests.length
  return [...clientRequests.slice(from), ...clientRequests.slice(0, from)]
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
