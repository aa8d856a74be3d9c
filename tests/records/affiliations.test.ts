import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildAffiliation, storeRecords } from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const champagne = 'champagne-foreign-affairs-minister'
const gallagher = 'gallagher-researcher-project-ploughshares'
const morgan = 'morgan-deputy-minister-of-foreign-affairs'
const trudeau = 'trudeau-prime-minister'

beforeAll(() =>
  storeRecords(
    t.database,
    buildAffiliation({
      slug: 'since-2015',
      role: 'Größter Feldherr',
      during: { edtf: '2015-11/..' },
    }),
    buildAffiliation({ slug: 'undated', actor: 'kelsey-gallagher', organisation: 'baykar' }),
  ),
)

describe('GET /v1/affiliations', () => {
  test.each([
    ['actor=justin-trudeau', [trudeau]],
    ['actor=canada', []],
    ['organisation=canada', [champagne, morgan, 'since-2015', trudeau]],
    ['organisation=turkey', []],
    ['actor=kelsey-gallagher&organisation=project-ploughshares', [gallagher]],
    ['actor=kelsey-gallagher&organisation=canada', []],
    ['role=deputy minster', [morgan]],
    ['role=prime', [trudeau]],
    ['role=grosster feldherr', ['since-2015']],
    ['role=general', []],
    ['from=2020&to=2020', [champagne, morgan, 'since-2015', trudeau]],
    ['from=2020&to=2020&certainty=certain', [champagne, morgan, trudeau]],
    ['from=2020-05-06&to=2020-05-06&certainty=certain', [champagne, morgan]],
    ['from=2021', [gallagher, 'since-2015']],
    ['to=2015-10', []],
    ['sort=during&organisation=canada', ['since-2015', trudeau, morgan, champagne]],
    ['sort=-during&from=2020&certainty=certain', [gallagher, champagne, morgan, trudeau]],
  ])('?%s', async (query, expected) => {
    const found = await readSlugs(t, `/v1/affiliations?${query}`)
    expect(query.startsWith('sort') ? found : found.sort()).toEqual(
      query.startsWith('sort') ? expected : expected.toSorted(),
    )
  })
})

describe('GET /v1/affiliations/:ref', () => {
  test('returns actor, organisation, role and period', async () => {
    const { body } = await t.api.get(`/v1/affiliations/since-2015`).expect(200)
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'affiliation',
      slug: 'since-2015',
      revision: 2,
      href: '/v1/affiliations/since-2015',
      actor: {
        id: expect.any(String),
        slug: 'marta-morgan',
        name: 'Marta Morgan',
        href: '/v1/actors/marta-morgan',
      },
      organisation: expect.objectContaining({ slug: 'canada' }),
      role: 'Größter Feldherr',
      during: {
        edtf: '2015-11/..',
        asStated: null,
        reasoning: null,
        earliest: '2015-11-01',
        latest: null,
      },
      conflicts: [],
      citations: [expect.objectContaining({ start: 1509, end: 1534 })],
    })
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/affiliations/trudeau-prime-minster').expect(404)
    expect(body.detail).toContain(`Did you mean "${trudeau}"?`)
  })
})
