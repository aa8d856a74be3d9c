import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { connectRaw, listenOnFreePort, parseRawResponse } from '../harness/raw-client.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'
import { scaled } from './scale.ts'

/**
 * OWASP API4:2023, Unrestricted Resource Consumption: large, deep, many and slow requests. While each runs, another client is
 * answered. Readers that do not read are in tests/http/stalled-readers.test.ts and unread-streams.test.ts.
 */

const t = useApp({ BODY_LIMIT_BYTES: 100_000, DOCUMENT_LIMIT_BYTES: 200_000 })
const w = useWriteClient(t)
/** One second of mean rate would do; a body of one byte a second is far below. */
const brisk = useApp({
  MIN_BODY_BYTES_PER_SECOND: 1_000,
  HEADERS_TIMEOUT_SECONDS: 3,
  REQUEST_TIMEOUT_SECONDS: 8,
})
const b = useWriteClient(brisk)
const cachedPath = '/v1/permits/wescam-mx15d-baykar-2020'
const limited = useApp({ RATE_LIMIT_PER_MINUTE: 20, CACHE_MB: 0 })
let port: number
let briskPort: number

// Before any test, because the tests of slow bodies run at once.
beforeAll(async () => {
  port = await listenOnFreePort(t)
  briskPort = await listenOnFreePort(brisk)
  await brisk.api.get(cachedPath).expect(200)
})

const opened: Socket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
})

const actor = (overrides: object) => ({
  slug: 'too-much',
  type: 'company',
  name: 'Too much',
  citations: [citationBody()],
  ...overrides,
})

