import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { useApp } from '../harness/app.ts'

/** Exact error responses that all kinds share. Those of a single kind are in its own tests. */

const t = useApp({ BODY_LIMIT_BYTES: 2_048 })

const problem = async (url: string, status: number) => {
  const { body, headers } = await t.api.get(url).expect(status)
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  return body
}

/** The body of a 400 with one bad value. */
const badValue = (pointer: string, detail: unknown) => ({
  type: '/problems/invalid-request',
  title: 'Invalid request',
  status: 400,
  detail:
    typeof detail === 'string' ? `${pointer}: ${detail}` : expect.stringContaining(`${pointer}: `),
  errors: [{ pointer, detail }],
})

describe('an unknown parameter', () => {
  test.each([
    ['/v1/permits?destnation=turkey', 'destnation', 'destination'],
    ['/v1/permits?Destination=turkey', 'Destination', 'destination'],
    ['/v1/events?participant=turkey&limt=5', null, null],
    ['/v1/events?limits=5', 'limits', 'limit'],
    ['/v1/actors?nme=x', 'nme', 'name'],
    ['/v1/citations?voices=turkey', 'voices', 'voice'],
    ['/v1/articles?published=2021', null, null],
  ])('%s suggests the nearest known parameter', async (url, name, near) => {
    const body = await problem(url, 400)
    if (name === null) return expect(body.type).toBe('/problems/invalid-request')
    expect(body).toEqual(
      badValue(`/query/${name}`, `there is no such parameter; did you mean "${near}"?`),
    )
  })

  test('lists the known parameters when none is near', async () => {
    const { errors } = await problem('/v1/cases?zzzzzzzzzzzz=1', 400)
    expect(errors[0].detail).toBe(
      'there is no such parameter; known are case, title, sort, limit, cursor, count, format, bom',
    )
  })

  test('is refused on a single record too, with an error for each', async () => {
    const { errors } = await problem('/v1/actors/canada?bom=true&fields=name', 400)
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/query/bom',
      '/query/fields',
    ])
  })

  test('never returns an unfiltered list', async () => {
    await problem('/v1/permits?destination=turkey&staus=refused', 400)
  })
})

describe('a bad value', () => {
  const limit = 'a whole number from 1 to 200'
  const day = 'not a date; give a day, month or year: 2020-05-06, 2020-05 or 2020'
  test.each([
    ['limit=0', 'limit', limit],
    ['limit=-1', 'limit', limit],
    ['limit=201', 'limit', limit],
    ['limit=1.5', 'limit', limit],
    ['limit=ten', 'limit', limit],
    ['limit=', 'limit', limit],
    ['limit=1&limit=2', 'limit', limit],
    ['limit=1e9', 'limit', limit],
    ['from=2020-13', 'from', day],
    ['from=2019-02-29', 'from', day],
    ['from=yesterday', 'from', day],
    ['from=', 'from', day],
    ['from=2020-05/..', 'from', day],
    ['from=..', 'from', day],
    ['to=06.05.2020', 'to', day],
    ['to=%F0%9F%92%A5', 'to', day],
    ['from=2021&to=2020', 'to', 'the period ends before it begins (`from`)'],
    ['from=2020-05-07&to=2020-05-06', 'to', 'the period ends before it begins (`from`)'],
    ['certainty=maybe', 'certainty', /"possible"\|"certain"/],
    ['sort=date', 'sort', /"on"\|"-on"/],
    ['sort=--on', 'sort', /"on"/],
    ['count=maybe', 'count', /"true"/],
    ['format=pdf', 'format', /"json"\|"ndjson"\|"csv"/],
    ['type=war', 'type', /^give one or several of application, request, .*statement/],
    ['type=delivry', 'type', /; did you mean "delivery"\?$/],
    ['type=use&type=war', 'type', /^give one or several of application/],
    ['role=', 'role', /^give one or several of imposer/],
    ['actor=a_b', 'actor', 'a slug or an id: letters and digits, joined by hyphens'],
    ['actor=', 'actor', 'a slug or an id: letters and digits, joined by hyphens'],
    [`actor=${'a'.repeat(121)}`, 'actor', /<=120/],
    ['actor=turkey&actor=canada', 'actor', /./],
    ['title=', 'title', />=1/],
    ['title=%20%20', 'title', />=1/],
    [`title=${'a'.repeat(201)}`, 'title', /<=200/],
  ])('400 with pointer and reason for /v1/events?%s', async (query, name, detail) => {
    const expectedDetail = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(await problem(`/v1/events?${query}`, 400)).toEqual(
      badValue(`/query/${name}`, expectedDetail),
    )
  })

  test('a period of one day and a year with its own month are accepted', async () => {
    await t.api.get('/v1/events?from=2020-05-06&to=2020-05-06').expect(200)
    await t.api.get('/v1/events?from=2020&to=2020-05').expect(200)
    await t.api.get('/v1/events?from=2020-05&to=2020').expect(200)
  })

  test('lists every bad value', async () => {
    const { errors } = await problem('/v1/events?limit=x&from=y&sort=z', 400)
    expect(errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/query/from',
      '/query/limit',
      '/query/sort',
    ])
  })
})

