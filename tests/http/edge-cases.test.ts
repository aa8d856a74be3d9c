import fc from 'fast-check'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  addRequiredQuery,
  insertExample,
  listDescribedRoutes,
  readExampleId,
} from '../harness/openapi-routes.ts'
import { connectRaw, listenOnFreePort, parseRawResponse } from '../harness/raw-client.ts'
import { storeExampleFigure, storeExamplePage } from '../harness/record-builders.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'
import { waitUntil } from '../process/program.ts'

/** Inputs that are rare, and were answered wrongly once. Each test covers all places where the same mistake can occur. */

const t = useApp({ LOG_LEVEL: 'info', CACHE_MB: 0, MAX_STREAMS: 2, MAX_CONCURRENT_EXPORTS: 2 })

beforeAll(() => storeExampleFigure(t.database))
beforeAll(() => storeExamplePage(t.database))
const w = useWriteClient(t)
const routes = await listDescribedRoutes()
const getRoutes = routes.filter(({ method }) => method === 'GET')
const unknownId = '019b0000-0000-7000-8000-000000000000'

describe('a search', () => {
  test.each(['%CC%81', 'turkey%20%CC%81', '%22%CC%81%22', '-%CC%81', '%CC%81%20or%20turkey'])(
    'q=%s has combining marks without a letter: no error of the server',
    async (q) => {
      const { status, body } = await t.api.get(`/v1/search?q=${q}`)
      if (/turkey/.test(q)) expect([status, body.data.length > 0]).toEqual([200, true])
      else expect([status, body.type]).toEqual([400, '/problems/invalid-request'])
    },
  )

  test('of any words and marks is answered or refused', async () => {
    const piece = fc.constantFrom(
      'a',
      'Turkey',
      '\u0301',
      '\u20dd',
      ' ',
      '"',
      '-',
      "'",
      '\\',
      ':',
      '&',
      '|',
      '!',
      '(',
      '1',
      'é',
      'Ж',
      '٣',
      'or',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
        const q = encodeURIComponent(pieces.join(''))
        expect([200, 400]).toContain((await t.api.get(`/v1/search?q=${q}`)).status)
      }),
      { numRuns: 150 },
    )
  })
})

describe('an empty segment in the place of a parameter', () => {
  test.each(
    routes.filter(({ path }) => path.includes('{')).map(({ method, path }) => [method, path]),
  )('%s %s is a 404', async (method, path) => {
    const url = path.replaceAll(/\{\w+\}/g, '')
    const port = await listenOnFreePort(t)
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: { authorization: `Bearer ${w.keys.write}` },
    })
    expect([response.status, (await response.json()).type]).toEqual([404, '/problems/not-found'])
  })
})

describe('a record that there is not, asked for in a format that is not available', () => {
  test.each(
    getRoutes
      .filter(({ path }) => path.includes('{') && !path.includes('{code}'))
      .map(({ path }) => path),
  )('GET %s is a 404, not a 406', async (path) => {
    const url = insertExample(path, 'no-such-record').replace('{id}', unknownId)
    const { status, body } = await t.api
      .get(addRequiredQuery(path, url))
      .set('Accept', 'text/html')
      .set('Authorization', `Bearer ${w.keys.write}`)
    expect([status, body.type]).toEqual([404, '/problems/not-found'])
  })
})

describe('If-Match', () => {
  test.each([
    ['PATCH', (path: string, tag: string) => w.patch(path, { name: 'x' }, { 'if-match': tag })],
    ['DELETE', (path: string, tag: string) => w.del(path, { reason: 'x' }, { 'if-match': tag })],
    [
      'POST merge',
      (path: string, tag: string) =>
        w.post(`${path}/merge`, { into: 'baykar' }, { 'if-match': tag }),
    ],
    [
      'batch',
      (path: string, tag: string) =>
        w.post('/v1/batch', {
          items: [
            {
              op: 'update',
              kind: 'actor',
              ref: path.split('/').at(-1),
              ifMatch: tag,
              patch: { name: 'x' },
            },
          ],
        }),
    ],
  ])('%s with a weak tag is a 412: it compares strongly', async (what, send) => {
    const slug = `weakly-tagged-${what.toLowerCase().replace(' ', '-')}`
    await w.createActor(slug)
    const path = `/v1/actors/${slug}`
    const { status, body } = await send(path, `W/${await w.readEtag(path)}`)
    expect([status, body.type]).toEqual([412, '/problems/precondition-failed'])
  })
})

