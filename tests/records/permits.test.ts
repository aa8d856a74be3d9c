import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildCitation,
  buildEvent,
  buildGood,
  buildPermit,
  storeRecords,
} from '../harness/record-builders.ts'
import { extractFacts, readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const real = 'wescam-mx15d-baykar-2020'

/** An event with an effect on a permit. */
const effect = (permit: string, becomes: string, edtf: string | null) =>
  buildEvent({
    slug: `${permit}-${becomes}`,
    type: 'permit-decision',
    on: edtf === null ? null : { edtf },
    effects: [{ permit, becomes }],
  })

beforeAll(() =>
  storeRecords(
    t.database,
    buildGood({ slug: 'mx-20', designation: 'MX-20', family: 'wescam-imaging-technology' }),
    buildPermit({
      slug: 'numbered',
      number: 'EX-2020/17',
      endUser: 'syria',
      destination: 'turkey',
      endDestination: 'syria',
      items: [
        {
          good: 'mx-20',
          quantity: 2.5,
          unit: 'tonne',
          controlEntries: [
            { list: 'EU ML', code: 'ML15d' },
            { list: 'EU ML', code: 'ML22' },
          ],
        },
        { good: 'turkish-made-drones' },
      ],
      value: { amount: '95000.50', currency: 'EUR' },
      validUntil: { edtf: '2021-01-31', asStated: '31012021' },
      legalBasis: 'Export and Import Permits Act',
    }),
    buildPermit({ slug: 'refused', issuer: 'turkey' }),
    effect('refused', 'refused', '2018-02'),
    buildPermit({
      slug: 'suspended',
      destination: 'syria',
      endDestination: 'syria',
      value: { amount: '100000', currency: 'CAD' },
    }),
    effect('suspended', 'issued', '2019-06-15'),
    effect('suspended', 'suspended', '2019-10'),
    buildPermit({ slug: 'reinstated' }),
    effect('reinstated', 'issued', '2017'),
    effect('reinstated', 'suspended', '2018'),
    effect('reinstated', 'reinstated', '2019'),
    buildPermit({ slug: 'cancelled' }),
    effect('cancelled', 'issued', '2010/..'),
    effect('cancelled', 'amended', '2011/..'),
    effect('cancelled', 'cancelled', '2012/..'),
    buildPermit({ slug: 'expired' }),
    effect('expired', 'issued', '../1999'),
    effect('expired', 'expired', '2001?'),
    buildPermit({ slug: 'undated' }),
    effect('undated', 'issued', null),
    buildPermit({ slug: 'never-issued' }),
  ),
)

describe('GET /v1/permits', () => {
  test.each([
    ['number=EX-2020/17', ['numbered']],
    ['number=EX-2020', []],
    ['issuer=turkey', ['refused']],
    ['issuer=baykar', []],
    ['exporter=l3harris-wescam', [real]],
    ['exporter=baykar', []],
    ['consignee=baykar', [real]],
    ['consignee=canada', []],
    ['endUser=syria', ['numbered']],
    ['endUser=baykar', []],
    ['destination=turkey', ['numbered', real]],
    ['destination=syria', ['suspended']],
    ['endDestination=syria', ['numbered', 'suspended']],
    ['endDestination=turkey', []],
    ['reExport=true', ['numbered']],
    ['reExport=false', ['suspended']],
    ['controlCode=ML22', ['numbered']],
    ['controlCode=ML2', []],
    ['currency=EUR', ['numbered']],
    ['currency=USD', []],
    ['good=mx-15d', [real]],
    ['good=turkish-made-drones', ['numbered']],
    ['measure=canada-arms-embargo-turkey-2019', [real]],
    ['measure=canada-drone-technology-suspension', []],
    ['status=refused', ['refused']],
    ['status=suspended', ['suspended']],
    ['status=cancelled', ['cancelled']],
    ['status=expired', ['expired']],
    ['status=issued', ['reinstated', 'undated', real]],
    ['status=refused&status=suspended', ['refused', 'suspended']],
    ['status=refused&issuer=canada', []],
    ['issuer=canada&destination=turkey&good=mx-15d&status=issued&from=2020&to=2020', [real]],
  ])('?%s', async (query, expected) => {
    expect(await readSlugs(t, `/v1/permits?${query}&sort=slug`)).toEqual(expected)
  })

  test('filtering by a family of goods finds the permits for its members', async () => {
    expect(await readSlugs(t, '/v1/permits?good=wescam-imaging-technology&sort=slug')).toEqual([
      'numbered',
      real,
    ])
  })

  test('every reference filter accepts an id or a slug', async () => {
    const { body } = await t.api.get(`/v1/permits/${real}`).expect(200)
    const good = body.items[0].good.id
    for (const name of ['issuer', 'exporter', 'consignee', 'destination'])
      expect(await readSlugs(t, `/v1/permits?${name}=${body[name].id}&good=${good}`)).toEqual([
        real,
      ])
  })

  describe('from and to: issued in a period', () => {
    // Issued: real 2020-05, suspended 2019-06-15, reinstated 2017, cancelled 2010/.., expired ../1999.
    test.each([
      ['from=2020-05&to=2020-05', ['cancelled', real]],
      ['from=2020-05&to=2020-05&certainty=certain', [real]],
      ['from=2020-05-10&to=2020-05-20', ['cancelled', real]],
      ['from=2020-05-10&to=2020-05-20&certainty=certain', []],
      ['from=2020-06', ['cancelled']],
      ['from=2020-06&certainty=certain', []],
      ['from=2020-05-31', ['cancelled', real]],
      ['to=2020-05-01&from=2020-05', ['cancelled', real]],
      ['to=2020-04&from=2020-03', ['cancelled']],
      ['from=2010&certainty=certain', ['cancelled', 'reinstated', 'suspended', real]],
      ['from=2011&certainty=certain', ['reinstated', 'suspended', real]],
      ['to=1999&certainty=certain', ['expired']],
      ['to=1998&certainty=certain', []],
      ['to=1500', ['expired']],
      ['from=9999', ['cancelled']],
      ['from=2019-06-15&to=2019-06-15&certainty=certain', ['suspended']],
      ['from=2019-06-16&to=2020-04', ['cancelled']],
      ['from=2016&to=2018&certainty=possible', ['cancelled', 'reinstated']],
      ['from=2016&to=2018&certainty=certain', ['reinstated']],
    ])('?%s', async (query, expected) => {
      expect(await readSlugs(t, `/v1/permits?${query}&sort=slug`)).toEqual(expected)
    })

    test('excludes permits without a date of issue', async () => {
      const possible = await readSlugs(t, '/v1/permits?from=0001&to=9999')
      expect(possible).not.toContain('undated')
      expect(possible).not.toContain('never-issued')
      expect(await readSlugs(t, '/v1/permits')).toHaveLength(9)
      expect(await readSlugs(t, '/v1/permits?certainty=certain')).toHaveLength(9)
    })
  })

  test('sorts by date of issue, newest first, by default', async () => {
    expect(await readSlugs(t, '/v1/permits')).toEqual(
      await readSlugs(t, '/v1/permits?sort=-issuedOn'),
    )
  })

  test('sort=issuedOn sorts by earliest day, null first', async () => {
    const order = await readSlugs(t, '/v1/permits?sort=issuedOn')
    expect(order.slice(-4)).toEqual(['cancelled', 'reinstated', 'suspended', real])
    expect(order.slice(0, 5).sort()).toEqual([
      'expired',
      'never-issued',
      'numbered',
      'refused',
      'undated',
    ])
    expect(await readSlugs(t, '/v1/permits?sort=-issuedOn')).toEqual(order.toReversed())
  })

  test('sort=-value sorts by amount, null last', async () => {
    expect((await readSlugs(t, '/v1/permits?sort=-value')).slice(0, 2)).toEqual([
      'suspended',
      'numbered',
    ])
    const { body } = await t.api.get('/v1/permits?sort=-value&limit=1').expect(200)
    const next = await readSlugs(t, `/v1/permits?sort=-value&limit=1&cursor=${body.next}`)
    expect(next).toEqual(['numbered'])
  })

  test('an entry is the permit with embedded references, without history and citations', async () => {
    const { body } = await t.api.get('/v1/permits?number=EX-2020/17').expect(200)
    const reference = (kind: string, slug: string, name: string) => ({
      id: expect.any(String),
      slug,
      name,
      href: `/v1/${kind}/${slug}`,
    })
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          kind: 'permit',
          slug: 'numbered',
          revision: 2,
          href: '/v1/permits/numbered',
          title: 'A permit',
          type: null,
          number: 'EX-2020/17',
          issuer: reference('actors', 'canada', 'Canada'),
          exporter: null,
          consignee: null,
          endUser: reference('actors', 'syria', 'Syria'),
          destination: reference('actors', 'turkey', 'Turkey'),
          destinations: [reference('actors', 'turkey', 'Turkey')],
          endDestination: reference('actors', 'syria', 'Syria'),
          parties: [],
          permitCount: null,
          permitCountRange: null,
          items: [
            {
              good: reference('goods', 'mx-20', 'MX-20'),
              quantity: 2.5,
              quantityRange: { low: 2.5, high: 2.5, excludes: null, asStated: null },
              unit: 'tonne',
              controlEntries: [
                { list: 'EU ML', code: 'ML15d' },
                { list: 'EU ML', code: 'ML22' },
              ],
              value: null,
            },
            {
              good: reference('goods', 'turkish-made-drones', 'Turkish-made drones'),
              quantity: null,
              quantityRange: null,
              unit: null,
              controlEntries: [],
              value: null,
            },
          ],
          value: {
            amount: '95000.5',
            currency: 'EUR',
            low: '95000.5',
            high: '95000.5',
            excludes: null,
            asStated: null,
          },
          validUntil: {
            edtf: '2021-01-31',
            asStated: '31012021',
            reasoning: null,
            earliest: '2021-01-31',
            latest: '2021-01-31',
          },
          legalBasis: 'Export and Import Permits Act',
          exceptionRelied: null,
          statedEndUse: null,
          restrictions: null,
          status: null,
          issuedOn: null,
        },
      ],
      next: null,
    })
  })
})

