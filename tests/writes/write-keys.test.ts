import { describe, expect, test } from 'vitest'
import { createKey, listKeys, revokeKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'
import { citationBody } from '../harness/write-client.ts'

const t = useApp()
const closed = useApp({ ACCESS: 'private' })

const createTestKey = async (app: typeof t, overrides: object) => {
  const keyInput = { name: 'k', scope: 'read' as const, expiresAt: null, ...overrides }
  return (await createKey(app.database.db, keyInput))?.text ?? ''
}
const actor = (slug: string) => ({ slug, type: 'company', name: slug, citations: [citationBody()] })
const post = (authorization: string | null, slug = 'by-a-key') => {
  const test = t.api.post('/v1/actors')
  return (authorization === null ? test : test.set('Authorization', authorization)).send(
    actor(slug),
  )
}
const challenge = (error?: string, scope?: string) =>
  ['Bearer realm="casefile"', error && `error="${error}"`, scope && `scope="${scope}"`]
    .filter(Boolean)
    .join(', ')

describe('a write', () => {
  test('without a key: 401 with WWW-Authenticate, before the body is read', async () => {
    const { status, body, headers } = await post(null)
    expect([status, body.type]).toEqual([401, '/problems/unauthorized'])
    expect(headers['www-authenticate']).toBe(challenge())
    const large = t.api.post('/v1/actors').set('Content-Type', 'application/json')
    expect((await large.send(`"${'a'.repeat(2_000_000)}"`)).status).toBe(401)
  })

  test.each([
    ['in another format', 'Bearer nonsense'],
    ['of another scheme', 'Basic a2V5OnNlY3JldA=='],
    ['that is unknown', `Bearer casefile_${'0'.repeat(32)}_${'A'.repeat(43)}`],
    ['that is empty', 'Bearer '],
  ])('with a key %s: 401 with the reason', async (_what, authorization) => {
    const { status, headers } = await post(authorization)
    expect([status, headers['www-authenticate']]).toEqual([401, challenge('invalid_token')])
  })

  test('with a wrong secret of an existing key: 401', async () => {
    const text = await createTestKey(t, { name: 'another secret', scope: 'write' })
    const other = text.replace(/.{5}$/, (end) => (end === 'AAAAA' ? 'BBBBB' : 'AAAAA'))
    expect((await post(`Bearer ${other}`)).status).toBe(401)
  })

  test('with a key of scope read: 403 with the required scope', async () => {
    const { status, body, headers } = await post(
      `Bearer ${await createTestKey(t, { name: 'reader' })}`,
    )
    expect([status, body.type]).toEqual([403, '/problems/forbidden'])
    expect(headers['www-authenticate']).toBe(challenge('insufficient_scope', 'write'))
  })

  test.each(['write', 'admin'])(
    'with a key of scope %s: 201, with its name as author',
    async (scope) => {
      const text = await createTestKey(t, { name: `the ${scope} desk`, scope })
      const { body } = await post(`bearer ${text}`, `by-${scope}`).expect(201)
      const { body: feed } = await t.api.get(`/v1/changes?since=${body.revision - 1}`)
      expect(feed.data[0].author).toBe(`the ${scope} desk`)
    },
  )

  test('with a revoked or expired key: 401', async () => {
    const revoked = await createTestKey(t, { name: 'revoked', scope: 'write' })
    await post(`Bearer ${revoked}`, 'before-it-was-revoked').expect(201)
    expect(await revokeKey(t.database.db, 'revoked')).toMatchObject({ name: 'revoked' })
    await post(`Bearer ${revoked}`, 'after').expect(401)
    const expiresAt = new Date(Date.now() + 3_600_000)
    const expiring = await createTestKey(t, { name: 'expiring', scope: 'write', expiresAt })
    await post(`Bearer ${expiring}`, 'before-it-expired').expect(201)
    await t.database.pool.query(
      "UPDATE access_key SET expires_at = now() - interval '1 second' WHERE name = 'expiring'",
    )
    await post(`Bearer ${expiring}`, 'after').expect(401)
  })
})

test('a key is stored as a hash, with its last use to the minute', async () => {
  const text = await createTestKey(t, { name: 'noted', scope: 'write' })
  // The secret itself can contain underscores.
  const secret = text.replace(/^casefile_[0-9a-f]{32}_/, '')
  const { rows } = await t.database.pool.query("SELECT * FROM access_key WHERE name = 'noted'")
  expect(JSON.stringify(rows)).not.toContain(secret)
  expect(rows[0].hash).toMatch(/^[0-9a-f]{64}$/)
  expect(rows[0].last_used_at).toBeNull()
  const now = async () =>
    (await t.database.pool.query<{ now: Date }>('SELECT now() AS now')).rows[0]?.now.toISOString()
  const before = await now()
  await post(`Bearer ${text}`, 'noted-1').expect(201)
  const used = async () =>
    (await listKeys(t.database.db)).find(({ name }) => name === 'noted')?.lastUsedAt
  const first = await used()
  const noted = new Date(first ?? '').toISOString()
  const inOrder = [before, noted, await now()]
  expect(inOrder.toSorted()).toEqual(inOrder)
  await post(`Bearer ${text}`, 'noted-2').expect(201)
  expect(await used()).toBe(first)
})

test('401 for an invalid key on a public route', async () => {
  await t.api.get('/v1/actors').set('Authorization', 'Bearer nonsense').expect(401)
})

describe('ACCESS=private', () => {
  test('requires a key for reads; docs, problems and health stay public', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/openapi.json', '/problems', '/docs'])
      expect((await closed.api.get(path)).status, path).toBeLessThan(400)
    for (const path of [
      '/v1/actors',
      '/v1/actors/turkey',
      '/v1/changes/stream',
      '/v1/ledger',
      '/%761/actors',
    ])
      expect((await closed.api.get(path)).status, path).toBe(401)
    const text = await createTestKey(closed, { name: 'reader' })
    for (const path of ['/v1/actors', '/v1/actors/turkey', '/v1/ledger/head'])
      await closed.api.get(path).set('Authorization', `Bearer ${text}`).expect(200)
  })

  test.each(['/reconcile', '/v1/actors', '/v1/actors/turkey', '/reconcile?queries=%7B%7D', '/'])(
    'answers HEAD %s without a key with the status of GET',
    async (path) => {
      const { status } = await closed.api.get(path)
      expect((await closed.api.head(path)).status).toBe(status)
    },
  )

  test('only GET and HEAD of the reconciliation manifest are public', async () => {
    await closed.api.get('/reconcile').expect(200)
    await closed.api.head('/reconcile').expect(200)
    await closed.api.post('/reconcile').type('form').send('queries={}').expect(401)
    for (const path of ['/reconcile?queries=%7B%7D', '/reconcile/preview?id=actor/canada']) {
      await closed.api.get(path).expect(401)
      await closed.api.head(path).expect(401)
    }
  })

  test('the cache and 304 are only for keys that can read', async () => {
    const text = await createTestKey(closed, { name: 'second reader' })
    const path = '/v1/permits/wescam-mx15d-baykar-2020'
    const { headers } = await closed.api
      .get(path)
      .set('Authorization', `Bearer ${text}`)
      .expect(200)
    await closed.api.get(path).expect(401)
    await closed.api
      .get(path)
      .set('If-None-Match', headers.etag ?? '')
      .expect(401)
    await closed.api
      .get(path)
      .set({ authorization: `Bearer ${text}`, 'if-none-match': headers.etag ?? '' })
      .expect(304)
    expect(headers.vary).toContain('Authorization')
  })
})
