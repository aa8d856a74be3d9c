/** The load generator: a separate process that runs the jobs of its parent one after the other. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import autocannon, { type Result as AutocannonResult } from 'autocannon'
import type { DriverReply, LoadJob, LoadResult } from './load-messages.ts'

process.on('disconnect', () => process.exit())
// Ctrl-C reaches the whole process group. The parent stops this process.
process.on('SIGINT', () => undefined)
process.on('message', (job: LoadJob) => {
  const reply = (message: DriverReply) => process.send?.(message)
  const result = job.answerCount === 1 ? sendSingleRequest(job) : runLoad(job)
  result.then(
    (load) => reply({ load }),
    (error: unknown) => reply({ failure: error instanceof Error ? error.message : String(error) }),
  )
})

const timeoutSeconds = 600
const requestOffsetPerRound = 977

/** The responses of a job. Times are milliseconds. */
class LoadCounter {
  readonly latenciesMs: number[] = []
  readonly otherStatuses = new Map<number, number>()
  bytes = 0
  shed = 0
  readonly #job: LoadJob
  #rampUpAnswers = 0
  #startedAt = 0
  #lastAt = 0

  constructor(job: LoadJob) {
    this.#job = job
  }

  addResponse(status: number, bytes: number, latencyMs: number): void {
    this.#lastAt = performance.now()
    if (this.#startedAt === 0) this.#startedAt = this.#lastAt - latencyMs
    const rampUpMs = (this.#job.rampUpSeconds ?? 0) * 1_000
    if (status !== this.#job.status)
      this.otherStatuses.set(status, (this.otherStatuses.get(status) ?? 0) + 1)
    else if (this.#lastAt - this.#startedAt >= rampUpMs) this.latenciesMs.push(latencyMs)
    else this.#rampUpAnswers += 1
    this.bytes += bytes
  }

  isEmpty(): boolean {
    return this.latenciesMs.length + this.otherStatuses.size + this.shed === 0
  }

  /** Removes the shed responses from the other statuses. A 503 without `Retry-After` stays there. */
  separateShedResponses(): void {
    if (this.shed === 0) return
    const otherUnavailable = (this.otherStatuses.get(503) ?? 0) - this.shed
    if (otherUnavailable > 0) this.otherStatuses.set(503, otherUnavailable)
    else this.otherStatuses.delete(503)
  }

  summarise(): LoadResult {
    const latenciesMs = this.latenciesMs.toSorted((a, b) => a - b)
    const answers = latenciesMs.length + this.#rampUpAnswers
    return {
      rps: (answers / (this.#lastAt - this.#startedAt)) * 1_000,
      p50Ms: percentile(latenciesMs, 0.5),
      p99Ms: percentile(latenciesMs, 0.99),
      answers,
      bytes: this.bytes,
      shed: this.shed,
    }
  }
}

async function runLoad(job: LoadJob): Promise<LoadResult> {
  const counter = new LoadCounter(job)
  const { errors, timeouts, resets } = await sendLoad(job, counter)
  const failures = errors + timeouts + resets
  // The time was too short for any response: wait for one on each connection.
  if (counter.isEmpty() && failures === 0 && job.answerCount === null)
    return runLoad({ ...job, answerCount: job.connections })
  counter.separateShedResponses()
  const { latenciesMs, otherStatuses } = counter
  if (otherStatuses.size > 0 || failures > 0 || latenciesMs.length === 0) {
    const statuses = JSON.stringify(Object.fromEntries(otherStatuses))
    throw new Error(
      `${job.url}${job.requests[0]?.path}: ${latenciesMs.length} expected responses, ` +
        `others by status ${statuses}, ${errors} errors, ${timeouts} timeouts, ${resets} resets`,
    )
  }
  return counter.summarise()
}

function sendLoad(job: LoadJob, counter: LoadCounter): Promise<AutocannonResult> {
  const { url, requests, connections, seconds, answerCount, round } = job
  let clientCount = 0
  return new Promise((resolve, reject) => {
    autocannon(
      {
        url,
        connections,
        duration: seconds,
        timeout: timeoutSeconds,
        sampleInt: Math.max(10, Math.min(100, seconds * 50)),
        ...(answerCount !== null && { amount: answerCount }),
        setupClient: (client) => {
          client.setRequests(assignRequests(requests, clientCount, connections, round))
          clientCount += 1
          if (!job.allowsShedding) return
          client.on('headers', ({ statusCode, headers }) => {
            if (statusCode === 503 && headers.some((name) => /^retry-after$/i.test(name)))
              counter.shed += 1
          })
        },
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    ).on('response', (_client, status, bytes, latencyMs) =>
      counter.addResponse(status, bytes, latencyMs),
    )
  })
}

/** For a response of any length: autocannon would hold all of it in one string. */
async function sendSingleRequest({ url, requests, status, round }: LoadJob): Promise<LoadResult> {
  const { path, headers = {} } = requests[round % requests.length] ?? { path: '/' }
  const startedAt = performance.now()
  const sentRequest = get(`${url}${path}`, { headers })
  const [response] = (await once(sentRequest, 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  if (response.statusCode !== status || !response.complete)
    throw new Error(
      `${url}${path}: status ${response.statusCode}, ${response.complete ? 'complete' : 'incomplete'}`,
    )
  const latencyMs = performance.now() - startedAt
  return { rps: 1_000 / latencyMs, p50Ms: latencyMs, p99Ms: latencyMs, answers: 1, bytes }
}

/** Every `connections`-th request, starting at another one in each round. */
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