describe('a filter by an unknown record', () => {
  test.each([
    ['/v1/permits?destination=turky', 'destination', 'No actor', 'turky', 'turkey'],
    ['/v1/permits?destination=Turkey', 'destination', 'No actor', 'Turkey', 'turkey'],
    ['/v1/permits?good=mx15d', 'good', 'No good', 'mx15d', 'mx-15d'],
    ['/v1/events?place=idleb', 'place', 'No place', 'idleb', 'idlib'],
    ['/v1/goods?permit=wescam-mx15d-baykar', 'permit', 'No permit', null, null],
    ['/v1/events?case=canada-turkey', 'case', 'No case', null, null],
  ])('%s', async (url, name, message, slug, near) => {
    const body = await problem(url, 400)
    expect(body).toMatchObject({ type: '/problems/unknown-reference', status: 400 })
    expect(body.errors).toEqual([
      { pointer: `/query/${name}`, detail: expect.stringContaining(message) },
    ])
    if (slug) expect(body.detail).toBe(`${message} has the slug "${slug}". Did you mean "${near}"?`)
  })

  test('lists each unknown record, also in CSV and NDJSON', async () => {
    for (const format of ['json', 'csv', 'ndjson']) {
      const { errors } = await problem(`/v1/permits?issuer=a&consignee=b&format=${format}`, 400)
      expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
        '/query/issuer',
        '/query/consignee',
      ])
    }
  })

  test('refuses an unknown id and a record of another kind', async () => {
    const id = '019b0000-0000-7000-8000-000000000000'
    const { detail } = await problem(`/v1/permits?destination=${id}`, 400)
    expect(detail).toBe(`No actor has the id ${id}.`)
    await problem('/v1/permits?destination=mx-15d', 400)
  })

  test('an existing record without matches gives an empty list', async () => {
    const { body } = await t.api.get('/v1/permits?destination=syria').expect(200)
    expect(body).toEqual({ data: [], next: null })
  })
})

describe('a path', () => {
  test('that does not exist: 404', async () => {
    expect(await problem('/v1/licences', 404)).toEqual({
      type: '/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no route /v1/licences. GET / lists the routes.',
    })
  })

  test.each(['/v1', '/v1/permits/wescam-mx15d-baykar-2020/items', '/V1/permits', '//v1/permits'])(
    '%s is none',
    async (url) => {
      expect((await problem(url, 404)).type).toBe('/problems/not-found')
    },
  )

  test.each(['a_b', 'ä', 'a b', 'a--b', '-a', 'a.b', "';--", '..%2f..%2fetc%2fpasswd'])(
    '/v1/permits/%s has a reference that can be none',
    async (ref) => {
      expect(
        await problem(`/v1/permits/${ref.includes('%') ? ref : encodeURIComponent(ref)}`, 400),
      ).toEqual(badValue('/params/ref', 'a slug or an id: letters and digits, joined by hyphens'))
    },
  )

  test.each([
    ['/v1/permits/%00', 'The URL contains a NUL character (%00).'],
    ['/v1/permits?number=a%00b', 'The URL contains a NUL character (%00).'],
    ['/v1/permits?number=%ZZ', 'The URL is not percent-encoded UTF-8.'],
    ['/v1/permits?number=%', 'The URL is not percent-encoded UTF-8.'],
    ['/v1/permits?number=%C3%28', 'The URL is not percent-encoded UTF-8.'],
    ['/v1/permits?number=%ED%A0%80', 'The URL is not percent-encoded UTF-8.'],
    ['/v1/permits/%E0%A4', "'/v1/permits/%E0%A4' is not a valid url component"],
    ['/v1/permits/%zz', "'/v1/permits/%zz' is not a valid url component"],
  ])('400 for malformed %s', async (url, detail) => {
    const body = await problem(url, 400)
    expect(body).toEqual({ ...badValue('', ''), detail, errors: undefined })
  })

  test('of 9,000 characters: 414', async () => {
    const url = `/v1/permits?number=${'a'.repeat(9_000 - '/v1/permits?number='.length)}`
    expect(await problem(url, 414)).toEqual({
      type: '/problems/uri-too-long',
      title: 'URI too long',
      status: 414,
      detail: 'The URL has 9000 characters; the maximum is 8000.',
    })
  })

  test('with a slug that is too long: 400 or 414', async () => {
    const body = await problem(`/v1/permits/${'a'.repeat(121)}`, 400)
    expect(body.errors[0].pointer).toBe('/params/ref')
    expect((await problem(`/v1/permits/${'a'.repeat(500)}`, 414)).type).toBe(
      '/problems/uri-too-long',
    )
  })
})

