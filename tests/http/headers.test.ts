import { get } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { eventually } from '../harness/eventually.ts'
import { buildGood, storeRecords } from '../harness/record-builders.ts'

/** What all answers share beside their bodies. */

const t = useApp()
const limited = useApp({ RATE_LIMIT_PER_MINUTE: 3 })
const hidden = useApp({ ACCESS: 'private' })

const permit = '/v1/permits/wescam-mx15d-baykar-2020'
const tagOf = async (url: string, headers = {}): Promise<string> =>
  (await t.api.get(url).set(headers).expect(200)).headers.etag ?? ''

describe('ETag', () => {
  test('is strong, and stays the same without changes', async () => {
    for (const url of ['/v1/permits', permit, '/v1/events?format=csv', '/v1/citations?limit=1']) {
      const tag = await tagOf(url)
      expect(tag).toMatch(/^"[\w-]{10,}"$/)
      expect(await tagOf(url)).toBe(tag)
    }
  })

  test('differs by path, query, Accept and Accept-Encoding', async () => {
    const tags = [
      await tagOf('/v1/events'),
      await tagOf('/v1/permits'),
      await tagOf('/v1/events?limit=5'),
      await tagOf('/v1/events?limit=6'),
      await tagOf('/v1/events', { Accept: 'text/csv' }),
      await tagOf('/v1/events', { 'Accept-Encoding': 'identity' }),
    ]
    expect(new Set(tags).size).toBe(tags.length)
  })

  test('comes with Vary and Cache-Control: no-cache', async () => {
    const { headers } = await t.api.get(permit).expect(200)
    expect(headers['cache-control']).toBe('no-cache')
    const vary = (headers.vary ?? '').toLowerCase()
    for (const name of ['accept', 'accept-encoding', 'authorization']) expect(vary).toContain(name)
  })

  test('changes after a write; the old one gets a full response', async () => {
    const before = await tagOf('/v1/goods')
    const revision = await storeRecords(t.database, buildGood({ slug: 'just-made' }))
    await eventually(() => expect(t.head.getKnownHead()?.revision).toBe(revision))
    const { body, headers } = await t.api.get('/v1/goods').set('If-None-Match', before).expect(200)
    expect(headers.etag).not.toBe(before)
    expect(body.data.map(({ slug }: { slug: string }) => slug)).toContain('just-made')
  })

  test('is missing on errors', async () => {
    for (const url of ['/v1/permits/nothing', '/v1/permits?limit=0', '/nowhere']) {
      const { headers } = await t.api.get(url)
      expect(headers.etag).toBeUndefined()
      expect(headers['cache-control']).toBe('no-store')
    }
  })
})

describe('If-None-Match', () => {
  test.each([
    ['the tag', (tag: string) => tag],
    ['the tag as a weak one', (tag: string) => `W/${tag}`],
    ['one of several', (tag: string) => `"other", ${tag} ,"more"`],
    ['any', () => '*'],
  ])('%s: 304 without a body, with the headers of the 200', async (_name, buildHeader) => {
    const full = await t.api.get(permit).expect(200)
    const ifNoneMatch = buildHeader(full.headers.etag ?? '')
    const response = await t.api.get(permit).set('If-None-Match', ifNoneMatch)
    expect(response.status).toBe(304)
    expect(response.text).toBe('')
    for (const name of ['etag', 'cache-control', 'access-control-allow-origin'])
      expect(response.headers[name]).toBe(full.headers[name])
    const parseVary = ({ vary = '' }: { vary?: string }) => new Set(vary.toLowerCase().split(', '))
    expect(parseVary(response.headers)).toEqual(parseVary(full.headers))
  })

  test.each(['"other"', 'no tag at all', ''])('%s: 200 with the body', async (ifNoneMatch) => {
    await t.api.get(permit).set('If-None-Match', ifNoneMatch).expect(200)
  })

  test('a 304 needs no query', async () => {
    await eventually(() => expect(t.head.getKnownHead()).not.toBeNull())
    const tag = await tagOf('/v1/events')
    let queries = 0
    t.database.pool.on('acquire', () => {
      queries += 1
    })
    await t.api.get('/v1/events').set('If-None-Match', tag).expect(304)
    expect(queries).toBe(0)
    await t.api.get('/v1/events?limit=17').expect(200)
    expect(queries).toBe(1)
  })

  test('HEAD returns the headers of GET', async () => {
    const encoding = { 'Accept-Encoding': 'identity' }
    const { headers } = await t.api.get(permit).set(encoding).expect(200)
    const head = await t.api.head(permit).set(encoding).expect(200)
    expect(head.headers.etag).toBe(headers.etag)
    expect(head.headers['content-length']).toBe(headers['content-length'])
    expect(head.text).toBeUndefined()
    const conditional = { ...encoding, 'If-None-Match': headers.etag ?? '' }
    await t.api.head(permit).set(conditional).expect(304)
    for (const format of ['csv', 'ndjson'])
      await t.api.head(`/v1/events?format=${format}`).expect(200)
  })
})

