import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingRules } from '../../../src/answers/findings/all-rules.ts'
import { combineGrades } from '../../../src/answers/findings/reasoning/grades.ts'
import type {
  ActorFacts,
  EventFacts,
  FactDate,
  FigureFacts,
  FindingContext,
  GoodFacts,
  MeasureFacts,
  NamedGood,
  OwnershipFacts,
  PermitFacts,
  PlaceFacts,
  RuleResult,
} from '../../../src/answers/findings/rules.ts'
import type { RuleName } from '../../../src/answers/findings/schema.ts'
import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'

const toDate = (edtf: string): FactDate => ({ edtf, asStated: null, ...parseEdtfBounds(edtf) })
const date = fc
  .constantFrom(
    '2017',
    '2018',
    '2018-06',
    '2019',
    '2019-07',
    '2019-07-15',
    '2020?',
    '../2019',
    '2018/2020',
    '2020/..',
  )
  .map(toDate)
const maybeDate = fc.option(date)

const actor = (name: string, type: string, country: string | null): ActorFacts => ({
  id: name,
  name,
  type,
  country,
  aliases: [],
})
const italy = actor('Italy', 'state', 'IT')
const oman = actor('Oman', 'state', 'OM')
const spain = actor('Spain', 'state', 'ES')
const issuers = [
  italy,
  spain,
  actor('Unit', 'public-body', 'IT'),
  actor('Office', 'public-body', null),
]
const users = [
  oman,
  spain,
  actor('Trader', 'company', 'OM'),
  actor('Guard', 'armed-force', 'OM'),
  actor('Column', 'armed-force', null),
]
const places: PlaceFacts[] = [
  { slug: 'muscat', name: 'Muscat', country: 'OM' },
  { slug: 'madrid', name: 'Madrid', country: 'ES' },
  { slug: 'border', name: 'The border', country: null },
]

const family = { id: 'family', name: 'Family' }
const good = (id: string, given: Partial<GoodFacts> = {}): GoodFacts => ({
  id,
  name: id,
  isFamily: false,
  families: [],
  controlEntries: [],
  maker: null,
  ...given,
})
const goods = [
  good('A', { families: [family] }),
  good('B', { families: [family] }),
  good('family', { name: 'Family', isFamily: true }),
  good('C', { maker: { id: 'maker', name: 'Maker' } }),
]
const goods0 = good('A', { families: [family] })
const amount = (low: number | null, high: number | null) => ({
  low,
  high,
  excludes: null,
  asStated: null,
})
const quantity = fc.constantFrom(
  null,
  amount(10, 10),
  amount(5, 8),
  amount(8, null),
  amount(null, 12),
)
const namedGoods = (list: string): fc.Arbitrary<NamedGood[]> =>
  fc.array(fc.record({ good: fc.constantFrom(...goods), quantity }), { maxLength: 2 }).map((all) =>
    all.map((one, index) => ({
      ...one,
      unit: null,
      controlEntries: [],
      field: `${list}.${index}`,
    })),
  )

const step = (becomes: string) => date.map((on) => [{ becomes, on, event: becomes }])
const history = fc.tuple(
  fc.oneof(
    maybeDate.map((on) => [{ becomes: 'issued', on, event: 'issue' }]),
    step('refused'),
  ),
  fc.oneof(fc.constant([]), step('suspended'), step('cancelled')),
)

const permit = (id: string): fc.Arbitrary<PermitFacts> =>
  fc
    .record({
      issuer: fc.constantFrom(...issuers),
      consignee: fc.option(fc.constantFrom(...users)),
      endUser: fc.option(fc.constantFrom(...users)),
      destination: fc.option(fc.constantFrom(oman, spain)),
      endDestination: fc.option(fc.constant(oman)),
      goods: namedGoods('items'),
      place: fc.option(fc.constantFrom(...places)),
      validUntil: maybeDate,
      history,
    })
    .map(({ place, destination, history: [decision, stop], ...given }) => ({
      ...given,
      kind: 'permit',
      id,
      name: id,
      exporter: maker,
      destinations: destination ? [{ actor: destination, field: 'destination' }] : [],
      otherParties: [],
      type: null,
      permitCount: null,
      exceptionRelied: null,
      statedEndUse: place && { text: 'patrols', place },
      history: decision[0]?.becomes === 'refused' ? decision : [...decision, ...stop],
    }))

