import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildArticle,
  buildCitation,
  buildEvent,
  storeRecords,
} from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const real = 'turkey-pressed-canada'
const astral = 'On \u{1d54f} they said \u{1f4a5}: “Bäng”.\nNothing else.'

beforeAll(() =>
  storeRecords(
    t.database,
    buildArticle({
      slug: 'astral',
      title: 'Überschrift',
      type: 'transcript',
      publisher: 'the-globe-and-mail',
      authors: ['Stephanie Example', 'N. N.'],
      url: 'https://news.example/a?b=1',
      language: 'de-CH',
      publishedOn: { edtf: '2021-06-14', asStated: 'June 14, 2021' },
      body: astral,
      spans: [{ type: 'boilerplate', start: 26, end: 39, note: null }],
      source: Buffer.from([0xff, 0x00, 0x80]),
      sourceMediaType: 'application/pdf',
    }),
    buildEvent({
      slug: 'bang',
      citations: [
        buildCitation({ article: 'astral', quote: '“Bäng”', field: 'title', voices: ['baykar'] }),
        buildCitation({ article: 'astral', quote: 'they said', field: 'type' }),
      ],
    }),
  ),
)

describe('GET /v1/articles', () => {
  test.each([
    ['case=canada-turkey-wescam', ['astral', real]],
    ['type=news-article', [real]],
    ['type=transcript&type=memo', ['astral']],
    ['publisher=panarmenian-net', [real]],
    ['publisher=canada', []],
    ['cites=kelsey-gallagher', [real]],
    ['cites=baykar', ['astral']],
    ['cites=syria', []],
    ['title=presed Canada', [real]],
    ['title=uberschrift', ['astral']],
    ['title=cucumber', []],
    ['language=en', [real]],
    ['language=fr', []],
    ['from=2021-06', ['astral']],
    ['from=2021-01&to=2021-05', [real]],
    ['from=2021-02&to=2021-03', [real]],
    ['from=2021-02&to=2021-03&certainty=certain', []],
    ['to=2020', []],
    [`sha256=${'0'.repeat(64)}`, []],
    ['sort=publishedOn', [real, 'astral']],
    ['sort=-publishedOn', ['astral', real]],
  ])('?%s', async (query, expected) => {
    expect(await readSlugs(t, `/v1/articles?${query}`)).toEqual(expected)
  })

  test('filters by the SHA-256 of the received bytes', async () => {
    const { body } = await t.api.get(`/v1/articles/${real}`).expect(200)
    expect(await readSlugs(t, `/v1/articles?sha256=${body.sourceSha256}`)).toEqual([real])
  })
})

describe('GET /v1/articles/:ref', () => {
  test('returns text, hashes and spans, with lengths in code points', async () => {
    const { body } = await t.api.get('/v1/articles/astral').expect(200)
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'article',
      slug: 'astral',
      revision: 2,
      href: '/v1/articles/astral',
      title: 'Überschrift',
      type: 'transcript',
      case: expect.objectContaining({ slug: 'canada-turkey-wescam' }),
      publisher: expect.objectContaining({ slug: 'the-globe-and-mail' }),
      authors: ['Stephanie Example', 'N. N.'],
      url: 'https://news.example/a?b=1',
      language: 'de-CH',
      publishedOn: {
        edtf: '2021-06-14',
        asStated: 'June 14, 2021',
        reasoning: null,
        earliest: '2021-06-14',
        latest: '2021-06-14',
      },
      bodyLength: [...astral].length,
      bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      sourceMediaType: 'application/pdf',
      sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      body: astral,
      boilerplate: [
        { type: 'boilerplate', start: 26, end: 39, page: null, note: null, confidence: null },
      ],
      spans: [
        { type: 'boilerplate', start: 26, end: 39, page: null, note: null, confidence: null },
      ],
      metadata: [],
      conflicts: [],
      citations: [],
    })
  })

  test('404 for an unknown slug', async () => {
    const { body } = await t.api.get('/v1/articles/turkey-presses-canada').expect(404)
    expect(body.detail).toContain(`Did you mean "${real}"?`)
  })
})

describe('GET /v1/articles/:ref/body', () => {
  const path = '/v1/articles/astral/body'

  test('returns the exact text', async () => {
    const { text, headers } = await t.api.get(path).expect(200)
    expect(text).toBe(astral)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  test.each([
    ['citations=true', {}],
    ['format=json', {}],
    ['', { Accept: 'application/json' }],
  ])('?%s %o returns the spans in text order', async (query, headers) => {
    const { body } = await t.api.get(`${path}?${query}`).set(headers).expect(200)
    const text = [...astral]
    const record = expect.objectContaining({ slug: 'bang', href: '/v1/events/bang' })
    expect(body).toEqual({
      article: expect.objectContaining({ slug: 'astral', name: 'Überschrift' }),
      bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      body: astral,
      spans: [
        {
          type: 'citation',
          start: 5,
          end: 14,
          citation: expect.any(String),
          record,
          field: 'type',
        },
        {
          type: 'citation',
          start: 18,
          end: 24,
          citation: expect.any(String),
          record,
          field: 'title',
        },
        { type: 'boilerplate', start: 26, end: 39, citation: null, record: null, field: null },
      ],
      ranges: [
        { start: 5, end: 14, citations: [expect.any(String)] },
        { start: 18, end: 24, citations: [expect.any(String)] },
      ],
    })
    const words = body.spans.map(({ start, end }: { start: number; end: number }) =>
      text.slice(start, end).join(''),
    )
    expect(words).toEqual(['they said', '“Bäng”', 'Nothing else.'])
  })

  test('404 for an unknown article, as text and as JSON', async () => {
    for (const query of ['', '?citations=true']) {
      const { body } = await t.api.get(`/v1/articles/asstral/body${query}`).expect(404)
      expect(body.detail).toBe('No article has the slug "asstral". Did you mean "astral"?')
    }
  })

  test('406 for an unavailable format', async () => {
    const { body } = await t.api.get(path).set('Accept', 'text/html').expect(406)
    expect(body.detail).toBe(
      'None of the requested formats is available. Use text/plain (format=text), application/json (format=json).',
    )
    await t.api.get(`${path}?citations=true&format=text`).expect(406)
  })

  test('400 for an unknown parameter', async () => {
    const { body } = await t.api.get(`${path}?citation=true`).expect(400)
    expect(body.errors).toEqual([
      {
        pointer: '/query/citation',
        detail: 'there is no such parameter; did you mean "citations"?',
      },
    ])
    await t.api.get(`${path}?citations=perhaps`).expect(400)
  })
})

describe('GET /v1/articles/:ref/source', () => {
  test('returns the bytes with media type and digest, as an attachment', async () => {
    const { body, headers } = await t.api.get('/v1/articles/astral/source').expect(200)
    const bytes = Buffer.from([0xff, 0x00, 0x80])
    const digest = createHash('sha256').update(bytes).digest('base64')
    expect(body).toEqual(bytes)
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment',
      'repr-digest': `sha-256=:${digest}:`,
      'x-content-type-options': 'nosniff',
    })
  })

  test('404 for an unknown slug', async () => {
    await t.api.get('/v1/articles/nothing-like-it/source').expect(404)
  })
})
