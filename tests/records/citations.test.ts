import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCitation,
  buildGood,
  storeRecords,
} from '../harness/record-builders.ts'
import { readEntries } from '../harness/record-reader.ts'

const t = useApp({ CACHE_MB: 0 })
const permit = 'wescam-mx15d-baykar-2020'

beforeAll(() =>
  storeRecords(
    t.database,
    buildArticle({ slug: 'short', body: 'A \u{1f4a5} and B.' }),
    buildGood({ slug: 'canada', designation: 'A good with the slug of a state' }),
    buildActor({
      slug: 'shouted',
      citations: [
        buildCitation({
          article: 'short',
          quote: '\u{1f4a5} and',
          field: 'name',
          confidence: 0.25,
          value: 'B',
          voices: ['baykar', { document: 'a letter' }],
        }),
      ],
    }),
  ),
)

type Entry = { field: string; quote: string; record: { slug: string }; recordKind: string }
const of = async (query: string) =>
  (await readEntries(t, `/v1/citations?${query}`)) as unknown as Entry[]

describe('GET /v1/citations', () => {
  test.each([
    `record=${permit}`,
    `record=permit/${permit}`,
    `record=permits/${permit}`,
    `record=Permit/${permit}`,
  ])('?%s returns the citations of the record in their order', async (query) => {
    const { body } = await t.api.get(`/v1/permits/${permit}`).expect(200)
    const byId = await of(`record=${body.id}`)
    expect(byId).toEqual(
      body.citations.map((citation: { id: string }) => ({
        ...citation,
        record: {
          id: body.id,
          slug: permit,
          name: body.title,
          href: `/v1/permits/${permit}`,
        },
        recordKind: 'permit',
        href: `/v1/citations/${citation.id}`,
      })),
    )
    expect(await of(query)).toEqual(byId)
  })

  test('a slug of several kinds matches all of them; kind/slug matches one', async () => {
    const kinds = (found: Entry[]) => [...new Set(found.map(({ recordKind }) => recordKind))].sort()
    expect(kinds(await of('record=canada'))).toEqual(['actor', 'good'])
    expect(kinds(await of('record=goods/canada'))).toEqual(['good'])
    expect(kinds(await of('record=canada&kind=actor'))).toEqual(['actor'])
  })

  test('filters by one or several kinds', async () => {
    expect(new Set((await of('kind=permit')).map(({ recordKind }) => recordKind))).toEqual(
      new Set(['permit']),
    )
    const both = (await of('kind=permit&kind=measure')).map(({ recordKind }) => recordKind)
    expect(new Set(both)).toEqual(new Set(['permit', 'measure']))
    expect(await of('kind=case&case=canada-turkey-wescam&record=actor/baykar')).toEqual([])
  })

  test('filters by field and its parts, not by fields with the same prefix', async () => {
    const fields = async (query: string) => new Set((await of(query)).map(({ field }) => field))
    expect(await fields(`record=${permit}&field=items`)).toEqual(
      new Set(['items.0.good', 'items.0.quantity']),
    )
    expect(await fields(`record=${permit}&field=items.0.quantity`)).toEqual(
      new Set(['items.0.quantity']),
    )
    expect(await fields('field=item')).toEqual(new Set())
    expect(await fields(`record=${permit}&field=statedEndUse`)).toEqual(
      new Set(['statedEndUse', 'statedEndUse.text']),
    )
  })

  test('filters by voice', async () => {
    const records = new Set((await of('voice=kelsey-gallagher')).map(({ record }) => record.slug))
    expect(records).toContain('gallagher-asks-why')
    expect(records).not.toContain(permit)
    expect(await of('voice=syria')).toEqual([])
    expect(await of('voice=baykar')).toHaveLength(1)
  })

  test('filters by article, case and state', async () => {
    expect(await of('article=short')).toHaveLength(1)
    expect(await of('article=turkey-pressed-canada&record=shouted')).toEqual([])
    expect(await of('case=canada-turkey-wescam')).toHaveLength((await of('state=anchored')).length)
    expect(await of('state=orphaned')).toEqual([])
    expect(await of('state=orphaned&state=anchored')).toHaveLength((await of('')).length)
  })

  test('sort=start sorts by position in the text, also in reverse', async () => {
    const starts = (await readEntries(t, '/v1/citations?sort=start')).map(({ start }) =>
      Number(start),
    )
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    const back = (await readEntries(t, '/v1/citations?sort=-start')).map(({ start }) =>
      Number(start),
    )
    expect(back).toEqual(starts.toReversed())
  })

  test.each([
    ['record=no-such-record', 'No record has the slug or id "no-such-record".'],
    ['record=permit/canada', 'No permit has the slug "canada".'],
    ['record=actor/canda', 'No actor has the slug "canda". Did you mean "canada"?'],
    ['article=turkey-presed-canada', /^No article has .* Did you mean "turkey-pressed-canada"\?$/],
    ['voice=gallagher', 'No actor has the slug "gallagher". Did you mean "kelsey-gallagher"?'],
  ])('400 for ?%s', async (query, detail) => {
    const { body } = await t.api.get(`/v1/citations?${query}`).expect(400)
    expect(body.type).toBe('/problems/unknown-reference')
    expect(body.detail).toMatch(detail)
    expect(body.errors).toEqual([{ pointer: `/query/${query.split('=')[0]}`, detail: body.detail }])
  })

  test.each(['record=thing/canada', 'record=a/b/c', 'record=ä', 'kind=thing', 'state=lost'])(
    '400 for ?%s, which has no meaning',
    async (query) => {
      const { body } = await t.api.get(`/v1/citations?${query}`).expect(400)
      expect(body.type).toBe('/problems/invalid-request')
      expect(body.errors[0].pointer).toBe(`/query/${query.split('=')[0]}`)
    },
  )
})

