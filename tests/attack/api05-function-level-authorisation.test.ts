import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { exampleRecords, listDescribedRoutes } from '../harness/openapi-routes.ts'
import { connectRaw, listenOnFreePort, parseRawResponse } from '../harness/raw-client.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/** OWASP API5:2023, Broken Function Level Authorization: writing without the scope, by the front door and by side doors. */

const t = useApp()
const w = useWriteClient(t)
const writes = (await listDescribedRoutes()).filter(
  ({ method, path }) => method !== 'GET' && path !== '/reconcile',
)

const fillPath = (path: string): string =>
  path
    .replace('{ref}', exampleRecords[/^\/v1\/([a-z]+)/.exec(path)?.[1] ?? ''] ?? 'x')
    .replace('{id}', '01936f5e-0000-7000-8000-000000000029')

const countRevisions = async (): Promise<number> =>
  (await t.api.get('/v1/ledger/head').expect(200)).body.revision

const actor = { slug: 'by-a-side-door', type: 'company', name: 'A', citations: [citationBody()] }

describe('writing', () => {
  test.each(writes)('$method $path needs the scope write', async ({ method, path }) => {
    const before = await countRevisions()
    const send = () => t.api[method.toLowerCase() as 'post'](fillPath(path)).set('If-Match', '*')
    expect((await send().send({})).status).toBe(401)
    const read = await send().set('Authorization', `Bearer ${w.keys.read}`).send({})
    expect([read.status, read.body.type]).toEqual([403, '/problems/forbidden'])
    expect(await countRevisions()).toBe(before)
  })

  test.each([
    '//v1/actors',
    '/v1//actors',
    '/v1/actors/',
    '/V1/ACTORS',
    '/v1/%61ctors',
    '/%76%31/actors',
    '/v1/./actors',
    '/v1/cases/../actors',
    '/v1/actors;x=1',
    '/v1/actors%00',
    '/v1/actors?_method=POST',
    '/healthz/../v1/actors',
    'http://localhost/v1/actors',
  ])('without a key has no way around by the path %s', async (path) => {
    const before = await countRevisions()
    const body = JSON.stringify(actor)
    const { closed } = await connectRaw(
      await listenOnFreePort(t),
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
    const { status } = parseRawResponse(await closed)
    expect([400, 401, 404, 405]).toContain(status)
    expect(await countRevisions()).toBe(before)
  })

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    'is not made of reading by %s',
    async (header) => {
      const before = await countRevisions()
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        await t.api.get('/v1/actors/canada').set(header, method).expect(200)
        const posted = await t.api
          .post('/reconcile')
          .set(header, method)
          .type('form')
          .send('queries={}')
        expect(posted.status).toBe(200)
      }
      expect(await countRevisions()).toBe(before)
    },
  )

  test.each(['PUT', 'TRACE', 'CONNECT', 'PROPFIND', 'LOCK', 'PURGE', 'FOO'])(
    'has no method %s',
    async (method) => {
      const { closed } = await connectRaw(
        await listenOnFreePort(t),
        `${method} /v1/actors/canada HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      const text = await closed
      if (text !== '') expect([400, 404, 405, 501]).toContain(parseRawResponse(text).status)
    },
  )
})

test('a forged address or host gives no rights', async () => {
  for (const headers of [
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-real-ip': '::1' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-original-url': '/healthz' },
    { 'x-rewrite-url': '/healthz' },
  ])
    expect((await t.api.post('/v1/actors').set(headers).send(actor)).status).toBe(401)
})
