import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { type TestApp, useApp } from '../harness/app.ts'
import { eventually } from '../harness/eventually.ts'

// In a file of its own: while the process is held up, every server in it is late.
const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })
const alone = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })

/** After the start, in which lateness is not heeded. */
const heedlessMs = 500

afterEach(() => {
  vi.restoreAllMocks()
})

/**
 * Nothing else runs in it meanwhile, as while it is loaded, but for what is due: the measuring itself, and nothing that
 * is on time in between, for a sample's mean over both is no lateness.
 */
async function holdUp({ app }: TestApp) {
  await eventually(async () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200)
    await setImmediate()
    expect(app.isUnderPressure()).toBe(true)
  })
}

test('a process that was held up before it listened answers the first that ask, for half a second', async () => {
  // What is measured and the time since the start are given: how busy the machine is decides nothing.
  vi.spyOn(t.app, 'isUnderPressure').mockReturnValue(true)
  const startedAt = performance.now()
  let sinceMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => startedAt + sinceMs)
  const url = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const holder = new pg.Client(t.url)
  await holder.connect()
  const holdUpReads = () => holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  const waiting = async () => {
    const { rows } = await holder.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return rows.length
  }
  let arrived = 0
  t.app.server.prependListener('request', () => {
    arrived += 1
  })
  const ask = async () => (await fetch(`${url}/v1/permits`)).status

  for (const ms of [0, heedlessMs - 1]) {
    sinceMs = ms
    arrived = 0
    await holdUpReads()
    // Several at once: one alone is answered however late the process is.
    const answers = Array.from({ length: 8 }, ask)
    await eventually(() => expect(arrived).toBe(8))
    await holder.query('COMMIT')
    expect(await Promise.all(answers), `after ${ms} ms`).toEqual(Array(8).fill(200))
  }

  sinceMs = heedlessMs
  await holdUpReads()
  const first = ask()
  await eventually(async () => expect(await waiting()).toBe(1))
  expect(await ask()).toBe(503)
  await holder.query('COMMIT')
  expect(await first).toBe(200)
  await holder.end()
})

test('a process that is held up by other work takes one request when it has none', async () => {
  const url = await alone.app.listen({ port: 0, host: '127.0.0.1' })
  // For longer than lateness is not heeded after the start.
  await holdUp(alone)
  expect((await fetch(`${url}/v1/permits`)).status).toBe(200)
})