describe('HEAD', () => {
  const comparable = (headers: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) =>
          !/^(date|x-request-id|connection|keep-alive|transfer-encoding|content-encoding|content-length|vary)$/.test(
            name,
          ),
      ),
    )

  test.each(
    getRoutes
      .filter(({ path }) => path !== '/v1/changes/stream')
      .flatMap(({ path }) => ['gzip', 'identity'].map((coding) => [path, coding] as const)),
  )('of %s with %s has the headers of GET', async (path, coding) => {
    const url = addRequiredQuery(
      path,
      insertExample(path)
        .replace('{id}', await readExampleId(t.api, path))
        .replace('{code}', 'not-found'),
    )
    const headers = {
      'Accept-Encoding': coding,
      'Cache-Control': 'no-cache',
      Authorization: `Bearer ${w.keys.write}`,
    }
    const get = await t.api.get(url).set(headers).buffer(true)
    const head = await t.api.head(url).set(headers)
    expect(get.status).toBeLessThan(400)
    expect([head.status, comparable(head.headers)]).toEqual([get.status, comparable(get.headers)])
    const length = head.headers['content-length']
    if (length !== undefined) expect(length).toBe(get.headers['content-length'])
  })

  test('of a stream ends, and holds no place', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { headers } = await t.api.head('/v1/changes/stream').expect(200)
      expect(headers['content-type']).toBe('text/event-stream; charset=utf-8')
    }
  })

  test('of an export holds no place', async () => {
    for (let round = 0; round < 5; round += 1)
      for (const path of [
        '/v1/ledger',
        '/v1/events?format=csv',
        '/v1/cases/canada-turkey-wescam/bundle',
      ])
        await t.api.head(path).expect(200)
  })
})

describe('a reserved name in JSON', () => {
  test.each([
    ['{"constructor":{"prototype":{}}}', '/body/constructor'],
    ['{"a":[{"constructor":{"x":1,"prototype":1}}]}', '/body/a/0/constructor'],
    ['{"__proto__":{}}', '/body'],
    ['{"a":{"\\u005f_proto__":1}}', '/body/a'],
  ])('%s is refused for what it is', async (json, pointer) => {
    const { status, body } = await t.api
      .post('/v1/actors')
      .set({ Authorization: `Bearer ${w.keys.write}`, 'Content-Type': 'application/json' })
      .send(json)
    expect([status, body.errors?.[0]?.detail]).toEqual([
      400,
      'this name is reserved and cannot be a member',
    ])
    expect(body.errors[0].pointer.startsWith(pointer)).toBe(true)
  })

  test.each(['{"constructor":{}}', '{"prototype":{}}', '{"constructor":"prototype"}'])(
    '%s is an unknown member like any other',
    async (json) => {
      const { body } = await t.api
        .post('/v1/actors')
        .set({ Authorization: `Bearer ${w.keys.write}`, 'Content-Type': 'application/json' })
        .send(json)
      expect(JSON.stringify(body)).not.toContain('reserved')
      expect(body.status).toBe(400)
    },
  )
})

describe('a problem stays short, whatever was sent', () => {
  const long = 'x'.repeat(20_000)
  test('a citation of a long quote that occurs often, or nowhere', async () => {
    const sentence = 'The authority issued a permit for the export of sensors to the company. '
    const text = sentence.repeat(2_000)
    const { body: article } = await w
      .post('/v1/articles', {
        slug: 'repetitive',
        case: 'canada-turkey-wescam',
        title: 'R',
        type: 'letter',
        text,
      })
      .expect(201)
    expect(article.slug).toBe('repetitive')
    for (const quote of [
      sentence.repeat(250).slice(0, 18_000),
      `${sentence.repeat(250).slice(0, 18_000)}?`,
    ]) {
      const response = await w.post('/v1/actors', {
        slug: 'too-long-a-quote',
        type: 'company',
        name: 'A',
        citations: Array.from({ length: 20 }, () => citationBody({ article: 'repetitive', quote })),
      })
      expect(response.status).toBe(422)
      expect(response.text.length).toBeLessThan(30_000)
      const [passage] = response.body.passages
      if (passage) expect(passage.end - passage.start).toBeGreaterThan(10_000)
    }
  })

  test.each([
    [
      'many unknown members',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`member-${n}`, 1])),
    ],
    ['a long unknown member', { [long]: 1 }],
    ['many wrong values', { citations: Array.from({ length: 20_000 }, () => ({ quote: 1 })) }],
    ['a long value', { slug: long, type: long, name: long, country: long }],
    [
      'a long reference',
      { slug: 'a', type: 'company', name: 'A', citations: [{ article: long, quote: 'x' }] },
    ],
  ])('%s', async (_what, body) => {
    const response = await w.post('/v1/actors', body)
    expect(response.status).toBe(400)
    expect(response.text.length).toBeLessThan(60_000)
  })

  test('a long URL', async () => {
    const response = await t.api.get(`/v1/permits?${'x'.repeat(7_900)}=1`)
    expect([response.status, response.text.length < 10_000]).toEqual([400, true])
  })
})

