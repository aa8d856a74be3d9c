import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'

/** What people and programs send without meaning to: a problem or an empty answer, and never a 500. */

const t = useApp()

type Form = { queries?: string; extend?: string }
const post = (form: Form) => t.api.post('/reconcile').type('form').send(form)
const get = (form: Form) => t.api.get('/reconcile').query(form)

const long = 'a'.repeat(10_000)
const longWords = 'turkey '.repeat(1_429).slice(0, 10_000)
const batch = (length: number, query: object) =>
  JSON.stringify(Object.fromEntries(Array.from({ length }, (_, at) => [`q${at}`, query])))

describe('hostile input gets a problem or an empty answer', () => {
  test('the long inputs have their stated length', () => {
    expect([long.length, longWords.length]).toEqual([10_000, 10_000])
  })

  const cursorOf = (text: string) => Buffer.from(text).toString('base64url')
  test.each<[what: string, path: string, status: number, code: string | null]>([
    ['an empty search', '/v1/search?q=', 400, 'invalid-request'],
    ['a search for nothing', '/v1/search', 400, 'invalid-request'],
    ['a search for white space', '/v1/search?q=%20%09%0A', 400, 'invalid-request'],
    ['a search of 10,000 letters', `/v1/search?q=${long}`, 414, 'uri-too-long'],
    ['a search of 10,000 letters, in words', `/v1/search?q=${longWords}`, 414, 'uri-too-long'],
    ['the longest that is read', `/v1/search?q=${long.slice(0, 1_000)}`, 200, null],
    ['one letter more', `/v1/search?q=${long.slice(0, 1_001)}`, 400, 'invalid-request'],
    ['an opening quote', '/v1/search?q=%22no-such-word', 200, null],
    ['a closing quote', '/v1/search?q=no-such-word%22', 200, null],
    ['three quotes', '/v1/search?q=%22%22%22', 400, 'invalid-request'],
    ['only exclusions', '/v1/search?q=-turkey%20-canada', 400, 'invalid-request'],
    ['an empty actor', '/v1/network?actor=', 400, 'invalid-request'],
    ['an actor of 10,000 letters', `/v1/network?actor=${long}`, 414, 'uri-too-long'],
    ['five steps', '/v1/network?actor=turkey&depth=5', 400, 'invalid-request'],
    ['an unknown actor', '/v1/network?actor=nobody', 400, 'unknown-reference'],
    ['a way to nobody', '/v1/network/paths?from=turkey&to=nobody', 400, 'unknown-reference'],
    ['an empty permit', '/v1/findings?permit=', 400, 'invalid-request'],
    ['a permit of 10,000 letters', `/v1/findings?permit=${long}`, 414, 'uri-too-long'],
    ['an unknown permit', '/v1/findings?permit=nothing', 400, 'unknown-reference'],
    ['an unknown rule', '/v1/findings?rule=guilt', 400, 'invalid-request'],
    ['an unknown filter of findings', '/v1/findings?tonnage=1', 400, 'invalid-request'],
    ['a timeline of 10,000 letters', `/v1/timeline?good=${long}`, 414, 'uri-too-long'],
    ['an unknown filter of a timeline', '/v1/timeline?tonnage=1', 400, 'invalid-request'],
    ['a timeline of no day', '/v1/timeline?from=yesterday', 400, 'invalid-request'],
    [
      'a cursor of somebody else',
      `/v1/findings?cursor=${cursorOf('["x"]')}`,
      400,
      'invalid-cursor',
    ],
    ['an empty batch of GET', '/reconcile?queries=', 400, 'invalid-request'],
    ['a prefix of 10,000 letters', `/reconcile/suggest/entity?prefix=${long}`, 414, 'uri-too-long'],
    [
      'a prefix of the longest',
      `/reconcile/suggest/entity?prefix=${long.slice(0, 7_000)}`,
      400,
      'invalid-request',
    ],
  ])('%s', async (_what, path, status, code) => {
    const { body } = await t.api.get(path).expect(status)
    if (code === null) expect(body.data).toEqual([])
    else expect(body.type).toBe(`/problems/${code}`)
  })

  test('finds a text by any number of stop words', async () => {
    const { body } = await t.api.get('/v1/search').query({ q: 'the of and to in' }).expect(200)
    expect(body.total.isExact).toBe(true)
  })
})