describe('GET /v1/citations/:id', () => {
  test('returns the passage with its record, with offsets in code points', async () => {
    const [citation] = await readEntries(t, '/v1/citations?record=shouted')
    const { body } = await t.api.get(`/v1/citations/${citation?.id}`).expect(200)
    expect(body).toEqual({
      id: citation?.id,
      field: 'name',
      article: expect.objectContaining({ slug: 'short' }),
      start: 2,
      end: 7,
      quote: '\u{1f4a5} and',
      prefix: 'A ',
      suffix: ' B.',
      value: 'B',
      voices: [
        { actor: expect.objectContaining({ slug: 'baykar' }), document: null },
        { actor: null, document: 'a letter' },
      ],
      confidence: 0.25,
      state: 'anchored',
      stateReason: null,
      fragment: null,
      source: 'text',
      sourceConfidence: null,
      record: expect.objectContaining({ slug: 'shouted', href: '/v1/actors/shouted' }),
      recordKind: 'actor',
      href: `/v1/citations/${citation?.id}`,
    })
    expect(body).toEqual(citation)
  })

  test('404 for an unknown id, 400 for a malformed id', async () => {
    const id = '019b0000-0000-7000-8000-000000000000'
    const { body } = await t.api.get(`/v1/citations/${id}`).expect(404)
    expect(body.detail).toBe(`No citation has the id ${id}.`)
    const wrong = await t.api.get('/v1/citations/first').expect(400)
    expect(wrong.body.errors[0].pointer).toBe('/params/id')
  })
})

describe('GET /v1/citations/:id/verify', () => {
  test('returns the text at the offsets when the stored text has changed', async () => {
    const [citation] = await readEntries(t, '/v1/citations?record=shouted')
    const verify = async () =>
      (await t.api.get(`/v1/citations/${citation?.id}/verify`).expect(200)).body
    const whole = await verify()
    expect(whole).toMatchObject({ holds: true, reason: null, bodyIntact: true })
    const { pool } = t.database
    await pool.query('ALTER TABLE article DISABLE TRIGGER ALL')
    await pool.query(
      "UPDATE article SET body = 'A \u{1f4a5} und B.' FROM record WHERE record.id = article.id AND slug = 'short'",
    )
    const broken = await verify()
    expect(broken).toEqual({
      ...whole,
      holds: false,
      reason: 'The text at the offsets differs from the quote.',
      found: '\u{1f4a5} und',
      bodySha256: expect.not.stringMatching(whole.bodySha256),
      bodyIntact: false,
    })
  })

  test('404 for an unknown id', async () => {
    const id = '019b0000-0000-7000-8000-000000000000'
    await t.api.get(`/v1/citations/${id}/verify`).expect(404)
  })
})
