import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildActor, storeRecords } from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'

const t = useApp()

beforeAll(() =>
  storeRecords(
    t.database,
    buildActor({
      slug: 'aselsan',
      name: 'ASELSAN Elektronik',
      country: 'TR',
      aliases: [{ name: 'Türkisches Elektronikwerk', language: 'de' }],
      identifiers: [{ scheme: 'lei', value: '789000AAAAAAAAAAAA11' }],
    }),
    buildActor({ slug: 'percent', name: '100% Dual_Use \\ Trading', type: 'organisation' }),
  ),
)

describe('GET /v1/actors', () => {
  test.each([
    ['type=publisher', ['panarmenian-net', 'the-globe-and-mail']],
    ['type=armed-force', []],
    [
      'type=publisher&type=public-body',
      ['house-of-commons-foreign-affairs-committee', 'panarmenian-net', 'the-globe-and-mail'],
    ],
    ['country=TR', ['aselsan', 'baykar', 'turkey']],
    ['country=tr', ['aselsan', 'baykar', 'turkey']],
    ['country=DE', []],
    ['identifier=789000AAAAAAAAAAAA11', ['aselsan']],
    ['identifier=789000', []],
    ['event=turkey-presses-canada', ['canada', 'turkey']],
    ['event=reports-of-drone-use-in-nagorno-karabakh', []],
    ['case=canada-turkey-wescam&type=company&country=CA', ['l3harris-wescam']],
    ['type=state&country=TR', ['turkey']],
    ['type=person&country=TR', []],
  ])('?%s', async (query, expected) => {
    expect((await readSlugs(t, `/v1/actors?${query}`)).sort()).toEqual(expected)
  })

  test.each([
    ['Baykr', 'baykar'],
    ['BAYKAR', 'baykar'],
    ['bayk', 'baykar'],
    ['francois-philippe', 'francois-philippe-champagne'],
    ['François', 'francois-philippe-champagne'],
    ['Franc\u0327ois', 'francois-philippe-champagne'],
    ['champange', 'francois-philippe-champagne'],
    ['Galagher', 'kelsey-gallagher'],
    ['gallagher kelsey', 'kelsey-gallagher'],
    ['plougshares', 'project-ploughshares'],
    ['globe mail', 'the-globe-and-mail'],
    ['elektronikwerk', 'aselsan'],
    ['turkisches', 'aselsan'],
    ['Ottawa', 'canada'],
    ['%', 'percent'],
    ['Dual_Use', 'percent'],
    ['\\', 'percent'],
  ])('?name=%s finds %s', async (name, slug) => {
    expect(await readSlugs(t, `/v1/actors?name=${encodeURIComponent(name)}`)).toContain(slug)
  })

  test.each(['Lockheed', 'Putin', 'xyz', '_____', "'; DROP TABLE actor; --"])(
    '?name=%s finds no actor',
    async (name) => {
      expect(await readSlugs(t, `/v1/actors?name=${encodeURIComponent(name)}`)).toEqual([])
    },
  )

  test('a name of one actor finds only that actor', async () => {
    expect(await readSlugs(t, '/v1/actors?name=Baykr')).toEqual(['baykar'])
    expect(await readSlugs(t, '/v1/actors?name=Galagher')).toEqual(['kelsey-gallagher'])
    expect(await readSlugs(t, '/v1/actors?name=francois-philippe')).toEqual([
      'francois-philippe-champagne',
    ])
  })

  test('sorts by name, ignoring accents and case', async () => {
    const sorted = await readSlugs(t, '/v1/actors')
    expect(sorted.slice(0, 5)).toEqual(['percent', 'armenia', 'aselsan', 'azerbaijan', 'baykar'])
    expect(await readSlugs(t, '/v1/actors?sort=-name')).toEqual(sorted.toReversed())
  })
})

describe('GET /v1/actors/:ref', () => {
  test('returns the actor with its names, identifiers and citations', async () => {
    const { body } = await t.api.get('/v1/actors/aselsan').expect(200)
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'actor',
      slug: 'aselsan',
      revision: 2,
      href: '/v1/actors/aselsan',
      type: 'company',
      name: 'ASELSAN Elektronik',
      aliases: [{ name: 'Türkisches Elektronikwerk', language: 'de' }],
      country: 'TR',
      identifiers: [{ scheme: 'lei', value: '789000AAAAAAAAAAAA11' }],
      conflicts: [],
      citations: [expect.objectContaining({ quote: 'Turkey had pressed Ottawa', field: null })],
    })
  })

  test('returns the same by id as by slug', async () => {
    const { body } = await t.api.get('/v1/actors/baykar').expect(200)
    expect((await t.api.get(`/v1/actors/${body.id}`).expect(200)).body).toEqual(body)
    const capitals = await t.api.get(`/v1/actors/${body.id.toUpperCase()}`).expect(200)
    expect(capitals.body).toEqual(body)
  })

  test.each([
    ['baykr', 'baykar'],
    ['Baykar', 'baykar'],
    ['gallagher', 'kelsey-gallagher'],
    ['l3-harris-wescam', 'l3harris-wescam'],
  ])('404 for %s suggests %s', async (ref, near) => {
    const { body } = await t.api.get(`/v1/actors/${ref}`).expect(404)
    expect(body).toEqual({
      type: '/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: `No actor has the slug "${ref}". Did you mean "${near}"?`,
    })
  })

  test('404 suggests nothing when no slug is near', async () => {
    const { body } = await t.api.get('/v1/actors/qqqqqqqqqqqq').expect(404)
    expect(body.detail).toBe('No actor has the slug "qqqqqqqqqqqq".')
  })

  test('404 for the id of a record of another kind', async () => {
    const { body: permit } = await t.api.get('/v1/permits/wescam-mx15d-baykar-2020').expect(200)
    const { body } = await t.api.get(`/v1/actors/${permit.id}`).expect(404)
    expect(body.detail).toBe(`No actor has the id ${permit.id}.`)
  })
})
