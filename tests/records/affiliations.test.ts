import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildAffiliation, storeRecords } from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
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
      type: 'post',
      actor: {
        id: expect.any(String),
        slug: 'marta-morgan',
        name: 'Marta Morgan',
        href: '/v1/actors/marta-morgan',
      },
      organisation: expect.objectContaining({ slug: 'canada' }),
      role: 'Größter Feldherr',
      share: null,
      shareRange: null,
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

describe('affiliations of other types than posts', () => {
  const post = (slug: string, members: object) =>
    w.post('/v1/affiliations', {
      slug,
      actor: 'l3harris-wescam',
      organisation: 'baykar',
      role: 'owner',
      citations: [citationBody()],
      ...members,
    })

  test.each([
    [40, 40, { low: 40, high: 40, excludes: null, asStated: null }],
    [
      { asStated: 'over 50', low: 50, high: 100, excludes: 'low' },
      null,
      { low: 50, high: 100, excludes: 'low', asStated: 'over 50' },
    ],
  ])('an ownership has a share as the source states it: %o', async (share, exact, shareRange) => {
    const slug = `owned-${exact}`
    const { body } = await post(slug, { type: 'ownership', share }).expect(201)
    expect(body).toMatchObject({ type: 'ownership', share: exact, shareRange })
    expect(await readSlugs(t, '/v1/affiliations?type=ownership')).toContain(slug)
    const corrected = await w.patch(`/v1/affiliations/${slug}`, { role: 'shareholder' })
    expect(corrected.body).toMatchObject({ role: 'shareholder', share: exact, shareRange })
  })

  test.each([
    [{ type: 'post', share: 10 }, 'only an `ownership` has a share'],
    [{ type: 'ownership', share: 101 }, 'a share is a percentage, at most 100'],
    [{ type: 'ownership', share: { low: 90, high: 110 } }, 'a share is a percentage, at most 100'],
  ])('%o is refused', async (members, detail) => {
    const { status, body } = await post('refused', members)
    expect([status, body.errors]).toEqual([400, [{ pointer: '/body/share', detail }]])
  })

  test('they are edges of the network, and entities of FollowTheMoney', async () => {
    for (const [type, role] of [
      ['membership', 'member'],
      ['part-of', 'division'],
      ['successor', 'successor'],
      ['post', 'Managing director'],
    ] as const)
      await post(`as-${type}`, { type, role }).expect(201)
    const { body } = await t.api.get('/v1/network?actor=baykar').expect(200)
    const idOf = (slug: string) =>
      body.nodes.find((node: { slug: string }) => node.slug === slug)?.id
    const edges = body.edges.filter(
      ({ source, target }: { source: string; target: string }) =>
        source === idOf('l3harris-wescam') && target === idOf('baykar'),
    )
    expect(edges.map(({ type }: { type: string }) => type).sort()).toEqual([
      'held-post',
      'member-of',
      'owns',
      'part-of',
      'succeeded',
    ])
    const { text } = await t.api.get('/v1/affiliations?format=ftm').expect(200)
    const schemata = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ownership = schemata.find(({ schema }) => schema === 'Ownership')
    expect(ownership.properties).toMatchObject({ percentage: ['40'], role: ['shareholder'] })
    expect(new Set(schemata.map(({ schema }) => schema))).toEqual(
      new Set(['Membership', 'Ownership', 'Directorship', 'Succession', 'UnknownLink']),
    )
  })
})
