import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { addRequiredQuery, exampleRecords, listDescribedRoutes } from '../harness/openapi-routes.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/**
 * OWASP API1:2023, Broken Object Level Authorization. All records of an instance have the same readers, so the objects that need
 * guarding are: everything on a private server, what was retracted, and what belongs to one access key.
 */

const closed = useApp({ ACCESS: 'private' })
const open = useApp()
const w = useWriteClient(open)
const routes = await listDescribedRoutes()

/** All but health checks, the description of the API, and the manifest (Reconciliation Service API 0.2, "Authentication"). */
const guarded = routes.filter(
  ({ method, path }) =>
    /^\/(v1|reconcile)\b/.test(path) && !(method === 'GET' && path === '/reconcile'),
)

const fillPath = (path: string): string => {
  const plural = /^\/v1\/([a-z]+)/.exec(path)?.[1] ?? ''
  const filled = path
    .replace('{ref}', exampleRecords[plural] ?? 'x')
    .replace('{id}', '01936f5e-0000-7000-8000-000000000029')
    .replace('{code}', 'not-found')
  return addRequiredQuery(path, filled)
}

describe('a private server without a key', () => {
  test.each(guarded)('$method $path is a 401, also for an object that exists', async (route) => {
    const { method, path } = route
    const url = fillPath(path)
    const known = await closed.api[method.toLowerCase() as 'get'](url)
    expect(known.status).toBe(401)
    expect(known.headers['www-authenticate']).toMatch(/^Bearer/)
    expect(known.body.type).toBe('/problems/unauthorized')
    if (method !== 'GET') return
    expect((await closed.api.head(url)).status).toBe(401)
    const cached = await closed.api.get(url).set('If-None-Match', '*')
    expect(cached.status).toBe(401)
  })
})

describe('a retracted article', () => {
  test('is served by none of the routes that show current records', async () => {
    const secret = 'a-sentence-that-was-withdrawn'
    const article = {
      slug: 'withdrawn-letter',
      title: 'A letter to withdraw',
      case: 'canada-turkey-wescam',
      text: `The letter says ${secret}.`,
    }
    await w.post('/v1/articles', article).expect(201)
    const { body: created } = await open.api.get('/v1/articles/withdrawn-letter').expect(200)
    await w.del('/v1/articles/withdrawn-letter', { reason: 'sent by mistake' })
    for (const ref of ['withdrawn-letter', created.id])
      for (const path of ['', '/body', '/source', '/near-duplicates', '/proposals']) {
        const { status, text } = await open.api.get(`/v1/articles/${ref}${path}`)
        expect([ref, path, status]).toEqual([ref, path, 410])
        expect(text).not.toContain(secret)
      }
    for (const path of [
      '/v1/articles?limit=100',
      `/v1/search?q=${secret}`,
      '/v1/cases/canada-turkey-wescam/file',
      '/v1/cases/canada-turkey-wescam/export?format=ndjson',
    ]) {
      const { text } = await open.api.get(path).expect(200)
      const place = text.indexOf('withdrawn-letter')
      expect(place < 0 ? '' : `${path}: ${text.slice(place - 200, place + 100)}`).toBe('')
    }
  })
})

test('a retracted good is no member of its family any more', async () => {
  const citations = [citationBody()]
  const family = { slug: 'a-family', designation: 'A family', citations }
  await w.post('/v1/goods', family).expect(201)
  const member = { slug: 'a-member', designation: 'A member', family: 'a-family', citations }
  await w.post('/v1/goods', member).expect(201)
  const readMembers = async () =>
    (await open.api.get('/v1/goods/a-family').expect(200)).body.members.map(
      ({ slug }: { slug: string }) => slug,
    )
  expect(await readMembers()).toEqual(['a-member'])
  await w.del('/v1/goods/a-member', { reason: 'entered twice' })
  expect(await readMembers()).toEqual([])
})

describe('an idempotency key', () => {
  test('of one access key never answers another', async () => {
    const actor = (slug: string) => ({
      slug,
      type: 'company',
      name: slug,
      citations: [citationBody()],
    })
    const headers = { 'idempotency-key': 'shared-between-two' }
    const first = await w.post('/v1/actors', actor('of-the-first'), headers).expect(201)
    const second = await open.api
      .post('/v1/actors')
      .set({ authorization: `Bearer ${w.keys.read}`, ...headers })
      .send(actor('of-the-first'))
    expect(second.status).toBe(403)
    expect(second.text).not.toContain(first.body.id)
  })
})
