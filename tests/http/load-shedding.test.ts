import pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { waitUntil } from '../process/program.ts'

const t = useApp({ MAX_CONCURRENT_REQUESTS: 2, CACHE_MB: 0 })

let address = ''
beforeAll(async () => {
  address = await t.app.listen({ port: 0, host: '127.0.0.1' })
  // Statements are compiled and connections made before anything is locked.
  await Promise.all([1, 2].map(() => answered()))
})

let holder: pg.Client
beforeEach(async () => {
  holder = new pg.Client(t.url)
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
})
afterEach(() => holder.end())

/** Asks until there is a place: on a busy machine the process itself may be late for a moment. */
const answered = () =>
  waitUntil('there is a place', async () => (await t.api.get('/v1/permits')).status === 200)

const heldUp = (count: number) =>
  waitUntil(`${count} requests wait`, async () => {
    const { rows } = await holder.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length === count
  })

describe('with as many requests in flight as MAX_CONCURRENT_REQUESTS', () => {
  test('the next one is a 503 with Retry-After at once; those within are answered, and then it goes on', async () => {
    const within = [1, 2].map(() => t.api.get('/v1/permits').then((answer) => answer))
    await heldUp(2)
    const { status, body, headers } = await t.api.get('/v1/permits')
    expect([status, body.type, headers['retry-after']]).toEqual([503, '/problems/overloaded', '2'])
    expect(headers['access-control-allow-origin']).toBe('*')
    await holder.query('COMMIT')
    for (const answer of within) expect((await answer).status).toBe(200)
    await t.api.get('/v1/permits').expect(200)
  })

  test('every refusal has the same body and headers, and a request id of its own', async () => {
    const within = [1, 2].map(() => t.api.get('/v1/permits').then((answer) => answer))
    await heldUp(2)
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
    await holder.query('COMMIT')
    for (const answer of within) expect((await answer).status).toBe(200)
  })

  test('hundreds of excess requests each get a 503, and the accepted ones their response', async () => {
    const within = [1, 2].map(() => t.api.get('/v1/permits').then((answer) => answer))
    await heldUp(2)
    const refused = Array.from({ length: 300 }, async () => {
      const { status, headers } = await t.api.get('/v1/permits')
      return `${status} ${headers['retry-after']}`
    })
    expect(new Set(await Promise.all(refused))).toEqual(new Set(['503 2']))
    await holder.query('COMMIT')
    for (const answer of within) expect((await answer).status).toBe(200)
  })

  test('health checks are answered, and streams of changes hold no place', async () => {
    const leaving = new AbortController()
    const streams = await Promise.all(
      Array.from({ length: 5 }, () =>
        fetch(`${address}/v1/changes/stream`, { signal: leaving.signal }),
      ),
    )
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const within = [1, 2].map(() => t.api.get('/v1/permits').then((answer) => answer))
    await heldUp(2)
    await t.api.get('/healthz').expect(200)
    await t.api.get('/readyz').expect(200)
    await holder.query('COMMIT')
    for (const answer of within) expect((await answer).status).toBe(200)
    leaving.abort()
  })

  test('a client that leaves gives its place back', async () => {
    const leaving = new AbortController()
    const gone = [1, 2].map(() =>
      fetch(`${address}/v1/permits`, { signal: leaving.signal }).catch(() => undefined),
    )
    await heldUp(2)
    leaving.abort()
    await Promise.all(gone)
    await waitUntil('there is room', async () => (await t.api.get('/problems')).status === 200)
    await holder.query('COMMIT')
  })
})
