/** The load generator: a process of its own that runs one job after the other, as its parent sends them. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import autocannon from 'autocannon'
import type { Job, Load, Told } from './load.ts'

process.on('disconnect', () => process.exit())
// Ctrl-C reaches the whole group of processes; the parent ends this one.
process.on('SIGINT', () => undefined)
process.on('message', (job: Job) => {
  const tell = (told: Told) => process.send?.(told)
  const done = job.amount === 1 ? driveOne(job) : drive(job)
  done.then(
    (load) => tell({ load }),
    (error: unknown) => tell({ failure: error instanceof Error ? error.message : String(error) }),
  )
})

const timeoutSeconds = 600
const stepPerRound = 977

function drive(job: Job): Promise<Load> {
  const { url, requests, status, connections, seconds, amount, round } = job
  const settling = (job.settlingSeconds ?? 0) * 1_000
  let nextClient = 0
  const milliseconds: number[] = []
  const others = new Map<number, number>()
  let bytes = 0
  let shed = 0
  let unsettled = 0
  let first = 0
  let last = 0
  return new Promise((resolve, reject) => {
    autocannon(
      {
        ...{ url, connections, duration: seconds, timeout: timeoutSeconds },
        sampleInt: Math.max(10, Math.min(100, seconds * 50)),
        ...(amount !== null && { amount }),
        setupClient: (client) => {
          client.setRequests(share(requests, nextClient++, connections, round))
          if (job.mayShed)
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
          milliseconds.length + others.size + errors + timeouts + resets + shed === 0 &&
          amount === null
        )
          return resolve(drive({ ...job, amount: connections }))
        // Each of them is one: a 503 without `Retry-After` is left among the others.
        const left = (others.get(503) ?? 0) - shed
        if (shed > 0) left > 0 ? others.set(503, left) : others.delete(503)
        if (others.size > 0 || errors + timeouts + resets > 0 || milliseconds.length === 0)
          return reject(
            new Error(
              `${url}${requests[0]?.path}: ${milliseconds.length} answers as expected, others by status ${JSON.stringify(Object.fromEntries(others))}, ${errors} errors, ${timeouts} timeouts, ${resets} resets`,
            ),
          )
        milliseconds.sort((a, b) => a - b)
        resolve({
          rps: ((milliseconds.length + unsettled) / (last - first)) * 1_000,
          p50Ms: percentile(milliseconds, 0.5),
          p99Ms: percentile(milliseconds, 0.99),
          answers: milliseconds.length + unsettled,
          ...{ bytes, shed },
        })
      },
    ).on('response', (_client, answered, size, took) => {
      last = performance.now()
      if (first === 0) first = last - took
      if (answered !== status) others.set(answered, (others.get(answered) ?? 0) + 1)
      else if (last - first >= settling) milliseconds.push(took)
      else unsettled += 1
      bytes += size
    })
  })
}

/** A single answer, of any length: autocannon would keep all of it in one string. */
async function driveOne({ url, requests, status, round }: Job): Promise<Load> {
  const { path, headers = {} } = requests[round % requests.length] ?? { path: '/' }
  const begin = performance.now()
  const [answer] = (await once(get(`${url}${path}`, { headers }), 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const piece of answer) bytes += piece.length
  if (answer.statusCode !== status || !answer.complete)
    throw new Error(`${url}${path}: status ${answer.statusCode}, whole: ${answer.complete}`)
  const took = performance.now() - begin
  return { rps: 1_000 / took, p50Ms: took, p99Ms: took, answers: 1, bytes }
}

/** Every `connections`-th request, from another one on in each round. */
function share(requests: Job['requests'], client: number, connections: number, round: number) {
  const own = requests.filter((_, index) => index % connections === client % requests.length)
  const from = (round * stepPerRound) % own.length
  return [...own.slice(from), ...own.slice(0, from)]
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
