import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type TestApp, useApp } from '../harness/app.ts'

// In a file of its own: while the process is held up, every server in it is late.
const t = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })
const alone = useApp({ CACHE_MB: 0, MAX_CONCURRENT_REQUESTS: 64 })

/** After the start, in which lateness is not heeded. */
const heedlessMs = 500

/**
 * Nothing else runs in it meanwhile, as while it is loaded, but for what is due: the measuring itself, and nothing that
 * is on time in between, for a sample's mean over both is no lateness.
 */
async function holdUp({ app }: TestApp) {
  const endsAt = performance.now() + 30_000
  while (!app.isUnderPressure() && performance.now() < endsAt) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200)
    await setImmediate()
  }
  expect(app.isUnderPressure()).toBe(true)
}

test('a process that was held up before it listened answers the first that ask', async () => {
  // What asks is loaded before, for it would take a good part of the time in which lateness is not heeded.
  await fetch('data:,')
  await holdUp(t)
  const begin = performance.now()
  const url = await t.app.listen({ port: 0, host: '127.0.0.1' })
  // Several at once: one alone is answered however late the process is.
  const answers = Array.from({ length: 8 }, async () => {
    const { status } = await fetch(`${url}/v1/permits`)
    return { status, afterMs: performance.now() - begin }
  })
  // On a machine so busy that they come after that time, it may rightly refuse them.
  const first = (await Promise.all(answers)).filter(({ afterMs }) => afterMs < heedlessMs)
  expect(first.filter(({ status }) => status !== 200)).toEqual([])
})

test('a process that is held up by other work takes one request when it has none', async () => {
  const url = await alone.app.listen({ port: 0, host: '127.0.0.1' })
  // For longer than lateness is not heeded after the start.
  await holdUp(alone)
  expect((await fetch(`${url}/v1/permits`)).status).toBe(200)
})
