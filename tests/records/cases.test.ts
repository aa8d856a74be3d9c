import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildActor, buildArticle, buildCase, storeRecords } from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const real = 'canada-turkey-wescam'

beforeAll(() =>
  storeRecords(
    t.database,
    buildCase({ slug: 'empty', title: 'Engines à réaction for Myanmar', summary: 'Nothing yet.' }),
    buildCase({ slug: 'other' }),
    buildArticle({ slug: 'late', case: 'other', publishedOn: { edtf: '2022' } }),
    buildArticle({ slug: 'undated', case: 'other' }),
    buildArticle({
      slug: 'early',
      case: 'other',
      publishedOn: { edtf: '2020-01' },
      body: 'Ruritania buys boats.',
    }),
    buildActor({
      slug: 'ruritania',
      citations: [
        {
          article: 'early',
          quote: 'Ruritania',
          field: null,
          voices: [],
          confidence: 1,
          fragment: null,
        },
      ],
    }),
  ),
)

describe('GET /v1/cases', () => {
  test.each([
    [`case=${real}`, [real]],
    ['title=nagorno karabach', [real]],
    ['title=engines a reaction', ['empty']],
    ['title=submarines', []],
  ])('?%s', async (query, expected) => {
    expect(await readSlugs(t, `/v1/cases?${query}`)).toEqual(expected)
  })

  test('lists a case that has no article yet', async () => {
    const { body } = await t.api.get('/v1/cases').expect(200)
    expect(body.data.map(({ slug }: { slug: string }) => slug)).toEqual([real, 'empty', 'other'])
    expect(body.data[1]).toEqual({
      id: expect.any(String),
      kind: 'case',
      slug: 'empty',
      revision: expect.any(Number),
      href: '/v1/cases/empty',
      title: 'Engines à réaction for Myanmar',
      summary: 'Nothing yet.',
    })
  })
})

describe('case= on every list', () => {
  test('keeps the records that cite an article of the case', async () => {
    expect(await readSlugs(t, '/v1/actors?case=other')).toEqual(['ruritania'])
    expect(await readSlugs(t, `/v1/actors?case=${real}`)).not.toContain('ruritania')
    expect((await readSlugs(t, '/v1/articles?case=other')).sort()).toEqual([
      'early',
      'late',
      'undated',
    ])
    for (const kind of ['affiliations', 'goods', 'permits', 'measures', 'events']) {
      expect(await readSlugs(t, `/v1/${kind}?case=other`)).toEqual([])
      expect(await readSlugs(t, `/v1/${kind}?case=${real}`)).toEqual(
        await readSlugs(t, `/v1/${kind}`),
      )
    }
    const { body } = await t.api.get('/v1/citations?case=other').expect(200)
    expect(body.data.map(({ quote }: { quote: string }) => quote)).toEqual(['Ruritania'])
  })
})

describe('GET /v1/cases/:ref', () => {
  test('lists its articles, undated ones first, then oldest first', async () => {
    const { body } = await t.api.get('/v1/cases/other').expect(200)
    expect(body.articles.map(({ slug }: { slug: string }) => slug)).toEqual([
      'undated',
      'early',
      'late',
    ])
    expect(body.articles[1]).toEqual({
      id: expect.any(String),
      slug: 'early',
      name: 'An article',
      href: '/v1/articles/early',
    })
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/cases/canada-turkey-westcam').expect(404)
    expect(body.detail).toContain(`Did you mean "${real}"?`)
  })
})

describe('GET /v1/cases/:ref/coverage', () => {
  test('lists the fields without a citation', async () => {
    const { body } = await t.api.get('/v1/cases/other/coverage').expect(200)
    const actor = body.records.find(({ kind }: { kind: string }) => kind === 'actor')
    expect(actor).toEqual({
      record: expect.objectContaining({ slug: 'ruritania', href: '/v1/actors/ruritania' }),
      kind: 'actor',
      facts: 2,
      cited: 0,
      citedAsWhole: 0,
      missing: ['type', 'name'],
    })
    expect(body.cited).toBe(0)
    expect(body.share).toBe(0)
  })

  test('counts only title and summary of a case without records', async () => {
    const { body } = await t.api.get('/v1/cases/empty/coverage').expect(200)
    expect(body).toMatchObject({ facts: 2, cited: 0, share: 0 })
    expect(body.records).toHaveLength(1)
  })

  test('404 for an unknown case', async () => {
    const { body } = await t.api.get('/v1/cases/emty/coverage').expect(404)
    expect(body.detail).toBe('No case has the slug "emty". Did you mean "empty"?')
  })
})