describe('a request that asks for too much', () => {
  test.each([
    '/v1/permits?limit=1000000',
    '/v1/permits?limit=-1',
    '/v1/permits?limit=1e9',
    `/v1/search?q=${'a'.repeat(9_000)}`,
    `/v1/permits?number=${'9'.repeat(9_000)}`,
    '/v1/network?actor=turkey&depth=1000',
    '/v1/timeline?limit=99999999999999999999',
    `/v1/permits?${Array.from({ length: 900 }, (_, n) => `a${n}=1`).join('&')}`,
  ])('GET %s is refused at once', async (path) => {
    const { status } = await t.api.get(path)
    expect([400, 414, 431]).toContain(status)
  })

  test.each<[string, () => object]>([
    ['too many citations', () => actor({ citations: Array(5_000).fill({ quote: 'a' }) })],
    ['too many aliases', () => actor({ aliases: Array(20_000).fill({ name: 'a' }) })],
    ['a long name', () => actor({ name: 'a'.repeat(90_000) })],
    ['a number without end', () => actor({ name: 10 ** 308 })],
  ])('a body with %s is refused', async (_what, build) => {
    const { status } = await w.post('/v1/actors', build())
    expect([400, 413, 422]).toContain(status)
  })

  test('deep JSON is refused, and holds nothing', async () => {
    for (const text of [
      '['.repeat(49_000) + ']'.repeat(49_000),
      `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`,
    ]) {
      const { status } = await t.api
        .post('/v1/actors')
        .set({ authorization: `Bearer ${w.keys.write}`, 'content-type': 'application/json' })
        .send(text)
      expect(status).toBe(400)
    }
  })

  test('a compressed body is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const { status } = await t.api
      .post('/v1/actors')
      .set({
        authorization: `Bearer ${w.keys.write}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      })
      .send(bomb)
    expect([400, 413, 415]).toContain(status)
  })
})

describe('slow bodies', () => {
  const longBody = (method: string, path: string, key = '', type = 'application/json') =>
    `${method} ${path} HTTP/1.1\r\nHost: a\r\n${key}Content-Type: ${type}\r\nContent-Length: 90000\r\n\r\n{`
  const authorization = () => `Authorization: Bearer ${b.keys.write}\r\n`

  test.concurrent.each<[string, () => string]>([
    ['to a route that reads it', () => longBody('POST', '/v1/actors', authorization())],
    ['without a key', () => longBody('POST', '/v1/actors')],
    ['to no route', () => longBody('POST', '/nowhere')],
    ['of an unknown type', () => longBody('POST', '/v1/actors', authorization(), 'text/plain')],
    [
      'of a file',
      () => longBody('POST', '/v1/articles', authorization(), 'multipart/form-data; boundary=x'),
    ],
    [
      'of a file without a key',
      () => longBody('POST', '/v1/articles', '', 'multipart/form-data; boundary=x'),
    ],
    ['of GET', () => longBody('GET', '/v1/permits')],
    ['of GET, cached', () => longBody('GET', cachedPath)],
    ['of HEAD', () => longBody('HEAD', '/v1/permits')],
    ['of OPTIONS', () => longBody('OPTIONS', '/v1/permits')],
    ['to a wrong method', () => longBody('PUT', '/v1/permits')],
    ['to a malformed URL', () => longBody('POST', '/v1/actors/%E0%A4%A')],
    ['of two hosts', () => longBody('POST', '/v1/actors', 'Host: b\r\n')],
    ['that is too long', () => longBody('POST', '/v1/actors').replace('90000', '99000000')],
    [
      'in chunks, to no route',
      () =>
        longBody('POST', '/nowhere')
          .replace('Content-Length: 90000', 'Transfer-Encoding: chunked')
          .replace(/\{$/, '1\r\n{\r\n'),
    ],
    ['after Expect', () => longBody('POST', '/nowhere', 'Expect: 100-continue\r\n')],
  ])('%s do not hold a connection', async (_what, build) => {
    const bytes = build()
    const { socket, closed } = await connectRaw(briskPort, bytes)
    const piece = bytes.includes('chunked') ? '1\r\n{\r\n' : '{'
    const trickle = setInterval(() => socket.write(piece), 500)
    const text = await closed.finally(() => clearInterval(trickle))
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))
    expect(statuses.length).toBeGreaterThan(0)
    for (const status of statuses)
      expect([100, 200, 204, 400, 401, 404, 405, 408, 413, 415]).toContain(status)
  })
})

describe('floods', () => {
  test('of requests get 429 with Retry-After, and health checks are answered', async () => {
    const statuses = new Set<number>()
    for (let count = 0; count < 40; count += 1) {
      const { status, headers } = await limited.api.get(`/v1/permits?limit=${count + 1}`)
      statuses.add(status)
      if (status === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(statuses).toEqual(new Set([200, 429]))
    await limited.api.get('/healthz').expect(200)
  })

  test('of connections that send nothing, or half a request, leave others alone', async () => {
    const count = scaled(2_000, 200)
    for (let index = 0; index < count; index += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      if (index % 2 === 0) socket.write('GET /v1/permits HTTP/1.1\r\nHost: a\r\nX-')
      opened.push(socket)
    }
    await t.api.get('/v1/permits').expect(200)
    await t.api.get('/healthz').expect(200)
  })

  test('of pipelined requests on one connection are answered in order', async () => {
    const count = scaled(2_000, 200)
    const requests = Array.from(
      { length: count },
      (_, index) =>
        `GET /problems/${index % 2 ? 'not-found' : 'overloaded'} HTTP/1.1\r\nHost: a\r\n${index === count - 1 ? 'Connection: close\r\n' : ''}\r\n`,
    )
    const { closed } = await connectRaw(port, requests.join(''))
    const statuses = [...(await closed).matchAll(/HTTP\/1\.1 (\d+) /g)]
    expect(statuses).toHaveLength(count)
    await t.api.get('/healthz').expect(200)
  })

  test('of writes that fail leave no place taken', async () => {
    const bodies = Array.from({ length: scaled(2_000, 100) }, () =>
      w.post('/v1/actors', actor({ citations: [citationBody({ quote: 'not in the text' })] })),
    )
    for (const { status } of await Promise.all(bodies)) expect([422, 503]).toContain(status)
    await w.post('/v1/actors', actor({ slug: 'after-the-flood' })).expect(201)
  })
})

test('a broken request is answered once', async () => {
  const { closed } = await connectRaw(port, '\u0000\u0001\u0002\r\n\r\n')
  expect(parseRawResponse(await closed).status).toBe(400)
})