describe('GET /v1/permits/:ref', () => {
  test.each([
    ['never-issued', null, null, []],
    ['refused', 'refused', null, ['refused 2018-02']],
    ['suspended', 'suspended', '2019-06-15', ['issued 2019-06-15', 'suspended 2019-10']],
    ['reinstated', 'issued', '2017', ['issued 2017', 'suspended 2018', 'reinstated 2019']],
    [
      'cancelled',
      'cancelled',
      '2010/..',
      ['issued 2010/..', 'amended 2011/..', 'cancelled 2012/..'],
    ],
    ['expired', 'expired', '../1999', ['issued ../1999', 'expired 2001?']],
    ['undated', 'issued', null, ['issued null']],
  ])('status and history of %s follow from its events', async (slug, status, issuedOn, life) => {
    const { body } = await t.api.get(`/v1/permits/${slug}`).expect(200)
    const permit = extractFacts(body) as {
      history: { becomes: string; on: string; event: string }[]
    }
    expect(permit).toMatchObject({ status, issuedOn })
    expect(permit.history.map(({ becomes, on }) => `${becomes} ${on}`)).toEqual(life)
    expect(permit.history.map(({ event }) => event)).toEqual(
      life.map((step) => `${slug}-${step.split(' ')[0]}`),
    )
  })

  test('conflicting passages are listed under conflicts with the chosen value', async () => {
    const eight = { ...buildCitation({ field: 'items.0.quantity', value: 8 }) }
    const same = { ...buildCitation({ field: 'restrictions' }) }
    const unit = { ...buildCitation({ field: 'items.0.unit', value: 'turret' }) }
    const nine = { ...buildCitation({ field: 'items.0.quantity', value: 9 }) }
    await storeRecords(
      t.database,
      buildPermit({
        slug: 'disputed',
        items: [{ good: 'mx-15d', quantity: 7 }],
        citations: [eight, same, unit, nine],
      }),
    )
    const { body } = await t.api.get('/v1/permits/disputed').expect(200)
    const ids = body.citations.map(({ id }: { id: string }) => id)
    expect(body.conflicts).toEqual([
      {
        field: 'items.0.quantity',
        chosen: 7,
        claims: [
          { value: 8, citation: ids[0] },
          { value: 9, citation: ids[3] },
        ],
      },
      { field: 'items.0.unit', chosen: null, claims: [{ value: 'turret', citation: ids[2] }] },
    ])
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/permits/wescam-mx15d-baykar-2021').expect(404)
    expect(body.detail).toBe(
      `No permit has the slug "wescam-mx15d-baykar-2021". Did you mean "${real}"?`,
    )
  })
})
