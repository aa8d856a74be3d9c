import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { useApp } from '../harness/app.ts'

const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_QUERIES: 1, POOL_SIZE: 12 })

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

const waiting = async (): Promise<number> => {
  const { rows } = await t.database.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'`,
  )
  return rows[0]?.waiting ?? 0
}

test('long questions take turns, and one that takes too long keeps the next ones waiting for a moment only', async () => {
  const release = await holdUpSearches()
  const started = performance.now()
  const asked = [1, 2, 3].map((limit) => t.api.get(`/v1/search?q=turkey&limit=${limit}`).then())
  await vi.waitFor(async () => expect(await waiting()).toBe(3), { interval: 5, timeout: 5_000 })
  // Two of them had to wait for a turn that was over.
  expect(performance.now() - started).toBeGreaterThan(190)
  const timeline = t.api.get('/v1/timeline').then()
  expect((await t.api.get('/v1/permits')).status).toBe(200)
  expect((await timeline).status).toBe(200)
  expect(await waiting()).toBe(3)
  await release()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200])
})

test('a turn ends with its answer, also when that is a refusal', async () => {
  const refused = ['/v1/network?actor=nobody', '/v1/timeline?cursor=x', '/v1/timeline?actor=nobody']
  const started = performance.now()
  for (let round = 0; round < 10; round += 1)
    for (const path of refused) await t.api.get(path).expect(400)
  // One that went on would keep the next one waiting for a tenth of a second: 29 times.
  expect(performance.now() - started).toBeLessThan(2_800)
})

test('who leaves while waiting for a turn takes none', async () => {
  const release = await holdUpSearches()
  const url = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const leaving = new AbortController()
  const search = (limit: number, signal: AbortSignal | null = null) =>
    fetch(`${url}/v1/search?q=turkey&limit=${limit}`, { signal })
  const first = search(1)
  await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000 })
  const left = Array.from({ length: 20 }, (_, index) => search(index + 2, leaving.signal))
  const arrived = vi.fn<(request: unknown) => void>()
  t.app.server.on('request', arrived)
  await vi.waitFor(() => expect(arrived).toHaveBeenCalledTimes(20), { interval: 5 })
  leaving.abort()
  await Promise.allSettled(left)
  const last = search(30)
  await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(1), { timeout: 10_000 })
  // Time for six more, if they had turns.
  await sleep(600)
  expect(await waiting()).toBeLessThan(4)
  await release()
  expect([(await first).status, (await last).status]).toEqual([200, 200])
})