describe('a method that a path does not support', () => {
  test.each([
    ['PUT', '/v1/permits', 'GET, HEAD, POST'],
    ['DELETE', '/v1/citations', 'GET, HEAD'],
    ['PATCH', '/', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
    ['PUT', '/v1/permits/wescam-mx15d-baykar-2020', 'GET, HEAD, PATCH, DELETE'],
  ])('%s %s: 405 with Allow', async (method, url, allow) => {
    const verb = method.toLowerCase() as 'put' | 'delete' | 'patch' | 'post'
    const { body, headers } = await t.api[verb](url).expect(405)
    expect(headers.allow).toBe(allow)
    expect(body).toEqual({
      type: '/problems/method-not-allowed',
      title: 'Method not allowed',
      status: 405,
      detail: `${url} supports ${allow}, not ${method}.`,
    })
  })

  test('on an unknown path: 404', async () => {
    await t.api.delete('/v1/licences').expect(404)
  })
})

describe('a body', () => {
  const post = (body: string, type = 'application/json') =>
    t.api.post('/nowhere').set('Content-Type', type).send(body)

  test('over the limit: 413 with the limit', async () => {
    const { body } = await post(JSON.stringify({ text: 'a'.repeat(3_000) })).expect(413)
    expect(body).toEqual({
      type: '/problems/body-too-large',
      title: 'Request body too large',
      status: 413,
      detail: 'The body is over 2048 bytes.',
    })
  })

  test('that is not JSON: 400', async () => {
    const { body } = await post('{"a":').expect(400)
    expect(body.type).toBe('/problems/invalid-request')
  })

  test('that is not UTF-8: 400', async () => {
    const { body } = await t.api
      .post('/nowhere')
      .set('Content-Type', 'application/json')
      .serialize(() => Buffer.from([0x7b, 0xff, 0x7d]) as never)
      .send({})
      .expect(400)
    expect(body.detail).toBe('The body is not UTF-8.')
  })

  test('that the server fails to read: 500', async () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation(() => {
      throw new TypeError('internal text')
    })
    const { body } = await post('{"a":1}').expect(500)
    decode.mockRestore()
    expect(body.type).toBe('/problems/internal-error')
    expect(JSON.stringify(body)).not.toContain('internal text')
  })

  test('of a GET is not read', async () => {
    const asked = t.api.get('/v1/cases').set('Content-Type', 'application/json').send('{"a":')
    const { body } = await asked.expect(200)
    expect(body.data).toHaveLength(1)
  })
})

describe("bytes that Node's HTTP parser refuses", () => {
  /** The answer to raw bytes, to its end. */
  async function raw(bytes: string): Promise<string> {
    const { port } = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    return answer
  }
  const listening = async () => {
    if (!t.app.server.listening) await t.app.listen({ port: 0, host: '127.0.0.1' })
    return t.app.server.address() as { port: number }
  }

  test.each([
    ['not HTTP', 'HELLO\r\n\r\n', 400, 'invalid-request'],
    [
      'a header without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}`,
      431,
      'headers-too-large',
    ],
    [
      'a URL without end',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])('%s gets a problem document', async (_what, bytes, status, code) => {
    const [head = '', body = ''] = (await raw(bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w+`))
    expect(head).toContain('\r\nContent-Type: application/problem+json; charset=utf-8\r\n')
    expect(head).toContain('\r\nAccess-Control-Allow-Origin: *\r\n')
    expect(JSON.parse(body)).toMatchObject({ type: `/problems/${code}`, status })
  })
})
