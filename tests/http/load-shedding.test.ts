import pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { waitUntil } from '../process/program.ts'

const t = useApp({ MAX_CONCURRENT_REQUESTS: 2, CACHE_MB: 0 })

let address = ''
beforeAll(async () => {
  address = await t.app.listen({ port: 0, host: '127.0.0.1' })
  // Prepares statements and opens connections before the table is locked.
  await Promise.all([1, 2].map(() => waitForAcceptedRequest()))
})

let lockHolder: pg.Client
beforeEach(async () => {
  lockHolder = new pg.Client(t.url)
  await lockHolder.connect()
  await lockHolder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
})
afterEach(() => lockHolder.end())

/** Repeats a request until it is accepted: on a busy machine the event loop may be delayed for a moment. */
const waitForAcceptedRequest = () =>
  waitUntil('a request is accepted', async () => (await t.api.get('/v1/permits')).status === 200)

const waitForBlockedRequests = (count: number) =>
  waitUntil(`${count} requests wait`, async () => {
    const { rows } = await lockHolder.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length === count
  })

describe('with MAX_CONCURRENT_REQUESTS requests in flight', () => {
  test('the next request is a 503 with Retry-After; the others are answered, then requests are accepted again', async () => {
    const accepted = [1, 2].map(() => t.api.get('/v1/permits').then((response) => response))
    await waitForBlockedRequests(2)
    const { status, body, headers } = await t.api.get('/v1/permits')
    expect([status, body.type, headers['retry-after']]).toEqual([503, '/problems/overloaded', '2'])
    expect(headers['access-control-allow-origin']).toBe('*')
    await lockHolder.query('COMMIT')
    for (const response of accepted) expect((await response).status).toBe(200)
    await t.api.get('/v1/permits').expect(200)
  })

  test('every refused request has the same body and its own request id', async () => {
    const accepted = [1, 2].map(() => t.api.get('/v1/permits').then((response) => response))
    await waitForBlockedRequests(2)
    const first = await t.api.get('/v1/permits')
    const others = await Promise.all([
      ...['/v1/permits', '/v1/nowhere', '/v1/permits?limit=x'].map((path) => t.api.get(path)),
      t.api.post('/v1/actors').send({ slug: 'x' }),
    ])
    for (const { status, body, headers } of others) {
      expect([status, body]).toEqual([503, first.body])
      const { 'x-request-id': id, date, ...same } = headers
      expect(id).not.toBe(first.headers['x-request-id'])
      const { 'x-request-id': _, date: __, ...expected } = first.headers
      expect(same).toEqual(expected)
    }
    await lockHolder.query('COMMIT')
    for (const response of accepted) expect((await response).status).toBe(200)
  })

  test('hundreds of excess requests all get a 503, and the accepted ones their response', async () => {
    const accepted = [1, 2].map(() => t.api.get('/v1/permits').then((response) => response))
    await waitForBlockedRequests(2)
    const refused = Array.from({ length: 300 }, async () => {
      const { status, headers } = await t.api.get('/v1/permits')
      return `${status} ${headers['retry-after']}`
    })
    expect(new Set(await Promise.all(refused))).toEqual(new Set(['503 2']))
    await lockHolder.query('COMMIT')
    for (const response of accepted) expect((await response).status).toBe(200)
  })

  test('health checks are answered, and streams of changes do not count', async () => {
    const disconnecting = new AbortController()
    const streams = await Promise.all(
      Array.from({ length: 5 }, () =>
        fetch(`${address}/v1/changes/stream`, { signal: disconnecting.signal }),
      ),
    )
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const accepted = [1, 2].map(() => t.api.get('/v1/permits').then((response) => response))
    await waitForBlockedRequests(2)
    await t.api.get('/healthz').expect(200)
    await t.api.get('/readyz').expect(200)
    await lockHolder.query('COMMIT')
    for (const response of accepted) expect((await response).status).toBe(200)
    disconnecting.abort()
  })

  test('a disconnected client no longer counts', async () => {
    const disconnecting = new AbortController()
    const abandoned = [1, 2].map(() =>
      fetch(`${address}/v1/permits`, { signal: disconnecting.signal }).catch(() => undefined),
    )
    await waitForBlockedRequests(2)
    disconnecting.abort()
    await Promise.all(abandoned)
    await waitUntil(
      'a request is accepted',
      async () => (await t.api.get('/problems')).status === 200,
    )
    await lockHolder.query('COMMIT')
  })
})