describe('a cached response', () => {
  // Its name has characters that are not ASCII.
  const cachedUrl = '/v1/actors/francois-philippe-champagne?'
  const responseSpecific =
    /^(date|x-request-id|connection|keep-alive|transfer-encoding|content-length)$/
  const commonHeaders = (headers: object) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !responseSpecific.test(name)))

  test.each(['identity', 'gzip', 'br', 'deflate'])(
    '%s: equals the first response',
    async (coding) => {
      await eventually(() => expect(t.head.getKnownHead()).not.toBeNull())
      const sendRequest = () => t.api.get(cachedUrl).set('Accept-Encoding', coding).expect(200)
      const first = await sendRequest()
      let queries = 0
      const count = () => {
        queries += 1
      }
      t.database.pool.on('acquire', count)
      // After a streamed compressed response the server compresses it once more for the cache.
      const second = await eventually(async () => {
        queries = 0
        const response = await sendRequest()
        expect(queries).toBe(0)
        return response
      })
      t.database.pool.off('acquire', count)
      expect(second.body).toEqual(first.body)
      expect(commonHeaders(second.headers)).toEqual(commonHeaders(first.headers))
      expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
      const { headers } = await t.api
        .get(cachedUrl)
        .set({ 'Accept-Encoding': coding, 'If-None-Match': first.headers.etag ?? '' })
        .expect(304)
      expect(headers['content-type']).toBeUndefined()
      expect(headers['content-length']).toBeUndefined()
    },
  )

  test('is not used for requests that need a key', async () => {
    const { status } = await hidden.api.get(permit)
    expect(status).toBe(401)
    await hidden.api.get(permit).expect(401)
  })

  test('401 for an unknown key although the response is cached', async () => {
    await t.api.get(cachedUrl).expect(200)
    await t.api.get(cachedUrl).set('Authorization', 'Bearer nothing').expect(401)
  })

  test('is not used for a request for the newest revision', async () => {
    await t.api.get(cachedUrl).expect(200)
    let queries = 0
    const count = () => {
      queries += 1
    }
    t.database.pool.on('acquire', count)
    await t.api.get(cachedUrl).set('Cache-Control', 'no-cache').expect(200)
    t.database.pool.off('acquire', count)
    expect(queries).toBeGreaterThan(0)
  })
})

describe('X-Request-Id', () => {
  test.each(['abc', 'A.b_c-1', 'x'.repeat(100)])('%s is accepted and returned', async (id) => {
    const { headers } = await t.api.get('/v1/cases').set('X-Request-Id', id)
    expect(headers['x-request-id']).toBe(id)
  })

  test.each(['', 'two words', 'a"b', 'x'.repeat(101), '<script>'])(
    '%s is invalid and replaced by a new id',
    async (id) => {
      const { headers } = await t.api.get('/v1/cases').set('X-Request-Id', id)
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    },
  )

  test('every response has its own id', async () => {
    const urls = ['/', '/healthz', '/nowhere', '/v1/permits?limit=0', '/v1/%zz', '/v1/cases?x=%00']
    const ids = []
    for (const url of urls) ids.push((await t.api.get(url)).headers['x-request-id'])
    ids.push((await t.api.get(permit).set('If-None-Match', '*')).headers['x-request-id'])
    ids.push((await t.api.delete('/')).headers['x-request-id'])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain(undefined)
  })
})

test('every response has nosniff, also for a malformed URL', async () => {
  for (const url of ['/', permit, '/nowhere', '/v1/permits?limit=0', '/v1/%zz'])
    expect((await t.api.get(url)).headers['x-content-type-options'], url).toBe('nosniff')
})

