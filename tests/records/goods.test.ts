import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildGood, storeRecords } from '../harness/record-builders.ts'
import { readSlugs } from '../harness/record-reader.ts'

const t = useApp()

beforeAll(() =>
  storeRecords(
    t.database,
    buildGood({
      slug: 'hellfire',
      designation: 'AGM-114 Hellfire',
      controlEntries: [
        { list: 'EU ML', code: 'ML4a' },
        { list: 'USML', code: 'IV(a)(6)' },
      ],
    }),
    buildGood({ slug: 'mx-10', designation: 'MX-10', family: 'wescam-imaging-technology' }),
  ),
)

describe('GET /v1/goods', () => {
  test.each([
    ['designation=MX15D', ['mx-15d']],
    ['designation=helfire', ['hellfire']],
    ['designation=submarine', []],
    ['manufacturer=l3harris-wescam', ['mx-15d', 'wescam-imaging-technology']],
    ['manufacturer=baykar', []],
    ['family=wescam-imaging-technology', ['mx-10', 'mx-15d']],
    ['family=mx-15d', []],
    ['controlList=USML', ['hellfire']],
    ['controlList=EU', []],
    ['controlCode=ML4a', ['hellfire']],
    ['controlCode=IV(a)(6)', ['hellfire']],
    ['controlCode=ML4', ['hellfire']],
    ['permit=wescam-mx15d-baykar-2020', ['mx-15d']],
    [
      'case=canada-turkey-wescam&manufacturer=l3harris-wescam&permit=wescam-mx15d-baykar-2020',
      ['mx-15d'],
    ],
  ])('?%s', async (query, expected) => {
    expect((await readSlugs(t, `/v1/goods?${query}`)).sort()).toEqual(expected)
  })

  test('sorts by designation', async () => {
    const sorted = [
      'hellfire',
      'mx-10',
      'mx-15d',
      'turkish-made-drones',
      'wescam-imaging-technology',
    ]
    expect(await readSlugs(t, '/v1/goods')).toEqual(sorted)
    expect(await readSlugs(t, '/v1/goods?sort=-name')).toEqual(sorted.toReversed())
  })
})

describe('GET /v1/goods/:ref', () => {
  test('returns control entries in their order', async () => {
    const { body } = await t.api.get('/v1/goods/hellfire').expect(200)
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'good',
      slug: 'hellfire',
      revision: 2,
      href: '/v1/goods/hellfire',
      designation: 'AGM-114 Hellfire',
      description: null,
      manufacturer: null,
      family: null,
      controlEntries: [
        { list: 'EU ML', code: 'ML4a' },
        { list: 'USML', code: 'IV(a)(6)' },
      ],
      members: [],
      conflicts: [],
      citations: [expect.any(Object)],
    })
  })

  test('a family lists its members', async () => {
    const { body } = await t.api.get('/v1/goods/wescam-imaging-technology').expect(200)
    expect(body.members).toEqual([
      { id: expect.any(String), slug: 'mx-10', name: 'MX-10', href: '/v1/goods/mx-10' },
      { id: expect.any(String), slug: 'mx-15d', name: 'MX-15D', href: '/v1/goods/mx-15d' },
    ])
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/goods/mx15d').expect(404)
    expect(body.detail).toBe('No good has the slug "mx15d". Did you mean "mx-15d"?')
  })
})
