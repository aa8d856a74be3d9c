import { beforeAll, describe, expect, test } from 'vitest'
import { buildScenario, type ScenarioRecord, useScenarios } from './scenario-client.ts'

type Builder = ReturnType<typeof buildScenario>
/** The words of a scenario, its records, and every finding that its permit must have. */
type Scenario = [what: string, records: (c: Builder) => ScenarioRecord[], expected: string[]]

const s = useScenarios()

const check = (scenarios: readonly Scenario[]) =>
  test.each(scenarios)('%s', async (_, build, expected) => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...build(scenario)])
    expect(await s.brief(scenario.permitId)).toEqual(expected)
  })

const actor = (
  type: string,
  slug: string,
  name: string,
  country: string | null,
): ScenarioRecord => ({ kind: 'actor', slug, type, name, country })

beforeAll(() =>
  s.enter([
    actor('state', 'italy', 'Italy', 'IT'),
    actor('state', 'spain', 'Spain', 'ES'),
    actor('state', 'germany', 'Germany', 'DE'),
    actor('public-body', 'licensing-unit', 'Unit for licences of war material', 'IT'),
    actor('organisation', 'eu', 'European Union', null),
    actor('public-body', 'security-council', 'UN Security Council', null),
    actor('armed-force', 'the-column', 'The Column', null),
    actor('company', 'kordia', 'Kordia', 'DE'),
  ]),
)

describe('a measure with a stated end', () => {
  const until = (statedEnd: string, issued: string) => (c: Builder) => [
    c.permit('italy'),
    c.measure('italy', { legalForm: 'suspension', statedEnd: { edtf: statedEnd } }),
    c.impose('2018-11'),
    c.decide('issued', issued),
  ]
  check([
    ['the day before the issue', until('2019-03-31', '2019-04-01'), []],
    [
      'on the day of the issue',
      until('2019-04-01', '2019-04-01'),
      ['permit-under-measure certain'],
    ],
    ['after the issue', until('2019-09', '2019-04-01'), ['permit-under-measure certain']],
    [
      'in the month of the issue',
      until('2019-04', '2019-04-15'),
      ['permit-under-measure possible'],
    ],
    ['on an uncertain day before', until('2019-03?', '2019-04'), ['permit-under-measure possible']],
    [
      'imposed again after it',
      (c) => [...until('2019-03-31', '2021')(c), c.lift('2019-03-31'), c.impose('2020')],
      ['permit-under-measure certain'],
    ],
    [
      'lifted by an event after it',
      (c) => [...until('2019-03-31', '2019-05')(c), c.lift('2019-12')],
      ['permit-under-measure certain'],
    ],
  ])
})

describe('a measure against a recipient', () => {
  const against =
    (permit: (c: Builder) => object, issuer = 'italy', imposer = 'italy') =>
    (c: Builder) => [
      actor('armed-force', `${c.permitId}-force`, `Force of ${c.permitId}`, c.country),
      c.permit(issuer, permit(c)),
      c.measure(imposer, { target: `${c.permitId}-force` }),
      c.impose('2019-03'),
      c.decide('issued', '2020'),
    ]
  check([
    [
      'the end user',
      against((c) => ({ endUser: `${c.permitId}-force` })),
      ['permit-under-measure certain'],
    ],
    [
      'the consignee, by an organisation',
      against((c) => ({ consignee: `${c.permitId}-force` }), 'licensing-unit', 'eu'),
      ['permit-under-measure certain'],
    ],
    ['another force of the destination', against(() => ({})), []],
    [
      'of a state that it does not bind',
      against((c) => ({ endUser: `${c.permitId}-force` }), 'canada', 'eu'),
      [],
    ],
  ])
})