describe('reconciliation by GET and by form', () => {
  const unknown = { properties: [{ pid: 'tonnage', v: 1 }] }
  test.each<[what: string, form: Form, byGet: number, byPost: number]>([
    ['an empty text', { queries: '' }, 400, 400],
    ['an empty query', { queries: batch(1, { query: '' }) }, 200, 200],
    ['no query at all', { queries: batch(1, {}) }, 200, 200],
    ['10,000 letters', { queries: batch(1, { query: long }) }, 414, 200],
    ['10,000 letters, in words', { queries: batch(1, { query: longWords }) }, 414, 200],
    ['an unknown property alone', { queries: batch(1, unknown) }, 200, 200],
    ['an unknown type', { queries: batch(1, { query: 'Baykar', type: 'ship' }) }, 200, 200],
    ['1,000 queries', { queries: batch(1_000, { query: 'Baykar' }) }, 431, 413],
    ['ids that nobody has', { extend: '{"ids":["x"],"properties":[]}' }, 200, 200],
    [
      'an unknown property to extend by',
      { extend: '{"ids":[],"properties":[{"id":"tonnage"}]}' },
      400,
      400,
    ],
  ])('%s', async (_what, form, byGet, byPost) => {
    const answers = [await get(form), await post(form)]
    expect(answers.map(({ status }) => status)).toEqual([byGet, byPost])
    const codes: Record<number, string> = {
      400: 'invalid-request',
      413: 'batch-too-large',
      414: 'uri-too-long',
      431: 'headers-too-large',
    }
    const nothing = 'extend' in form ? { meta: [], rows: { x: {} } } : { q0: { result: [] } }
    for (const { status, body } of answers)
      if (status === 200) expect(body).toEqual(nothing)
      else expect(body.type).toBe(`/problems/${codes[status]}`)
  })

  test.each(['the of and', '"Baykar', '"""', '-', '??? !!!'])(
    'answers %j with a list',
    async (query) => {
      for (const send of [get, post])
        expect((await send({ queries: batch(1, { query }) }).expect(200)).body.q0.result).toEqual(
          expect.any(Array),
        )
    },
  )

  test('the longest accepted batch of the longest queries', async () => {
    const word = (at: number) => `${at.toString(36)}systems defence turkey `
    const query = Array.from({ length: 60 }, (_, at) => word(at))
      .join('')
      .slice(0, 1_000)
    const { body } = await post({ queries: batch(50, { query }) }).expect(200)
    expect(Object.keys(body)).toHaveLength(50)
  })
})

describe('a statement that exceeds the timeout', () => {
  // Long enough that on a busy machine what is not held up comes to its end.
  const hurried = useApp({ STATEMENT_TIMEOUT_MS: 500, CACHE_MB: 0 })

  test.each([
    ['/v1/search?q=turkey', 'search_document'],
    ['/v1/timeline?actor=turkey', 'event_participant'],
    ['/v1/network?actor=turkey', 'event_participant'],
    ['/v1/network/paths?from=turkey&to=canada', 'event_participant'],
    ['/v1/findings', 'permit'],
    [`/reconcile?queries=${encodeURIComponent('{"q":{"query":"Baykar"}}')}`, 'search_name'],
  ])('GET %s: 503 with the reason', async (path, table) => {
    const client = new pg.Client(hurried.url)
    await client.connect()
    try {
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      const { body, headers } = await hurried.api.get(path).expect(503)
      expect(headers['content-type']).toMatch('application/problem+json')
      expect(body).toMatchObject({
        type: '/problems/too-slow',
        status: 503,
        title: 'Database query timeout',
        detail: 'The database query exceeded its time limit.',
      })
    } finally {
      await client.end()
    }
    await hurried.api.get('/v1/actors/turkey').expect(200)
  })
})