const measure: fc.Arbitrary<MeasureFacts> = fc
  .record({
    imposer: fc.constantFrom(...issuers),
    legalForm: fc.constantFrom('embargo', 'suspension', 'other'),
    scope: fc.constantFrom(null, 'bombs'),
    place: fc.option(fc.constantFrom(...places)),
    from: maybeDate,
    statedEnd: maybeDate,
    end: fc.option(maybeDate.map((to) => ({ to }))),
    goods: namedGoods('goods'),
    imposedBy: fc.constantFrom('imposition', 'suspended'),
  })
  .map(({ place, from, end, statedEnd, goods, imposedBy, ...given }) => ({
    ...given,
    kind: 'measure',
    id: 'measure',
    name: 'measure',
    scopeItems: [],
    targets: [{ actor: oman, field: 'target' }],
    reason: place && { text: 'conduct', place },
    periods: [
      {
        imposedBy,
        from,
        endedBy: end && 'end',
        to: end?.to ?? null,
        statedEnd: end ? null : statedEnd,
        goods,
      },
    ],
  }))

const event = (id: string, types: readonly string[]): fc.Arbitrary<EventFacts> =>
  fc
    .record({
      type: fc.constantFrom(...types),
      on: maybeDate,
      place: fc.option(fc.constantFrom(...places)),
      holders: fc.array(fc.constantFrom(...users), { maxLength: 2 }),
      goods: namedGoods('goods'),
      namesPermit: fc.boolean(),
      becomes: fc.constantFrom(null, 'suspended', 'cancelled'),
      assurance: fc.record({
        endUser: fc.option(fc.constantFrom(...users)),
        place: fc.option(fc.constantFrom(...places)),
        use: fc.constant(null),
      }),
    })
    .map(({ holders, namesPermit, becomes, assurance, ...given }) => ({
      ...given,
      kind: 'event',
      id,
      name: id,
      participants: holders.map((holder, index) => ({
        role: given.type === 'use' ? 'user' : 'consignee',
        actor: holder,
        field: `participants.${index}`,
      })),
      permits: namesPermit
        ? [{ id: 'permit', name: 'permit', goods: [], becomes, field: 'about.0' }]
        : [],
      measures: [],
      assurance: given.type === 'assurance' ? assurance : null,
    }))

const figure = (id: string): fc.Arbitrary<FigureFacts> =>
  fc
    .record({
      measure: fc.constantFrom('cancellations', 'licences', 'licensed-value'),
      low: fc.constantFrom(1, 2),
      period: maybeDate,
      from: fc.option(fc.constant(italy)),
    })
    .map(({ low, ...given }) => ({
      ...given,
      kind: 'figure',
      id,
      name: id,
      amount: amount(low, low),
      unit: null,
      to: null,
      good: null,
      category: null,
      isLimited: false,
    }))

const maker = actor('Maker', 'company', 'OM')
const ownership: fc.Arbitrary<OwnershipFacts> = fc
  .constantFrom('IT', 'ES', null)
  .map((country) => ({
    kind: 'affiliation',
    id: 'ownership',
    name: 'owner',
    owner: actor('Owner', 'company', country),
    owned: maker,
    share: amount(51, 51),
  }))

