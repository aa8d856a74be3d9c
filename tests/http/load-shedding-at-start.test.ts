import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { type TestApp, useApp } from '../harness/app.ts'
import { eventually } from '../harness/eventually.ts'

// A separate file, because a blocked event loop affects every server of the process.
const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })
const blocked = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })

/** After the start of the server its event loop delay is ignored for this time. */
const gracePeriodMs = 500

afterEach(() => {
  vi.restoreAllMocks()
})

/**
 * Blocks the event loop until the server notices. Between two blocks only the measurement runs: a sample without delay would
 * lower the mean.
 */
async function blockEventLoop({ app }: TestApp) {
  await eventually(async () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200)
    await setImmediate()
    expect(app.isUnderPressure()).toBe(true)
  })
}

test('requests in the first half second are answered although the start blocked the event loop', async () => {
  // Delay and time since the start are mocked, so that the load of the machine does not matter.
  vi.spyOn(t.app, 'isUnderPressure').mockReturnValue(true)
  const startedAt = performance.now()
  let sinceMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => startedAt + sinceMs)
  const url = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const lockHolder = new pg.Client(t.url)
  await lockHolder.connect()
  const blockReads = () => lockHolder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  const countBlockedReads = async () => {
    const { rows } = await lockHolder.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return rows.length
  }
  let arrived = 0
  t.app.server.prependListener('request', () => {
    arrived += 1
  })
  const sendRequest = async () => (await fetch(`${url}/v1/permits`)).status

  for (const ms of [0, gracePeriodMs - 1]) {
    sinceMs = ms
    arrived = 0
    await blockReads()
    // Several at once, because a single request is always accepted.
    const statuses = Array.from({ length: 8 }, sendRequest)
    await eventually(() => expect(arrived).toBe(8))
    await lockHolder.query('COMMIT')
    expect(await Promise.all(statuses), `after ${ms} ms`).toEqual(Array(8).fill(200))
  }

  sinceMs = gracePeriodMs
  await blockReads()
  const first = sendRequest()
  await eventually(async () => expect(await countBlockedReads()).toBe(1))
  expect(await sendRequest()).toBe(503)
  await lockHolder.query('COMMIT')
  expect(await first).toBe(200)
  await lockHolder.end()
})

test('a blocked process still accepts one request when it has none', async () => {
  const url = await blocked.app.listen({ port: 0, host: '127.0.0.1' })
  // Longer than the grace period after the start.
  await blockEventLoop(blocked)
  expect((await fetch(`${url}/v1/permits`)).status).toBe(200)
})
