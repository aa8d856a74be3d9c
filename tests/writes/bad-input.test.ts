import { Readable } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildArticle, storeRecords } from '../harness/record-builders.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/** Malformed and hostile input: never a 500, and nothing is stored. */

const t = useApp()
const w = useWriteClient(t)

beforeAll(() =>
  storeRecords(
    t.database,
    buildArticle({ slug: 'monotonous', body: `${'x '.repeat(499)}x and \u{1f4a5}.` }),
  ),
)

const actor = { slug: 'bad', type: 'company', name: 'Bad', citations: [citationBody()] }
const raw = (body: string | Buffer, path = '/v1/actors') =>
  t.api
    .post(path)
    .set({ authorization: `Bearer ${w.keys.write}`, 'content-type': 'application/json' })
    .send(body as string)
const text = JSON.stringify(actor)
const named = (name: string) => text.replace('"Bad"', name)

describe('400 with the pointer for an invalid body', () => {
  const long = (length: number) => JSON.stringify('a'.repeat(length))
  test.each<[what: string, body: string, pointer: string]>([
    ['nested 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '/body'],
    ['nested 51 deep', named(`${'{"a":'.repeat(51)}1${'}'.repeat(51)}`), '/body'],
    ['__proto__', text.replace('"slug"', '"__proto__":{"admin":true},"slug"'), ''],
    ['constructor', text.replace('"slug"', '"constructor":{"prototype":{}},"slug"'), ''],
    ['a NUL', named('"B\\u0000d"'), '/body/name'],
    ['a NUL in a name', text.replace('"name"', '"na\\u0000me"'), '/body/na'],
    ['a lone high surrogate', named('"B\\ud83dd"'), '/body/name'],
    ['a lone low surrogate', named('"B\\udca5d"'), '/body/name'],
    ['a member twice', text.replace('"name"', '"slug":"other","name"'), '/body/slug'],
    ['a name of 1,001 characters', named(long(1_001)), '/body/name'],
    ['a slug of 121 characters', text.replace('"bad"', long(121)), '/body/slug'],
    ['a slug in Cyrillic', text.replace('"bad"', '"\u0431\u0430\u0434"'), '/body/slug'],
    [
      'a quote of 20,001',
      text.replace(JSON.stringify(citationBody().quote), long(20_001)),
      '/body/citations/0/quote',
    ],
    ['a number for a string', named('7'), '/body/name'],
    ['a string of spaces', named('"   "'), '/body/name'],
    ['an array', '[]', '/body'],
    ['null', 'null', '/body'],
    ['an empty body', '', '/body'],
  ])('%s', async (_what, body, pointer) => {
    const { status, body: problem } = await raw(body)
    expect([status, problem.type]).toEqual([400, '/problems/invalid-request'])
    if (pointer !== '') expect(problem.errors[0].pointer).toContain(pointer)
    await t.api.get('/v1/actors/bad').expect(404)
  })

  test.each<[what: string, body: string | Buffer]>([
    ['half a JSON', '{"slug":'],
    ['trailing commas', '{"slug":"bad",}'],
    ['two values', '{}{}'],
    ['a number out of range', named('1e999')],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a byte order mark in UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
  ])('%s', async (_what, body) => {
    const { status, body: problem } = await raw(body)
    expect([status, problem.type]).toEqual([400, '/problems/invalid-request'])
  })
})

test('413 for a body of 10 MB', async () => {
  const large = named(JSON.stringify('a'.repeat(10 * 1_048_576)))
  const { status, body } = await raw(large)
  expect([status, body.type]).toEqual([413, '/problems/body-too-large'])
  expect(body.detail).toBe('The body is over 1048576 bytes.')
})

test('413 for a body of 10 MB without Content-Length', async () => {
  const url = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const pieces = Readable.from(Array.from({ length: 160 }, () => Buffer.alloc(65_536, 'a')))
  const answer = await fetch(`${url}/v1/actors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${w.keys.write}`, 'content-type': 'application/json' },
    body: Readable.toWeb(pieces) as BodyInit,
    duplex: 'half',
  } as RequestInit)
  expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
    413,
    '/problems/body-too-large',
  ])
})

test('415 for other media types and for a missing one', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    const { status, body } = await raw(text).set('content-type', type)
    expect([status, body.type], type).toEqual([415, '/problems/unsupported-media-type'])
  }
})

describe('a quote', () => {
  const quoting = (quote: string, more: object = {}) =>
    w.post('/v1/actors', {
      ...actor,
      citations: [citationBody({ article: 'monotonous', quote, ...more })],
    })

  test('of one character that occurs 500 times: the first 20 offsets and the total', async () => {
    const { status, body } = await quoting('x')
    expect([status, body.type]).toEqual([422, '/problems/quote-ambiguous'])
    expect(body.passages).toHaveLength(20)
    expect(body.detail).toContain('500 times')
  })

  test('of 20,000 characters that does not occur: 422', async () => {
    const { status, body } = await quoting('y '.repeat(10_000))
    expect([status, body.type]).toEqual([422, '/problems/quote-not-found'])
  })

  test('that is empty after normalisation: 400 or 422', async () => {
    const { status } = await quoting('\r\n')
    expect([400, 422]).toContain(status)
  })

  test('of an emoji counts as one code point', async () => {
    const { body } = await quoting('\u{1f4a5}').expect(201)
    expect(body.citations[0].end - body.citations[0].start).toBe(1)
  })
})

test('a claimed value with names of object methods is refused', async () => {
  for (const value of ['{"a":{"b":[1]},"toString":"x"}', '{"__proto__":{"prototype":1}}'])
    expect(
      (await raw(text.replace('"quote"', `"field":"name","value":${value},"quote"`))).status,
    ).toBe(400)
})

test('a value for an unknown path or a path into a prototype is refused', async () => {
  for (const field of ['__proto__.x', 'constructor.name', 'a..b', '0.0.0', 'toString']) {
    const slug = `field-${field.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()}`
    const { status, body } = await w.post('/v1/actors', {
      ...actor,
      slug,
      citations: [citationBody({ field, value: 'x' })],
    })
    expect([status, body.errors?.[0].pointer]).toEqual([400, '/body/citations/0/field'])
  }
})

test('a PATCH with __proto__ changes no prototype', async () => {
  const tag = await w.readEtag('/v1/actors/baykar')
  const answer = await t.api
    .patch('/v1/actors/baykar')
    .set({ authorization: `Bearer ${w.keys.write}`, 'if-match': tag })
    .set('content-type', 'application/merge-patch+json')
    .send('{"__proto__":{"polluted":true}}')
  expect(answer.status).toBe(400)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('a malformed If-Match is refused, one that is too long with 400', async () => {
  for (const tag of ['', '""', 'W/"', '"a', '*,*', '"99999999999999999999"', '"-1"', '"1e3"'])
    expect(
      [400, 412, 428].includes(
        (await w.patch('/v1/actors/turkey', { name: 'T' }, { 'if-match': tag })).status,
      ),
      tag,
    ).toBe(true)
  const { status } = await w.patch(
    '/v1/actors/turkey',
    {},
    { 'if-match': `"${'1'.repeat(1_001)}"` },
  )
  expect(status).toBe(400)
})
