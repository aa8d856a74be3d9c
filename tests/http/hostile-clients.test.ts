import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { connectRaw, listenOnFreePort, parseRawResponse } from '../harness/raw-client.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** Clients that are slow, greedy or wrong, by accident or on purpose. */

const t = useApp({ BODY_LIMIT_BYTES: 10_000, DOCUMENT_LIMIT_BYTES: 1_000_000 })
const w = useWriteClient(t)
const few = useApp({
  CACHE_MB: 0,
  MAX_CONCURRENT_REQUESTS: 2,
  MAX_BODIES_PER_CLIENT: 4,
  REQUEST_TIMEOUT_SECONDS: 60,
})
const impatient = useApp({ HEADERS_TIMEOUT_SECONDS: 1, REQUEST_TIMEOUT_SECONDS: 2 })
const brisk = useApp({ MIN_BODY_BYTES_PER_SECOND: 1_000 })
const lonely = useApp({ MAX_CONNECTIONS_PER_CLIENT: 3 })

const startBody = (path: string, length = 1_000) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\nqueries=`

describe('a request with a Content-Type and neither length nor chunks', () => {
  const paths = [
    '/reconcile',
    '/v1/actors',
    '/v1/articles',
    '/v1/batch',
    '/nowhere',
    '/v1/permits/x/merge',
  ]
  const types = [
    'application/json',
    'application/merge-patch+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ]
  test.each(paths.flatMap((path) => types.map((type) => [path, type])))(
    'POST %s as %s has an empty body and is answered at once',
    async (path, type) => {
      const port = await listenOnFreePort(t)
      const start = `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${w.keys.write}\r\nConnection: close\r\n`
      const bodiless = await connectRaw(port, `${start}Content-Type: ${type}\r\n\r\n`)
      const withoutType = await connectRaw(port, `${start}Content-Length: 0\r\n\r\n`)
      const { status, body } = parseRawResponse(await bodiless.closed)
      expect({ status, body }).toMatchObject(
        (({ status, body }) => ({ status, body }))(parseRawResponse(await withoutType.closed)),
      )
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    },
  )

  test('takes no place among the concurrent requests', async () => {
    const port = await listenOnFreePort(few)
    const bytes = 'POST /reconcile HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n'
    const connections = []
    for (let index = 0; index < 10; index += 1) {
      const connection = await connectRaw(port, bytes)
      await connection.waitFor(/HTTP\/1\.1 4\d\d /)
      connections.push(connection)
    }
    await few.api.get('/v1/permits').expect(200)
    for (const { socket } of connections) socket.destroy()
  })
})

describe('a client that is slow', () => {
  test('gets 408 when its headers do not come in time', async () => {
    const port = await listenOnFreePort(impatient)
    const { closed } = await connectRaw(port, 'GET /v1/permits HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    const { status, body } = parseRawResponse(await closed)
    expect([status, body]).toEqual([
      408,
      {
        type: '/problems/request-timeout',
        title: 'Request timeout',
        status: 408,
        detail: 'The request did not arrive in time. Send it again.',
      },
    ])
  })

  test('gets 408 when its body does not come in time', async () => {
    const { closed } = await connectRaw(await listenOnFreePort(impatient), startBody('/reconcile'))
    expect(parseRawResponse(await closed).status).toBe(408)
  })

  test.each([
    ['a form', startBody('/reconcile', 100_000)],
    ['JSON', startBody('/reconcile', 100_000).replace('x-www-form-urlencoded', 'json')],
    ['a body for no route', startBody('/nowhere', 100_000)],
    [
      'chunks',
      startBody('/reconcile')
        .replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')
        .replace('queries=', '8\r\nqueries=\r\n'),
    ],
  ])('gets 408 when %s comes at less than the minimum rate', async (_what, bytes) => {
    const connection = await connectRaw(await listenOnFreePort(brisk), bytes)
    const piece = bytes.includes('chunked') ? '1\r\na\r\n' : 'a'
    const trickle = setInterval(() => connection.socket.write(piece), 100)
    const { status } = parseRawResponse(await connection.closed)
    clearInterval(trickle)
    expect(status).toBe(408)
  })

  test('takes no place among the concurrent requests until its body has come', async () => {
    const port = await listenOnFreePort(few)
    const slow = await Promise.all(
      [1, 2, 3, 4].map(() => connectRaw(port, startBody('/reconcile'))),
    )
    await few.api.get('/v1/permits').expect(200)
    await few.api.get('/v1/events').expect(200)
    for (const { socket } of slow) socket.destroy()
  })
})

describe('a client that sends many bodies at the same time', () => {
  test('gets 429 for more than MAX_BODIES_PER_CLIENT, and can send again when one is complete', async () => {
    const port = await listenOnFreePort(few)
    const open = []
    for (let index = 0; index < 4; index += 1) {
      const arrived = once(few.app.server, 'request')
      open.push(await connectRaw(port, startBody('/reconcile')))
      await arrived
    }
    const refused = await few.api.post('/reconcile').type('form').send('queries={}')
    expect([refused.status, refused.body.type]).toEqual([429, '/problems/too-many-requests'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    open[0]?.socket.write('{}'.padEnd(992, ' '))
    await open[0]?.waitFor(/HTTP\/1\.1 200 /)
    await few.api.post('/reconcile').type('form').send('queries={}').expect(200)
    for (const { socket } of open) socket.destroy()
  })
})

describe('a client that opens many connections', () => {
  test('gets 429 for more than MAX_CONNECTIONS_PER_CLIENT, and can connect again when one is closed', async () => {
    const port = await listenOnFreePort(lonely)
    const open = await Promise.all([1, 2, 3].map(() => connectRaw(port)))
    const refused = await connectRaw(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
    const { status, body } = parseRawResponse(await refused.closed)
    expect([status, body]).toMatchObject([429, { type: '/problems/too-many-requests' }])
    const [first] = open
    const closed = once(first?.socket ?? refused.socket, 'close')
    first?.socket.end('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await closed
    const again = await connectRaw(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
    await again.waitFor(/HTTP\/1\.1 200 /)
    for (const { socket } of [...open, again]) socket.destroy()
  })
})

describe('a client that is refused while it still sends', () => {
  const megabyte = 'a'.repeat(1_000_000)
  const send = async (path: string, body: BodyInit, headers: Record<string, string>) => {
    const port = await listenOnFreePort(t)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers,
      ...({ duplex: 'half' } as object),
    })
    return { status: response.status, body: await response.json() }
  }
  const authorization = () => ({ authorization: `Bearer ${w.keys.write}` })
  const form = () => {
    const data = new FormData()
    data.set('file', new Blob([megabyte, megabyte.slice(500_000)]), 'large.txt')
    return data
  }
  const stream = () => new Blob([megabyte, megabyte]).stream()

  test.each([
    [
      'a body over the limit',
      413,
      () => [
        '/v1/actors',
        `{"a":"${megabyte}"}`,
        { ...authorization(), 'content-type': 'application/json' },
      ],
    ],
    [
      'chunks over the limit',
      413,
      () => ['/v1/actors', stream(), { ...authorization(), 'content-type': 'application/json' }],
    ],
    ['a file over the limit', 413, () => ['/v1/articles', form(), authorization()]],
    [
      'a body without a key',
      401,
      () => ['/v1/actors', `{"a":"${megabyte}"}`, { 'content-type': 'application/json' }],
    ],
    ['a file without a key', 401, () => ['/v1/articles', form(), {}]],
    [
      'a body of an unknown type',
      415,
      () => ['/v1/actors', megabyte, { ...authorization(), 'content-type': 'text/plain' }],
    ],
    ['a body for no route', 404, () => ['/nowhere', megabyte, { 'content-type': 'text/plain' }]],
  ] as [string, number, () => Parameters<typeof send>][])(
    'sees its problem: %s, %i',
    async (_what, status, request) => {
      for (let round = 0; round < 5; round += 1) {
        const response = await send(...request())
        expect(response).toMatchObject({ status, body: { status } })
      }
    },
  )

  test('is cut off when it sends more than twice the limit', async () => {
    const start =
      'POST /v1/actors HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const connection = await connectRaw(await listenOnFreePort(t), start)
    const sending = setInterval(
      () => connection.socket.write(`10000\r\n${'a'.repeat(0x10000)}\r\n`),
      1,
    )
    const received = await connection.closed
    clearInterval(sending)
    expect(connection.socket.bytesWritten).toBeGreaterThan(2_000_000)
    // The problem may be lost with the connection: the client never stopped to read it.
    if (received !== '') expect(parseRawResponse(received).status).toBe(401)
  })
})

test('several Host headers are a 400, also for a cached response', async () => {
  const port = await listenOnFreePort(t)
  const path = '/v1/permits/wescam-mx15d-baykar-2020'
  await t.api.get(path).expect(200)
  for (const hosts of ['Host: a\r\nHost: b', 'Host: a\r\nhOST: a']) {
    const { closed } = await connectRaw(
      port,
      `GET ${path} HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`,
    )
    const { status, body } = parseRawResponse(await closed)
    expect([status, body]).toMatchObject([
      400,
      {
        type: '/problems/invalid-request',
        detail: 'The request has several Host headers. Send one.',
      },
    ])
  }
})
