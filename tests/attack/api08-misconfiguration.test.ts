import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { connectRaw, listenOnFreePort } from '../harness/raw-client.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/** OWASP API8:2023, Security Misconfiguration: headers, CORS, caches, error texts and hosts, with the settings as they come. */

const t = useApp({ LOG_LEVEL: 'info' })
const w = useWriteClient(t)

const samples: [string, number, Record<string, string>][] = [
  ['/v1/permits', 200, {}],
  ['/v1/permits/no-such-permit', 404, {}],
  ['/v1/permits?nonsense=1', 400, {}],
  ['/nowhere', 404, {}],
  ['/v1/actors/%E0%A4%A', 400, {}],
  ['/v1/permits', 401, { authorization: 'Bearer x' }],
  ['/v1/permits', 406, { accept: 'image/png' }],
  ['/healthz', 200, {}],
  ['/openapi.json', 200, {}],
]

describe.each(samples)('GET %s with status %i', (path, status, headers) => {
  test('has the security headers, and tells nothing of the program', async () => {
    const response = await t.api.get(path).set(headers)
    expect(response.status).toBe(status)
    const sent = response.headers
    expect(sent['x-content-type-options']).toBe('nosniff')
    expect(sent['x-powered-by']).toBeUndefined()
    expect(sent.server).toBeUndefined()
    expect(sent['access-control-allow-credentials']).toBeUndefined()
    expect(sent['set-cookie']).toBeUndefined()
    if (status >= 400) {
      expect(response.text).not.toMatch(/node_modules|\.ts:\d|at async|postgres|SELECT|stack/)
      expect(sent['cache-control']).toMatch(/no-store/)
    }
  })
})

test('what is shown to one key is stored by no shared cache', async () => {
  const { headers } = await t.api.get('/v1/permits').set('Authorization', `Bearer ${w.keys.read}`)
  expect(headers['cache-control']).not.toMatch(/public/)
})

test('another host is not in the response of the next client', async () => {
  const path = '/v1/permits?format=jsonld'
  await t.api.get(path).set('Host', 'evil.example').expect(200)
  const { text } = await t.api.get(path).set('Host', 'good.example').expect(200)
  expect(text).not.toContain('evil.example')
  const { text: plain } = await t.api
    .get('/v1/permits')
    .set({ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' })
  expect(plain).not.toContain('evil.example')
})

test('a page of records runs nothing that a record says', async () => {
  const name = '<script>alert(1)</script><img src=x onerror=a>'
  const citations = [citationBody()]
  await w.post('/v1/actors', { slug: 'marked-up', type: 'company', name, citations }).expect(201)
  const path = '/reconcile/preview?id=actor/marked-up'
  const { text, headers } = await t.api.get(path).expect(200)
  expect(text).toContain('&lt;script')
  expect(text).not.toMatch(/<script>alert|<img src=x/)
  expect(headers['content-security-policy']).toMatch(/default-src|script-src/)
})

describe('two requests in one', () => {
  test.each([
    [
      'a length and chunks',
      'POST /reconcile HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    [
      'two lengths',
      'POST /reconcile HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    [
      'an unknown coding',
      'POST /reconcile HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    [
      'a space before the colon',
      'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length : 30\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    ['a line feed alone', 'GET /healthz HTTP/1.1\nHost: a\n\nGET /smuggled HTTP/1.1\nHost: a\n\n'],
    ['a folded header', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b: c\r\n\r\n'],
  ])('are refused: %s', async (_what, bytes) => {
    const { closed } = await connectRaw(await listenOnFreePort(t), bytes)
    const text = await closed
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
  })
})