describe('CORS', () => {
  test('any origin can read any response, errors included', async () => {
    const urls = [
      '/',
      '/openapi.json',
      '/docs',
      '/problems',
      '/healthz',
      permit,
      '/v1/events?format=csv',
      '/nowhere',
      '/v1/permits/nothing',
      '/v1/permits?limit=0',
      '/v1/cases?x=%00',
      '/v1/%zz',
      `/v1/permits/${'a'.repeat(300)}`,
    ]
    for (const url of urls) {
      const { headers } = await t.api.get(url).set('Origin', 'https://news.example')
      expect(headers['access-control-allow-origin'], url).toBe('*')
    }
    const { headers } = await t.api.put('/').set('Origin', 'https://news.example').expect(405)
    expect(headers['access-control-allow-origin']).toBe('*')
  })

  test('exposes the response headers', async () => {
    const { headers } = await t.api.get(permit)
    const exposed = (headers['access-control-expose-headers'] ?? '').split(', ')
    for (const name of ['ETag', 'Link', 'Retry-After', 'X-Request-Id', 'X-Total-Count'])
      expect(exposed).toContain(name)
  })

  test('a preflight request allows every method', async () => {
    const { headers } = await t.api
      .options(permit)
      .set({ Origin: 'https://news.example', 'Access-Control-Request-Method': 'PATCH' })
      .set('Access-Control-Request-Headers', 'authorization,if-match')
      .expect(204)
    const methods = (headers['access-control-allow-methods'] ?? '').split(/, ?/)
    expect(methods).toEqual(expect.arrayContaining(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']))
    expect(headers['access-control-allow-headers']).toBe('authorization,if-match')
    expect(headers['access-control-max-age']).toBe('86400')
  })

  test('OPTIONS without an origin is no error', async () => {
    await t.api.options(permit).expect(204)
  })
})

describe('compression', () => {
  /** A response without decompression. */
  async function getRaw(url: string, encoding: string, isFresh = false) {
    if (!t.app.server.listening) await t.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = t.app.server.address() as { port: number }
    const headers = {
      'Accept-Encoding': encoding,
      ...(isFresh && { 'Cache-Control': 'no-cache' }),
    }
    const { promise, resolve, reject } = Promise.withResolvers<{
      bytes: Buffer
      encoding: string | undefined
      vary: string
    }>()
    get({ host: '127.0.0.1', port, path: url, headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const { 'content-encoding': contentEncoding, vary = '' } = response.headers
      resolve({ bytes: Buffer.concat(chunks), encoding: contentEncoding, vary })
    }).on('error', reject)
    return promise
  }

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
  ])('%s decompresses to the same bytes', async (encoding, decompress) => {
    for (const url of [
      '/v1/events',
      '/v1/events?format=csv',
      '/v1/events?format=ndjson',
      '/openapi.json',
    ]) {
      const plain = await getRaw(url, 'identity')
      const compressed = await getRaw(url, encoding)
      expect(plain.encoding).toBeUndefined()
      expect(compressed.encoding).toBe(encoding)
      expect(compressed.vary.toLowerCase()).toContain('accept-encoding')
      expect(compressed.bytes.length).toBeLessThan(plain.bytes.length)
      expect(decompress(compressed.bytes).equals(plain.bytes)).toBe(true)
    }
  })

  test('a cached response is compressed like the first', async () => {
    const first = await getRaw(`${permit}?`, 'gzip')
    const second = await getRaw(`${permit}?`, 'gzip')
    expect(second).toEqual(first)
  })

  test('a response that is requested again while it is cached is compressed once', async () => {
    for (const url of [`${permit}?`, '/v1/events?limit=9']) {
      const first = await getRaw(url, 'gzip')
      for (const isFresh of [true, false, true, false])
        expect(await getRaw(url, 'gzip', isFresh)).toEqual(first)
    }
  })

  test('a short response is not compressed', async () => {
    expect((await getRaw('/healthz', 'gzip, br')).encoding).toBeUndefined()
  })
})

describe('RateLimit', () => {
  test('every limited response has the remaining number; then 429 as a problem', async () => {
    for (const remaining of ['2', '1', '0']) {
      const { headers } = await limited.api.get(`/v1/cases?limit=1${remaining}`).expect(200)
      expect(headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': remaining })
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0)
    }
    const { body, headers } = await limited.api.get('/v1/cases').expect(429)
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'access-control-allow-origin': '*',
      'ratelimit-remaining': '0',
    })
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(body).toEqual({
      type: '/problems/too-many-requests',
      title: 'Too many requests',
      status: 429,
      detail: expect.stringMatching(/\d/),
    })
    await limited.api.get('/healthz').expect(200)
    await limited.api.get('/readyz').expect(200)
    await limited.api.get('/nowhere').expect(404)
    const cached = await limited.api.get('/v1/cases?limit=10').expect(200)
    expect(cached.headers['ratelimit-limit']).toBeUndefined()
  })
})
