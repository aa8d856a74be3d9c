import { beforeAll, describe, expect, test } from 'vitest'
import { EventType, ParticipantRole } from '../../src/records/kinds/events/schema.ts'
import { useApp } from '../harness/app.ts'
import { buildEvent, storeRecords } from '../harness/record-builders.ts'
import { extractFacts, readSlugs } from '../harness/record-reader.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
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
      items: [],
      victims: [],
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
      href: '/v1/places/syria',
      reference: true,
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

describe('amounts of events', () => {
  const post = (slug: string, members: object) =>
    w.post('/v1/events', { slug, title: slug, citations: [citationBody()], ...members })

  test('goods have quantities and values as stated, and are goods of the event', async () => {
    const { body } = await post('shipment', {
      type: 'delivery',
      goods: ['mx-15d'],
      items: [
        {
          good: 'mx-15d',
          quantity: { asStated: 'almost 20,000' },
          unit: 'system',
          value: { currency: 'EUR', asStated: 'over €411 million' },
        },
        { good: 'turkish-made-drones', quantity: 7 },
      ],
      participants: [
        { actor: 'baykar', role: 'carrier' },
        { actor: 'armenia', role: 'transit-state' },
      ],
    }).expect(201)
    expect(body.goods.map(({ slug }: { slug: string }) => slug)).toEqual([
      'mx-15d',
      'turkish-made-drones',
    ])
    expect(body.items).toEqual([
      {
        good: expect.objectContaining({ slug: 'mx-15d' }),
        quantity: null,
        quantityRange: expect.objectContaining({ high: 20000, asStated: 'almost 20,000' }),
        unit: 'system',
        value: expect.objectContaining({ amount: null, currency: 'EUR', low: '411000000' }),
      },
      {
        good: expect.objectContaining({ slug: 'turkish-made-drones' }),
        quantity: 7,
        quantityRange: { low: 7, high: 7, excludes: null, asStated: null },
        unit: null,
        value: null,
      },
    ])
    expect(await readSlugs(t, '/v1/events?good=turkish-made-drones&type=delivery')).toContain(
      'shipment',
    )
    const renamed = await w.patch('/v1/events/shipment', { title: 'A shipment' })
    expect(renamed.body).toMatchObject({ items: body.items, goods: body.goods })
  })

  test('victims are counted as the source counts them', async () => {
    const { body } = await post('strike', {
      type: 'incident',
      on: { edtf: '2020-10' },
      participants: [
        { actor: 'azerbaijan', role: 'user' },
        { actor: 'armenia', role: 'victim' },
      ],
      victims: [
        { outcome: 'killed', who: 'civilians', count: 12 },
        { outcome: 'injured', count: { asStated: 'at least 30' } },
      ],
    }).expect(201)
    expect(body.victims).toEqual([
      {
        outcome: 'killed',
        who: 'civilians',
        count: 12,
        countRange: { low: 12, high: 12, excludes: null, asStated: null },
      },
      {
        outcome: 'injured',
        who: null,
        count: null,
        countRange: { low: 30, high: null, excludes: null, asStated: 'at least 30' },
      },
    ])
    const { body: network } = await t.api.get('/v1/network?actor=armenia').expect(200)
    expect(network.edges.map(({ type }: { type: string }) => type)).toContain('harmed')
    const { text } = await t.api.get('/v1/events/strike?format=ftm').expect(200)
    expect(text).toContain('Victims: at least 30 injured')
  })

  test('every type of event and every role can be recorded', async () => {
    for (const type of EventType.options)
      await post(`of-type-${type}`, {
        type,
        participants: ParticipantRole.options.map((role) => ({ actor: 'baykar', role })),
      }).expect(201)
  })
})