const world = fc.record({
  figure: figure('figure'),
  otherFigure: figure('other-figure'),
  ownership,
  permit: permit('permit'),
  refused: permit('refused'),
  measure,
  use: event('use', ['use', 'transfer']),
  assurance: event('assurance', ['assurance']),
  stop: event('stop', ['permit-decision']),
  delivery: event('delivery', ['delivery']),
  deliveryAfter: event('delivery-after', ['delivery']),
  sharesPassage: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

/** The result of each rule. A rule with several kinds of counterparts has several entries. */
function evaluateAll(given: World): Map<string, RuleResult | null> {
  const context: FindingContext = {
    sharedEvents: [],
    sharesPassage: given.sharesPassage,
    otherPermits: [],
    otherEvents: [given.delivery, given.deliveryAfter],
    ownerships: [given.ownership],
  }
  const pairs = {
    'permit-measure': [[given.permit, given.measure]],
    'permit-theatre': [[given.permit, given.measure]],
    'permit-use': [[given.permit, given.use]],
    'assurance-use': [[given.assurance, given.use]],
    'permit-stop': [
      [given.permit, given.measure],
      [given.permit, given.stop],
    ],
    'permit-issue': [[given.permit, given.stop]],
    'permit-delivery': [[given.permit, given.delivery]],
    'permit-deliveries': [[given.permit, given.delivery]],
    'permit-refusal': [[given.permit, given.refused]],
    'permit-offshore': [[given.permit, given.measure]],
    'figure-records': [
      [given.figure, given.figure],
      [given.figure, given.otherFigure],
    ],
  } as const
  return new Map(
    findingRules.flatMap(({ rule, pairing, evaluate }) =>
      pairs[pairing].map((pair, index) => [
        `${rule}/${index}`,
        (evaluate as (...input: unknown[]) => RuleResult | null)(
          ...pair,
          pairing === 'figure-records' ? { ...context, otherPermits: [given.permit] } : context,
        ),
      ]),
    ),
  )
}

const rank = (result: RuleResult | null | undefined): number =>
  !result ? 0 : combineGrades(result.grades).certainty === 'possible' ? 1 : 2

/** Sets a member to null, or takes the first entry off a list. */
const without = <T extends object, K extends keyof T>(facts: T, member: K): T => ({
  ...facts,
  [member]: Array.isArray(facts[member]) ? facts[member].slice(1) : null,
})
const withoutCountry = (one: ActorFacts): ActorFacts => ({ ...one, country: null })
const withoutDates = (one: PermitFacts): PermitFacts => ({
  ...one,
  history: one.history.map((each) => ({ ...each, on: null })),
})
const withoutQuantities = (one: EventFacts): EventFacts => ({
  ...one,
  goods: one.goods.map((each) => ({ ...each, quantity: null })),
})

type Removal = {
  rules: RuleName[]
  remove: (given: World) => World
  /** Without the country of somebody, it is open for whom they act: a finding can become possible. */
  opens?: boolean
}

/** Each takes away a fact that supports findings of these rules. Facts that limit a finding are not among them. */
const removals: Record<string, Removal> = {
  'the destination of the permit': {
    rules: ['permit-under-measure', 'same-theatre', 're-export', 'refused-elsewhere'],
    remove: (w) => ({ ...w, permit: without(w.permit, 'destinations') }),
  },
  'the country of the issuer': {
    rules: ['permit-under-measure', 'same-theatre', 'reversal'],
    remove: (w) => ({ ...w, permit: { ...w.permit, issuer: withoutCountry(w.permit.issuer) } }),
  },
  'the country of a refusing state': {
    opens: true,
    rules: ['refused-elsewhere'],
    remove: (w) => ({
      ...w,
      refused: { ...w.refused, issuer: { ...w.refused.issuer, country: null } },
    }),
  },
  'the dates of the permit': {
    rules: findingRules.map(({ rule }) => rule).filter((rule) => rule !== 'reversal'),
    remove: (w) => ({ ...w, permit: withoutDates(w.permit) }),
  },
  'the date of the imposition': {
    rules: ['permit-under-measure', 'same-theatre', 'reversal'],
    remove: (w) => ({
      ...w,
      measure: { ...w.measure, periods: w.measure.periods.map((one) => ({ ...one, from: null })) },
    }),
  },
  'the measure\u2019s time in force': {
    rules: ['permit-under-measure', 'same-theatre', 'reversal'],
    remove: (w) => ({ ...w, measure: without(w.measure, 'periods') }),
  },
  'the target': {
    rules: ['permit-under-measure', 'same-theatre', 'reversal'],
    remove: (w) => ({ ...w, measure: without(w.measure, 'targets') }),
  },
  'the passage that is cited for both': {
    rules: ['permit-under-measure', 'same-theatre'],
    remove: (w) => ({ ...w, sharesPassage: false }),
  },
  'the place of the reason': {
    rules: ['same-theatre'],
    remove: (w) => ({ ...w, measure: { ...w.measure, reason: null } }),
  },
  'a good of the permit': {
    rules: ['diversion', 'use-abroad', 'refused-elsewhere', 'over-delivery'],
    remove: (w) => ({ ...w, permit: without(w.permit, 'goods') }),
  },
  'a good of the use, of several': {
    rules: ['diversion', 'use-abroad', 'assurance-contradicted'],
    remove: (w) => (w.use.goods.length > 1 ? { ...w, use: without(w.use, 'goods') } : w),
  },
  'a user': {
    rules: ['diversion', 'assurance-contradicted'],
    remove: (w) => ({ ...w, use: without(w.use, 'participants') }),
  },
  'the countries of the users': {
    rules: ['diversion', 'assurance-contradicted'],
    opens: true,
    remove: (w) => ({
      ...w,
      use: {
        ...w.use,
        participants: w.use.participants.map((one) => ({
          ...one,
          actor: withoutCountry(one.actor),
        })),
      },
    }),
  },
  'the date of the use': {
    rules: ['diversion', 'use-abroad', 'assurance-contradicted'],
    remove: (w) => ({ ...w, use: without(w.use, 'on') }),
  },
  'the place of the use': {
    rules: ['use-abroad', 'assurance-contradicted'],
    remove: (w) => ({ ...w, use: without(w.use, 'place') }),
  },
  'the promise': {
    rules: ['assurance-contradicted'],
    remove: (w) => ({ ...w, assurance: { ...w.assurance, assurance: null } }),
  },
  'the date of a delivery': {
    rules: ['delivery-without-permit'],
    remove: (w) => ({ ...w, delivery: without(w.delivery, 'on') }),
  },
  'the permit of a delivery': {
    rules: ['delivery-without-permit'],
    remove: (w) => ({ ...w, permit: without(w.permit, 'history') }),
  },
  'the quantities of a delivery': {
    rules: ['over-delivery'],
    remove: (w) => ({ ...w, deliveryAfter: withoutQuantities(w.deliveryAfter) }),
  },
  'the quantities of the permit': {
    rules: ['over-delivery'],
    remove: (w) => ({
      ...w,
      permit: { ...w.permit, goods: w.permit.goods.map((one) => ({ ...one, quantity: null })) },
    }),
  },
  'the refusal': {
    rules: ['refused-elsewhere'],
    remove: (w) => ({ ...w, refused: without(w.refused, 'history') }),
  },
  'the country of the owner': {
    rules: ['offshore-supply'],
    remove: (w) => ({
      ...w,
      ownership: { ...w.ownership, owner: withoutCountry(w.ownership.owner) },
    }),
  },
  'the period of a figure': {
    rules: ['figures-disagree'],
    remove: (w) => ({ ...w, figure: without(w.figure, 'period') }),
  },
  'the number of a figure': {
    rules: ['figures-disagree'],
    remove: (w) => ({ ...w, figure: { ...w.figure, amount: amount(null, null) } }),
  },
  'the stop': {
    rules: ['reversal'],
    remove: (w) => ({ ...w, stop: without(w.stop, 'permits') }),
  },
}

/** The same records with dates and goods that connect them. */
function connect(given: World): World {
  const goods = [
    { good: goods0, quantity: amount(10, 10), unit: null, controlEntries: [], field: 'items.0' },
  ]
  const issued = { becomes: 'issued', on: toDate('2018'), event: 'issue' }
  return {
    ...given,
    permit: {
      ...given.permit,
      goods,
      destinations: [{ actor: oman, field: 'destination' }],
      history: [issued, ...given.permit.history.slice(1)],
    },
    use: { ...given.use, type: 'use', on: toDate('2019'), goods },
    delivery: { ...given.delivery, on: toDate('2020/..'), goods },
    refused: {
      ...given.refused,
      goods,
      history: [{ ...issued, becomes: 'refused', on: toDate('2017') }],
    },
  }
}

describe('removing a fact never makes a finding more certain', () => {
  test.each(Object.entries(removals))('%s', (_, { rules, remove, opens }) => {
    fc.assert(
      fc.property(world, (given) => {
        const before = evaluateAll(given)
        const after = evaluateAll(remove(given))
        for (const [key, result] of before)
          if (rules.some((rule) => key.startsWith(`${rule}/`)))
            expect(rank(after.get(key)), key).toBeLessThanOrEqual(
              opens ? Math.max(1, rank(result)) : rank(result),
            )
      }),
      { numRuns: 300 },
    )
  })

  test('each rule has findings, certain and possible, among the records of these tests', () => {
    const seen = new Set<string>()
    const note = (given: World) => {
      for (const [key, result] of evaluateAll(given))
        seen.add(`${key.split('/')[0]} ${rank(result)}`)
    }
    for (const given of fc.sample(world, { numRuns: 4_000, seed: 7 })) {
      note(given)
      note(connect(given))
    }
    for (const { rule } of findingRules) {
      if (rule !== 'offshore-supply') expect([...seen]).toContain(`${rule} 2`)
      expect([...seen]).toContain(`${rule} 0`)
      if (rule !== 're-export') expect([...seen]).toContain(`${rule} 1`)
    }
  })
})

describe('for any records', () => {
  /** Other names for everything. */
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === 'name' ? `Renamed ${String(member)}` : rename(member),
      ]),
    )
  }
  const outline = (given: World) =>
    [...evaluateAll(given)].map(([key, result]) => [
      key,
      rank(result),
      result?.sides.map(({ role, id, fields }) => [role, id, fields]),
    ])

  test('renaming changes nothing but the words', () => {
    fc.assert(
      fc.property(world, (given) => {
        expect(outline(rename(given) as World)).toEqual(outline(given))
      }),
      { numRuns: 500 },
    )
  })

  test('sentences have no EDTF, end with a full stop and begin with a capital letter', () => {
    fc.assert(
      fc.property(world, (given) => {
        for (const result of evaluateAll(given).values())
          if (result) {
            expect(result.sentence).toMatch(/^[A-Z].*\.$/)
            expect(result.sentence).not.toMatch(/\d{4}-\d|\.\.|\d[?~%]|undefined|null/)
            const { certainty, neededForCertainty } = combineGrades(result.grades)
            expect(neededForCertainty.length > 0).toBe(certainty === 'possible')
          }
      }),
      { numRuns: 1_000 },
    )
  })
})
