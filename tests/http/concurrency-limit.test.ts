import { get as httpGet } from 'node:http'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useApp } from '../harness/app.ts'

const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_QUERIES: 1, POOL_SIZE: 12 })

/** The time slice of a request. Timers are fake, so time passes only when a test advances it. */
const timeSliceMs = 100

let url = ''
beforeEach(async () => {
  url ||= await t.app.listen({ port: 0, host: '127.0.0.1' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => vi.useRealTimers())

/** Blocks every search by a table lock. Returns a function that releases it. */
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

/** Searches that run, and wait for the lock. */
const countRunningSearches = async (): Promise<number> => {
  const { rows } = await t.database.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'`,
  )
  return rows[0]?.waiting ?? 0
}

/** Polls the database without a timer, because timers are fake. */
async function waitForRunningSearches(count: number): Promise<void> {
  while ((await countRunningSearches()) !== count);
}

/** Counts requests that arrived, and those that ended or whose client disconnected. */
function countRequests() {
  const counts = { arrived: 0, closed: 0 }
  const count = (_request: unknown, response: NodeJS.EventEmitter) => {
    counts.arrived += 1
    response.once('close', () => {
      counts.closed += 1
    })
  }
  t.app.server.prependListener('request', count)
  return {
    counts,
    stop: () => t.app.server.removeListener('request', count),
    async waitFor(name: keyof typeof counts, number: number) {
      // Each query lets the event loop accept further requests.
      while (counts[name] < number) await countRunningSearches()
    },
  }
}

/** The status of a complete response. Every request has its own connection. */
const get = (path: string, signal?: AbortSignal): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const request = httpGet(url + path, { agent: false, ...(signal && { signal }) }, (answer) =>
      answer.resume().once('end', () => resolve(answer.statusCode)),
    )
    request.once('error', reject)
  })

const search = (limit: number, signal?: AbortSignal) =>
  get(`/v1/search?q=turkey&limit=${limit}`, signal)

test('slow requests run one at a time until their time slice ends; fast ones do not wait', async () => {
  const release = await holdUpSearches()
  const requests = countRequests()
  const searches = [1, 2, 3].map((limit) => search(limit))
  await requests.waitFor('arrived', 3)
  for (const running of [1, 2, 3]) {
    await waitForRunningSearches(running)
    expect(await get('/v1/permits')).toBe(200)
    // No time has passed, so no other search runs.
    expect(await countRunningSearches()).toBe(running)
    vi.advanceTimersByTime(timeSliceMs - 1)
    expect(await get('/v1/permits')).toBe(200)
    expect(await countRunningSearches()).toBe(running)
    vi.advanceTimersByTime(1)
  }
  // All time slices have ended, so another slow request runs at once.
  expect(await get('/v1/timeline')).toBe(200)
  expect(await countRunningSearches()).toBe(3)
  requests.stop()
  await release()
  expect(await Promise.all(searches)).toEqual([200, 200, 200])
})

test('a response ends the time slice, also an error response', async () => {
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
  // No time passes, so a request after an unfinished time slice would wait forever.
  for (const path of [...paths, ...paths]) statuses.push(await get(path))
  const expected = [400, 400, 400, 400, 200, 200, 200]
  expect(statuses).toEqual([...expected, ...expected])
})

test('a request whose client disconnects in the queue does not run', async () => {
  const release = await holdUpSearches()
  const requests = countRequests()
  const disconnecting = new AbortController()
  const first = search(1)
  await waitForRunningSearches(1)
  const abandoned = Array.from({ length: 20 }, (_, index) =>
    search(index + 2, disconnecting.signal),
  )
  await requests.waitFor('arrived', 21)
  disconnecting.abort()
  await Promise.allSettled(abandoned)
  await requests.waitFor('closed', 20)
  // Reads another table. It waits for the time slice of the first request only, not for the twenty abandoned ones.
  const last = get('/v1/timeline')
  await requests.waitFor('arrived', 22)
  vi.advanceTimersByTime(timeSliceMs)
  expect(await last).toBe(200)
  expect(await countRunningSearches()).toBe(1)
  requests.stop()
  await release()
  expect(await first).toBe(200)
})
