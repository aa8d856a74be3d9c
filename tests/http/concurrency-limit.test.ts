import { get as httpGet } from 'node:http'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useApp } from '../harness/app.ts'

const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_QUERIES: 1, POOL_SIZE: 12 })

/** A turn is over after so long. Here no time passes unless a test says so. */
const turnMs = 100

let url = ''
beforeEach(async () => {
  url ||= await t.app.listen({ port: 0, host: '127.0.0.1' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => vi.useRealTimers())

/** Holds up every search until it is told to end. */
async function holdUpSearches() {
  const client = new pg.Client(t.database.url)
  await client.connect()
  await client.query('BEGIN')
  await client.query('LOCK TABLE search_document')
  return async () => {
    await client.query('ROLLBACK')
    await client.end()
  }
}

/** Searches that have their turn. */
const waiting = async (): Promise<number> => {
  const { rows } = await t.database.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'`,
  )
  return rows[0]?.waiting ?? 0
}

/** Asks the database again and again, without a timer: these are not running. */
async function untilWaiting(count: number): Promise<void> {
  while ((await waiting()) !== count);
}

/** How many requests have come in, and how many of these have ended or were left by their client. */
function countRequests() {
  const counted = { arrived: 0, closed: 0 }
  const count = (_request: unknown, response: NodeJS.EventEmitter) => {
    counted.arrived += 1
    response.once('close', () => {
      counted.closed += 1
    })
  }
  t.app.server.prependListener('request', count)
  return {
    counted,
    stop: () => t.app.server.removeListener('request', count),
    async until(what: keyof typeof counted, number: number) {
      // Each takes a way through the event loop, in which requests come in.
      while (counted[what] < number) await waiting()
    },
  }
}

/** The status, when all of the answer has come. Each on a connection of its own, which ends with it. */
const get = (path: string, signal?: AbortSignal): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const request = httpGet(url + path, { agent: false, ...(signal && { signal }) }, (answer) =>
      answer.resume().once('end', () => resolve(answer.statusCode)),
    )
    request.once('error', reject)
  })

const search = (limit: number, signal?: AbortSignal) =>
  get(`/v1/search?q=turkey&limit=${limit}`, signal)

test('long questions take turns: the next begins when the turn of the one before is over, and short ones wait for none', async () => {
  const release = await holdUpSearches()
  const requests = countRequests()
  const asked = [1, 2, 3].map((limit) => search(limit))
  await requests.until('arrived', 3)
  for (const begun of [1, 2, 3]) {
    await untilWaiting(begun)
    expect(await get('/v1/permits')).toBe(200)
    // No time has passed: nobody else has begun.
    expect(await waiting()).toBe(begun)
    vi.advanceTimersByTime(turnMs - 1)
    expect(await get('/v1/permits')).toBe(200)
    expect(await waiting()).toBe(begun)
    vi.advanceTimersByTime(1)
  }
  // All turns are over: another kind of long question begins beside them.
  expect(await get('/v1/timeline')).toBe(200)
  expect(await waiting()).toBe(3)
  requests.stop()
  await release()
  expect(await Promise.all(asked)).toEqual([200, 200, 200])
})

test('a turn ends with its answer, also when that is a refusal', async () => {
  const paths = [
    '/v1/network?actor=nobody',
    '/v1/timeline?cursor=x',
    '/v1/timeline?actor=nobody',
    '/v1/search?q=',
    '/v1/search?q=turkey',
    '/v1/timeline',
    '/v1/network?actor=turkey',
  ]
  const statuses: (number | undefined)[] = []
  // No time passes: behind a turn that went on the next one would wait for ever.
  for (const path of [...paths, ...paths]) statuses.push(await get(path))
  const expected = [400, 400, 400, 400, 200, 200, 200]
  expect(statuses).toEqual([...expected, ...expected])
})

test('a client that leaves while waiting for a turn takes none', async () => {
  const release = await holdUpSearches()
  const requests = countRequests()
  const leaving = new AbortController()
  const first = search(1)
  await untilWaiting(1)
  const left = Array.from({ length: 20 }, (_, index) => search(index + 2, leaving.signal))
  await requests.until('arrived', 21)
  leaving.abort()
  await Promise.allSettled(left)
  await requests.until('closed', 20)
  // It reads another table. One turn has to pass, that of the first; the twenty before it need none.
  const last = get('/v1/timeline')
  await requests.until('arrived', 22)
  vi.advanceTimersByTime(turnMs)
  expect(await last).toBe(200)
  expect(await waiting()).toBe(1)
  requests.stop()
  await release()
  expect(await first).toBe(200)
})