describe('other affairs, with every finding that an editor expects', () => {
  const goodItem = (c: Builder) => ({ items: [{ good: c.goodId, quantity: 10, unit: 'bomb' }] })
  check([
    [
      'a suspension stops a permit, is relaxed for it, and then a delivery follows',
      (c) => [
        c.permit('germany'),
        c.measure('germany', { legalForm: 'suspension' }),
        c.decide('issued', '2018-09'),
        c.impose('2018-11-19'),
        c.decide('suspended', '2018-11-20', { about: [{ measure: c.measureId }] }),
        c.decide('reinstated', '2019-04-01'),
        c.deliver('2019-05'),
      ],
      ['reversal certain', 'reversal certain'],
    ],
    [
      'a member that joined the organisation after the permit',
      (c) => [
        actor('state', 'croatia', 'Croatia', 'HR'),
        c.permit('croatia'),
        c.measure('eu'),
        c.impose('1991-07-29'),
        c.decide('issued', '2012'),
      ],
      [],
    ],
    [
      'an embargo of the Security Council, and a body of a member that relied on an exemption',
      (c) => [
        c.permit('licensing-unit', { exceptionRelied: 'non-lethal equipment' }),
        c.measure('security-council'),
        c.impose('2011-02-26'),
        c.decide('issued', '2019-05'),
      ],
      ['permit-under-measure certain'],
    ],
    [
      'another force of the destination uses the very good',
      (c) => [
        c.good(),
        actor('public-body', `${c.permitId}-ministry`, 'Ministry of the Interior', c.country),
        actor('armed-force', `${c.permitId}-force`, 'The other army', c.country),
        c.permit('italy', { ...goodItem(c), endUser: `${c.permitId}-ministry` }),
        c.decide('issued', '2018'),
        c.use('2019', `${c.permitId}-force`),
      ],
      ['diversion possible'],
    ],
    [
      'two ships, the contract long before the embargo, cancelled after it',
      (c) => [
        c.permit('spain'),
        c.measure('eu'),
        c.decide('issued', '2011-06'),
        c.impose('2014-07-31'),
        c.decide('cancelled', '2015-08-05'),
      ],
      ['reversal certain', 'reversal certain'],
    ],
    [
      'issue and embargo on one day',
      (c) => [
        c.permit('spain'),
        c.measure('eu'),
        c.decide('issued', '2014-08-01'),
        c.impose('2014-08-01'),
      ],
      ['reversal possible'],
    ],
    [
      'through another state to one under embargo',
      (c) => [
        c.permit('italy', { destination: 'turkey', endDestination: c.destination }),
        c.measure('eu'),
        c.impose('2014-08-01'),
        c.decide('issued', '2015'),
      ],
      ['permit-under-measure certain', 're-export certain'],
    ],
    [
      'a refusal of another good of the same maker',
      (c) => [
        {
          kind: 'actor',
          slug: `${c.permitId}-maker`,
          type: 'company',
          name: `Maker ${c.permitId}`,
          country: 'DE',
        },
        c.good({ manufacturer: `${c.permitId}-maker` }),
        { ...c.good({ manufacturer: `${c.permitId}-maker` }), slug: `${c.goodId}-2` },
        c.permit('italy', goodItem(c)),
        { ...c.permit('spain', { items: [{ good: `${c.goodId}-2` }] }), slug: `${c.permitId}-2` },
        c.event('permit-decision', '2016', {
          effects: [{ permit: `${c.permitId}-2`, becomes: 'refused' }],
        }),
        c.decide('issued', '2017'),
      ],
      [],
    ],
    [
      'a gift of the goods to another state',
      (c) => [
        c.good(),
        c.permit('italy', goodItem(c)),
        c.decide('issued', '2017'),
        c.event('transfer', '2019', {
          goods: [c.goodId],
          participants: [
            { actor: c.destination, role: 'seller' },
            { actor: 'turkey', role: 'consignee' },
          ],
        }),
      ],
      ['diversion certain'],
    ],
    [
      'refused under an embargo',
      (c) => [c.permit('italy'), c.measure('eu'), c.impose('2014'), c.decide('refused', '2015')],
      [],
    ],
    [
      'a use before the permit',
      (c) => [
        c.good(),
        c.permit('italy', goodItem(c)),
        c.use('2015', 'turkey'),
        c.decide('issued', '2017'),
      ],
      [],
    ],
    [
      'the force that seized the goods in battle',
      (c) => [
        c.good(),
        c.permit('italy', goodItem(c)),
        c.decide('issued', '2017'),
        c.event('seizure', '2019', {
          goods: [c.goodId],
          participants: [{ actor: 'the-column', role: 'inspector' }],
        }),
      ],
      [],
    ],
    [
      'a delivery under two permits, one of which was cancelled before',
      (c) => [
        c.permit('italy'),
        { ...c.permit('italy'), slug: `${c.permitId}-2` },
        c.decide('issued', '2017'),
        c.decide('cancelled', '2018'),
        c.event('delivery', '2019', {
          about: [{ permit: c.permitId }, { permit: `${c.permitId}-2` }],
        }),
      ],
      ['reversal certain', 'delivery-without-permit possible'],
    ],
    [
      'an open permit for several states, of which one is under embargo of another state',
      (c) => [
        c.permit('italy', {
          type: 'open',
          destination: null,
          destinations: [c.destination, 'turkey'],
        }),
        c.measure('canada'),
        c.impose('2014'),
        c.decide('issued', '2016'),
      ],
      [],
    ],
    [
      'the law of the owner abroad, whose embargo had been lifted',
      (c) => [
        {
          kind: 'actor',
          slug: `${c.permitId}-maker`,
          type: 'company',
          name: `Maker ${c.permitId}`,
          country: 'IT',
        },
        {
          kind: 'affiliation',
          slug: `${c.permitId}-share`,
          type: 'ownership',
          role: 'owner',
          actor: 'kordia',
          organisation: `${c.permitId}-maker`,
        },
        c.permit('italy', { exporter: `${c.permitId}-maker` }),
        c.measure('germany'),
        c.impose('2014'),
        c.lift('2016'),
        c.decide('issued', '2018'),
      ],
      [],
    ],
  ])
})
