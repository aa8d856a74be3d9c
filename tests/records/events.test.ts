import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildEvent, storeRecords } from '../harness/record-builders.ts'
import { extractFacts, readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const bars = 'canada-bars-arms-exports-to-turkey'
const presses = 'turkey-presses-canada'
const assures = 'ankara-gives-assurances'
const memo = 'morgan-memo-recommends-export'
const issues = 'canada-issues-permits-for-baykar'
const use = 'azerbaijan-operates-drones-with-wescam-technology'
const reports = 'reports-of-drone-use-in-nagorno-karabakh'
const suspends = 'canada-suspends-drone-technology-exports'
const inquiry = 'committee-inquiry'
const release = 'documents-made-public'
const gallagher = 'gallagher-asks-why'
const globe = 'globe-and-mail-reports'
const lasting = 'delivery-since-2022'
const undated = 'undated-transfer'

beforeAll(() =>
  storeRecords(
    t.database,
    buildEvent({
      slug: lasting,
      type: 'delivery',
      title: 'Lieferung über Łódź',
      place: 'syria',
      on: { edtf: '2022/..', asStated: 'since 2022', reasoning: 'Goes on.' },
      participants: [
        { actor: 'baykar', role: 'supplier' },
        { actor: 'azerbaijan', role: 'consignee' },
      ],
      goods: ['turkish-made-drones'],
      assurance: { endUser: 'azerbaijan', use: 'border patrol' },
    }),
    buildEvent({ slug: undated, type: 'transfer', title: 'Somebody hands something on' }),
  ),
)

describe('GET /v1/events', () => {
  test.each([
    ['type=use', [use]],
    ['type=inquiry&type=disclosure', [inquiry, release]],
    ['type=application', []],
    ['actor=turkey', [bars, suspends, presses, assures]],
    ['actor=turkey&role=requester', [presses]],
    ['actor=turkey&role=requester&role=assurer', [presses, assures]],
    ['actor=turkey&role=issuer', []],
    ['actor=canada&role=addressee', [presses, assures]],
    ['role=speaker', [gallagher]],
    ['role=user&role=opponent', [use]],
    ['role=exporter', []],
    ['actor=project-ploughshares', []],
    ['good=turkish-made-drones', [use, reports, inquiry, lasting]],
    ['good=mx-15d', [issues]],
    [
      'permit=wescam-mx15d-baykar-2020',
      [presses, assures, memo, issues, release, gallagher, globe],
    ],
    ['measure=canada-arms-embargo-turkey-2019', [bars, issues, release, gallagher, globe]],
    ['measure=canada-drone-technology-suspension', [suspends]],
    ['place=nagorno-karabakh', [use]],
    ['place=idlib', []],
    ['title=asuranc', []],
    ['title=inquires into wescam', [inquiry]],
    ['title=lodz', [lasting]],
    ['title=moon landing', []],
    ['permit=wescam-mx15d-baykar-2020&actor=turkey&type=request', [presses]],
  ])('?%s', async (query, expected) => {
    expect((await readSlugs(t, `/v1/events?${query}`)).sort()).toEqual(expected.toSorted())
  })

  test('filtering by a family of goods finds the events of its members', async () => {
    expect(await readSlugs(t, '/v1/events?good=wescam-imaging-technology')).toContain(issues)
  })

  describe('from and to', () => {
    const year2021 = [reports, suspends, inquiry, release, gallagher, globe]
    test.each([
      ['from=2020-05-06&to=2020-05-06&certainty=certain', [memo]],
      ['from=2020-05&to=2020-05&certainty=certain', [memo, issues]],
      [
        'from=2020-05&to=2020-05&certainty=possible',
        [presses, assures, memo, issues, use, reports, suspends, inquiry],
      ],
      ['to=2019-09-30', [presses, assures]],
      ['to=2019-10-01', [presses, assures, bars]],
      ['to=2019&certainty=certain', [bars]],
      ['to=2020-05&certainty=certain', [bars, presses, assures, memo, issues]],
      ['to=2020-05-30&certainty=certain', [bars, memo]],
      ['from=2021', [...year2021, lasting]],
      ['from=2021&certainty=certain', [release, gallagher, globe, lasting]],
      ['from=2021&to=2021', year2021],
      ['from=2021-06', [lasting]],
      ['from=2030&to=2040', [lasting]],
      ['from=2030&to=2040&certainty=certain', []],
      ['from=2022&certainty=certain', [lasting]],
      ['from=1000&to=1000', [presses, assures]],
      ['from=2021?&to=2021~', year2021],
      ['from=202X&to=202X&certainty=certain', [memo, issues, use, ...year2021]],
    ])('?%s', async (query, expected) => {
      expect((await readSlugs(t, `/v1/events?${query}`)).sort()).toEqual(expected.toSorted())
    })

    test('excludes events without a date', async () => {
      expect(await readSlugs(t, '/v1/events?from=0001')).not.toContain(undated)
      expect(await readSlugs(t, '/v1/events?to=9999')).not.toContain(undated)
      expect(await readSlugs(t, '/v1/events')).toContain(undated)
    })
  })

  test('sorts by earliest day, null first', async () => {
    const order = await readSlugs(t, '/v1/events')
    expect(order.slice(0, 3).sort()).toEqual([assures, presses, undated].sort())
    expect(order[3]).toBe(bars)
    expect(order.slice(4, 8).sort()).toEqual([use, reports, suspends, inquiry].sort())
    expect(order.slice(8, 10)).toEqual([issues, memo])
    expect(order.at(-1)).toBe(lasting)
    expect(await readSlugs(t, '/v1/events?sort=-on')).toEqual(order.toReversed())
  })
})

describe('GET /v1/events/:ref', () => {
  test('returns place, participants, goods and assurance', async () => {
    const { body } = await t.api.get(`/v1/events/${lasting}`).expect(200)
    expect(extractFacts(body)).toEqual({
      slug: lasting,
      type: 'delivery',
      title: 'Lieferung über Łódź',
      on: '2022/..',
      description: null,
      place: 'syria',
      participants: [
        { actor: 'baykar', role: 'supplier' },
        { actor: 'azerbaijan', role: 'consignee' },
      ],
      goods: ['turkish-made-drones'],
      about: [],
      effects: [],
      assurance: { endUser: 'azerbaijan', place: null, use: 'border patrol' },
    })
    expect(body.on).toEqual({
      edtf: '2022/..',
      asStated: 'since 2022',
      reasoning: 'Goes on.',
      earliest: '2022-01-01',
      latest: null,
    })
    expect(body.place).toEqual({
      slug: 'syria',
      name: 'Syria',
      country: 'SY',
      latitude: 35,
      longitude: 38,
      source: expect.stringContaining('not from the article'),
    })
  })

  test('a disputed place has no country', async () => {
    const { body } = await t.api.get(`/v1/events/${use}`).expect(200)
    expect(body.place).toMatchObject({ slug: 'nagorno-karabakh', country: null })
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/events/comittee-inquiry').expect(404)
    expect(body.detail).toContain(`Did you mean "${inquiry}"?`)
  })
})