describe('control characters', () => {
  const signs = ['\u0001', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\n', '\r', '\t', '\u2028']
  test.each(signs)('%j in a name is refused', async (sign) => {
    for (const [path, body] of [
      ['/v1/actors', { slug: 'c', type: 'company', name: `A${sign}B` }],
      ['/v1/actors', { slug: 'c', type: 'company', name: 'A', aliases: [{ name: `A${sign}B` }] }],
      ['/v1/goods', { slug: 'c', designation: `A${sign}B` }],
      ['/v1/permits', { slug: 'c', title: `A${sign}B`, issuer: 'canada' }],
      ['/v1/permits', { slug: 'c', title: 'A', number: `A${sign}B`, issuer: 'canada' }],
      ['/v1/cases', { slug: 'c', title: `A${sign}B` }],
    ] as const) {
      const { status, body: problem } = await w.post(path, { ...body, citations: [citationBody()] })
      expect([path, status]).toEqual([path, 400])
      expect(problem.errors[0].detail).toBe('must be a single line without control characters')
    }
  })

  test('around a name are trimmed if they are spaces, and a paragraph may have line breaks', async () => {
    await w
      .post('/v1/cases', { slug: 'two-paragraphs', title: ' A case\n', summary: 'One.\n\n\tTwo.' })
      .expect(201)
    const { body } = await w.post('/v1/cases', { slug: 'x', title: 'A', summary: 'a\u0007b' })
    expect(body.status).toBe(400)
  })
})

describe('a client that disconnects', () => {
  const problems = () =>
    t.logLines.filter(({ level, msg }) => Number(level) >= 40 && msg !== 'audit')
  const start = `Host: a\r\nAuthorization: Bearer KEY\r\n`

  test.each([
    [
      'in JSON',
      `POST /v1/actors HTTP/1.1\r\n${start}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    ],
    [
      'in a file',
      `POST /v1/articles HTTP/1.1\r\n${start}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc`,
    ],
    [
      'in chunks of a form',
      `POST /reconcile HTTP/1.1\r\n${start}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    ],
    ['in headers', 'GET /v1/permits HTTP/1.1\r\nHost: a'],
  ])('%s is no error in the log', async (_what, bytes) => {
    t.logLines.length = 0
    const connection = await connectRaw(
      await listenOnFreePort(t),
      bytes.replace('KEY', w.keys.write),
    )
    const isRequest = bytes.includes('\r\n\r\n')
    // The server has the request when another one, sent later, is answered.
    await t.api.get('/healthz').expect(200)
    connection.socket.destroy()
    await connection.closed
    if (isRequest)
      await waitUntil('the request has ended', () => t.logLines.some(({ aborted }) => aborted))
    await t.api.get('/healthz').expect(200)
    expect(problems()).toEqual([])
  })

  test.each([
    '/v1/events?format=csv',
    '/v1/ledger',
    '/v1/cases/canada-turkey-wescam/bundle',
    '/v1/permits',
  ])('while %s waits for the database is no error in the log', async (path) => {
    t.logLines.length = 0
    const holder = new pg.Client(t.url)
    await holder.connect()
    await holder.query('BEGIN; LOCK TABLE record, revision, citation IN ACCESS EXCLUSIVE MODE')
    const connection = await connectRaw(
      await listenOnFreePort(t),
      `GET ${path} HTTP/1.1\r\nHost: a\r\nCache-Control: max-age=0\r\n\r\n`,
    )
    await waitUntil('it waits', async () => {
      // Not by `holder`: a transaction sees the activity of its first look.
      const { rows } = await t.database.pool.query(
        `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return rows.length > 0
    })
    connection.socket.destroy()
    await waitUntil('the request has ended', () => t.logLines.some(({ aborted }) => aborted))
    await holder.query('COMMIT')
    await holder.end()
    await t.api.get('/v1/permits').expect(200)
    expect(problems()).toEqual([])
  })
})

test('a response that was sent raw is valid', async () => {
  const { closed } = await connectRaw(await listenOnFreePort(t), 'HELLO\r\n\r\n')
  expect(parseRawResponse(await closed)).toMatchObject({ status: 400, body: { status: 400 } })
})
