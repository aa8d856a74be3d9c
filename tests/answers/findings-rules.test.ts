import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingRules } from '../../src/answers/findings/all-rules.ts'
import { findGoodsLink } from '../../src/answers/findings/reasoning/goods/links.ts'
import { combineGrades } from '../../src/answers/findings/reasoning/grades.ts'
import { gradeOrder } from '../../src/answers/findings/reasoning/order.ts'
import { gradeOtherParty } from '../../src/answers/findings/reasoning/parties.ts'
import { permitUnderMeasure } from '../../src/answers/findings/rules/measures/permit-under-measure.ts'
import { reversal } from '../../src/answers/findings/rules/measures/reversal.ts'
import { sameTheatre } from '../../src/answers/findings/rules/measures/same-theatre.ts'
import { reExport } from '../../src/answers/findings/rules/permits/re-export.ts'
import { assuranceContradicted } from '../../src/answers/findings/rules/uses/assurance-contradicted.ts'
import { diversion } from '../../src/answers/findings/rules/uses/diversion.ts'
import { useAbroad } from '../../src/answers/findings/rules/uses/use-abroad.ts'
import type {
  ActorFacts,
  EventFacts,
  FactDate,
  FindingContext,
  GoodFacts,
  InForcePeriod,
  MeasureFacts,
  NamedGood,
  PermitFacts,
  PlaceFacts,
  RuleResult,
} from '../../src/answers/findings/rules.ts'
import { RuleName } from '../../src/answers/findings/schema.ts'
import { parseEdtfBounds } from '../../src/evidence/edtf.ts'

const on = (edtf: string | null): FactDate | null =>
  edtf === null ? null : { edtf, asStated: null, ...parseEdtfBounds(edtf) }

const party = (name: string, type: string, country: string | null): ActorFacts => ({
  id: name,
  name,
  type,
  country,
  aliases: [],
})
const canada = party('Canada', 'state', 'CA')
const turkey = party('Turkey', 'state', 'TR')
const azerbaijan = party('Azerbaijan', 'state', 'AZ')
const baykar = party('Baykar', 'company', 'TR')
const army = party('Turkish Land Forces', 'armed-force', 'TR')
const police = party('Turkish police', 'public-body', 'TR')
const group = party('An armed group', 'armed-force', null)

const spot = (name: string, country: string | null): PlaceFacts => ({ slug: name, name, country })
const idlib = spot('Idlib', 'SY')
const northernSyria = spot('Northern Syria', 'SY')
const karabakh = spot('Nagorno-Karabakh', null)
const baku = spot('Baku', 'AZ')
const ankara = spot('Ankara', 'TR')

const named = (name: string) => ({ id: name, name })
const good = (name: string, given: Partial<GoodFacts> = {}): GoodFacts => ({
  id: name,
  name,
  isFamily: false,
  families: [],
  controlEntries: [],
  maker: null,
  ...given,
})
const wescam = good('Wescam technology', { isFamily: true, maker: named('Wescam') })
const mx15 = good('MX-15D', { families: [named('Wescam technology')], maker: named('Wescam') })
const mx20 = good('MX-20', { families: [named('Wescam technology')], maker: named('Wescam') })
const radio = good('A radio', { maker: named('Wescam') })
const rifle = good('A rifle')

const asNamed = (goods: readonly GoodFacts[], list: string): NamedGood[] =>
  goods.map((one, index) => ({
    good: one,
    field: `${list}.${index}`,
    quantity: null,
    unit: null,
    controlEntries: [],
  }))

/** `issue`: the event that issued it; null if it was refused. */
type GivenPermit = Partial<Omit<PermitFacts, 'goods' | 'destinations'>> & {
  destination?: ActorFacts | null
  goods?: GoodFacts[]
  issue?: { event: string; on: FactDate | null } | null
}

const aPermit = ({
  goods = [mx15],
  issue,
  destination = turkey,
  ...given
}: GivenPermit = {}): PermitFacts => ({
  kind: 'permit',
  id: 'permit',
  name: 'The permit',
  issuer: canada,
  exporter: null,
  consignee: baykar,
  endUser: null,
  destinations: destination ? [{ actor: destination, field: 'destination' }] : [],
  endDestination: null,
  otherParties: [],
  type: null,
  permitCount: null,
  goods: asNamed(goods, 'items'),
  exceptionRelied: null,
  statedEndUse: null,
  validUntil: null,
  history:
    issue === null
      ? [{ becomes: 'refused', event: 'refusal', on: on('2020-05') }]
      : [{ becomes: 'issued', ...(issue ?? { event: 'issue', on: on('2020-05') }) }],
  ...given,
})

const aTime = (from: string | null, to?: string | null): InForcePeriod => ({
  imposedBy: 'imposing',
  from: on(from),
  goods: [],
  endedBy: to === undefined ? null : 'ending',
  to: on(to ?? null),
  statedEnd: null,
})

const aMeasure = (given: Partial<MeasureFacts> = {}): MeasureFacts => ({
  kind: 'measure',
  id: 'measure',
  name: 'The measure',
  imposer: canada,
  targets: [{ actor: turkey, field: 'target' }],
  legalForm: 'embargo',
  scope: null,
  scopeItems: [],
  reason: null,
  periods: [aTime('2019-10/2019-12')],
  ...given,
})

type GivenEvent = Partial<Omit<EventFacts, 'goods'>> & { goods?: GoodFacts[] }

const anEvent = ({ goods = [mx15], ...given }: GivenEvent = {}): EventFacts => ({
  kind: 'event',
  id: 'event',
  name: 'The event',
  type: 'use',
  on: on('2020-10'),
  place: null,
  participants: [],
  goods: asNamed(goods, 'goods'),
  permits: [],
  measures: [],
  assurance: null,
  ...given,
})
const by = (...actors: ActorFacts[]) =>
  actors.map((actor, index) => ({ role: 'user', actor, field: `participants.${index}` }))
const about = (id: string, goods: GoodFacts[] = []) => ({
  id,
  name: id,
  goods: asNamed(goods, 'items'),
  becomes: null,
  field: 'about.0',
})

const alone: FindingContext = {
  sharedEvents: [],
  sharesPassage: false,
  otherPermits: [],
  otherEvents: [],
  ownerships: [],
}
const spokenOf: FindingContext = {
  ...alone,
  sharedEvents: [anEvent({ id: 'memo', name: 'The memo' })],
}

/** `none`, or how certain it is. */
const outcome = (verdict: RuleResult | null) =>
  verdict === null ? 'none' : combineGrades(verdict.grades).certainty

describe('permit-under-measure', () => {
  const judgedBeside = (beside: FindingContext, issued: string | null, ...times: InForcePeriod[]) =>
    permitUnderMeasure.evaluate(
      aPermit({ issue: { event: 'issue', on: on(issued) } }),
      aMeasure({ periods: times }),
      beside,
    )
  const judged = (issued: string | null, ...times: InForcePeriod[]) =>
    outcome(judgedBeside(spokenOf, issued, ...times))

  test.each([
    // Issued, imposed, ended (undefined: never), what follows where something speaks of both.
    ['2020-05', '2019-10/2019-12', undefined, 'certain'],
    ['2020-05', '2020-05', undefined, 'possible'],
    ['2020-05-06', '2020-05-06', undefined, 'possible'],
    ['2020-05-07', '2020-05-06', undefined, 'certain'],
    ['2020-05-05', '2020-05-06', undefined, 'none'],
    ['2020', '2020-06', undefined, 'possible'],
    ['2020-05', '../2019', undefined, 'certain'],
    ['2020-05', '2019/..', undefined, 'possible'],
    ['../2020', '2019', undefined, 'possible'],
    ['2020/..', '2019', undefined, 'certain'],
    ['2020-05', '2019?', undefined, 'possible'],
    ['2020-05~', '2019', undefined, 'possible'],
    ['2020-05', '2019', '2020-06', 'certain'],
    ['2020-05', '2019', '2020-05-31', 'possible'],
    ['2020-05', '2019', '2020-05', 'possible'],
    ['2020-05', '2019', '2020-04', 'none'],
    ['2020-05', '2019', '2020', 'possible'],
    ['2020-05', '2019', '2021?', 'possible'],
    ['2020-05', '2019', null, 'possible'],
    [null, '2019', undefined, 'none'],
    ['2020-05', null, undefined, 'none'],
  ] as const)('issued %s, imposed %s, ended %s: %s', (issued, from, to, expected) => {
    expect(judged(issued, aTime(from, to))).toBe(expected)
  })

  test.each([
    // Where nothing speaks of both: which may have come first is no evidence, that it is over or marked as uncertain takes none away.
    ['2020-05', '2020/2021-05', undefined, 'none'],
    ['2020-05', '2020-05', undefined, 'none'],
    ['2020-05-06', '2020-05-06', undefined, 'none'],
    ['2020', '2020-06', undefined, 'none'],
    ['2020-05', '2019/..', undefined, 'none'],
    ['../2020', '2019', undefined, 'none'],
    ['2020-05', '2020-05', '2020-06', 'none'],
    ['2020-05', '2020-04', undefined, 'certain'],
    ['2020-05', '2019?', undefined, 'possible'],
    ['2020-05~', '2019', undefined, 'possible'],
    ['2020-05', '2019', '2020-05', 'possible'],
    ['2020-05', '2019', null, 'possible'],
  ] as const)('alone, issued %s, imposed %s, ended %s: %s', (issued, from, to, expected) => {
    expect(outcome(judgedBeside(alone, issued, aTime(from, to)))).toBe(expected)
  })

  test('a link is an event other than the imposing one, or a passage; the finding names it', () => {
    const reason = (beside: Partial<FindingContext>) => {
      const verdict = judgedBeside({ ...alone, ...beside }, '2020-05', aTime('2020-05'))
      return verdict && combineGrades(verdict.grades).reason
    }
    const dates =
      'The measure was imposed in May 2020; no event on record ends it. The permit was issued in May 2020: these dates do not say whether it was in force on that day.'
    expect(reason({ sharedEvents: [anEvent({ id: 'imposing' })] })).toBeNull()
    expect(reason(spokenOf)).toBe(`${dates} Both are named in another record: The memo.`)
    expect(reason({ sharesPassage: true })).toBe(`${dates} One passage is cited for both.`)
  })

  test('a measure that was suspended and imposed again counts for each of its periods', () => {
    const times = [aTime('2018', '2019'), aTime('2020-03')]
    expect(judged('2019-06', ...times)).toBe('possible')
    expect(judged('2020-01', ...times)).toBe('none')
    expect(judged('2020-05', ...times)).toBe('certain')
  })

  test('no finding without an event that issued the permit or imposed the measure', () => {
    expect(outcome(permitUnderMeasure.evaluate(aPermit({ issue: null }), aMeasure(), alone))).toBe(
      'none',
    )
    expect(judged('2020-05')).toBe('none')
  })

  test('the finding shows the exception, and does not call the permit a breach', () => {
    const verdict = permitUnderMeasure.evaluate(
      aPermit({ exceptionRelied: 'exceptional circumstances' }),
      aMeasure(),
      alone,
    )
    expect(verdict).toMatchObject({
      sentence:
        'Canada issued an export permit for MX-15D to Baykar of Turkey in May 2020, while its arms embargo on Turkey dated between October and December 2019 was in force; it relied on “exceptional circumstances”.',
      exceptionRelied: 'exceptional circumstances',
    })
  })
})

describe('same-theatre', () => {
  const judged = (
    use: PlaceFacts | null,
    theatre: PlaceFacts | null,
    times = [aTime('2019')],
    beside = alone,
  ) =>
    outcome(
      sameTheatre.evaluate(
        aPermit({ statedEndUse: { text: 'to protect', place: use } }),
        aMeasure({ reason: { text: 'conduct', place: theatre }, periods: times }),
        beside,
      ),
    )

  test.each([
    [northernSyria, northernSyria, 'certain'],
    [idlib, northernSyria, 'possible'],
    [idlib, baku, 'none'],
    [karabakh, karabakh, 'certain'],
    [karabakh, spot('Elsewhere', null), 'none'],
    [null, northernSyria, 'none'],
    [idlib, null, 'none'],
  ] as const)('used in %o, imposed over %o: %s', (use, theatre, expected) => {
    expect(judged(use, theatre)).toBe(expected)
  })

  test('only while the measure was in force', () => {
    expect(judged(northernSyria, northernSyria, [aTime('2021')])).toBe('none')
    expect(judged(northernSyria, northernSyria, [aTime('2018', '2019')])).toBe('none')
    expect(judged(northernSyria, northernSyria, [aTime('2020-05')])).toBe('none')
    expect(judged(northernSyria, northernSyria, [aTime('2020-05')], spokenOf)).toBe('possible')
  })
})

describe('diversion', () => {
  const judged = (permit: GivenPermit, use: GivenEvent, beside: Partial<FindingContext> = {}) =>
    outcome(diversion.evaluate(aPermit(permit), anEvent(use), { ...alone, ...beside }))
  const byAzerbaijan = { participants: by(azerbaijan) }

  test.each([
    ['the same designation', [mx15], [mx15], 'certain'],
    ['its family', [mx15], [wescam], 'possible'],
    ['a member of the family that is authorised', [wescam], [mx15], 'possible'],
    ['the same family on both sides, which is no model', [wescam], [wescam], 'possible'],
    ['another good of the family', [mx15], [mx20], 'possible'],
    ['another good of the maker', [mx15], [radio], 'possible'],
    ['nothing in common', [mx15], [rifle], 'none'],
    ['the best of several', [rifle, mx15], [radio, mx15], 'certain'],
    ['no good on either side', [], [], 'none'],
  ] as const)('%s', (_, goods, usedGoods, expected) => {
    expect(judged({ goods: [...goods] }, { ...byAzerbaijan, goods: [...usedGoods] })).toBe(expected)
  })

  test.each([
    ['2020-06', 'certain'],
    ['2020-05', 'possible'],
    ['2020', 'possible'],
    ['2020-04', 'none'],
    ['2021?', 'possible'],
    [null, 'none'],
  ] as const)('permit of 2020-05, use of %s: %s', (date, expected) => {
    expect(judged({}, { ...byAzerbaijan, on: on(date) })).toBe(expected)
  })

  test.each([
    ['the destination', turkey, null, 'none'],
    ['the consignee', baykar, null, 'none'],
    ['the end user', army, army, 'none'],
    ['an army of the destination, no end user named', army, null, 'none'],
    ['another body of the destination than the end user', police, army, 'possible'],
    ['the state, where its army is the end user', turkey, army, 'none'],
    ['another state', azerbaijan, null, 'certain'],
    ['a group of no known country, no end user named', group, null, 'possible'],
    ['a group of no known country, not the end user', group, army, 'possible'],
  ] as const)('used by %s', (_, user, endUser, expected) => {
    expect(judged({ endUser }, { participants: by(user) })).toBe(expected)
  })

  test('the end destination is no diversion', () => {
    expect(judged({ endDestination: azerbaijan }, byAzerbaijan)).toBe('none')
    expect(judged({ endDestination: azerbaijan }, { ...byAzerbaijan, place: baku })).toBe('none')
  })

  test('another user is only possible when a consignee may be of their country', () => {
    const consignee = party('A trader', 'company', null)
    expect(judged({ consignee }, byAzerbaijan)).toBe('possible')
  })

  test.each([
    ['in the destination', ankara, null, 'none'],
    ['abroad', baku, null, 'certain'],
    ['where the end use was stated to be', northernSyria, idlib, 'none'],
    ['in territory of no country on record', karabakh, null, 'possible'],
    ['at no stated place', null, null, 'none'],
  ] as const)('used by the destination %s', (_, place, stated, expected) => {
    const statedEndUse = stated && { text: 'to protect', place: stated }
    const use = anEvent({ participants: by(turkey), place })
    expect(outcome(useAbroad.evaluate(aPermit({ statedEndUse }), use, alone))).toBe(expected)
    expect(judged({ statedEndUse }, { participants: by(turkey), place })).toBe('none')
  })

  test('an event with permits is compared with these only', () => {
    expect(judged({}, { ...byAzerbaijan, permits: [about('another')] })).toBe('none')
    expect(judged({}, { ...byAzerbaijan, permits: [about('permit')] })).toBe('certain')
    expect(judged({}, { ...byAzerbaijan, permits: [about('permit')], goods: [] })).toBe('possible')
    expect(judged({}, { ...byAzerbaijan, permits: [about('permit')], goods: [rifle] })).toBe('none')
  })

  test('another permit for the user makes it at most possible', () => {
    const otherPermits = [aPermit({ id: 'other', name: 'Another', destination: azerbaijan })]
    expect(judged({}, byAzerbaijan, { otherPermits })).toBe('possible')
  })

  test('a transfer is compared by its receiver; an opponent is not a user', () => {
    const to = (role: string) => [{ role, actor: azerbaijan, field: 'participants.0' }]
    expect(judged({}, { type: 'transfer', participants: to('consignee') })).toBe('certain')
    expect(judged({}, { type: 'transfer', participants: to('supplier') })).toBe('none')
    expect(judged({}, { participants: to('opponent') })).toBe('none')
  })

  test('a permit that was not issued is ignored', () => {
    expect(judged({ issue: null }, byAzerbaijan)).toBe('none')
  })
})

describe('assurance-contradicted', () => {
  const judged = (
    assurance: Partial<NonNullable<EventFacts['assurance']>>,
    use: GivenEvent,
    given: GivenEvent = {},
  ) =>
    outcome(
      assuranceContradicted.evaluate(
        anEvent({
          id: 'assurance',
          type: 'assurance',
          on: on('2020-04'),
          assurance: { endUser: null, place: null, use: null, ...assurance },
          ...given,
        }),
        anEvent(use),
        alone,
      ),
    )

  test.each([
    [idlib, idlib, 'none'],
    [idlib, northernSyria, 'none'],
    [idlib, baku, 'certain'],
    [idlib, karabakh, 'possible'],
    [karabakh, baku, 'possible'],
    [idlib, null, 'none'],
    [null, baku, 'none'],
  ] as const)('promised for %o, used in %o: %s', (promised, actual, expected) => {
    expect(judged({ place: promised }, { place: actual, participants: by(azerbaijan) })).toBe(
      expected,
    )
  })

  test.each([
    [army, army, 'none'],
    [turkey, army, 'none'],
    [army, turkey, 'none'],
    [army, police, 'possible'],
    [army, azerbaijan, 'certain'],
    [army, group, 'possible'],
  ] as const)('promised to be used by %o, used by %o: %s', (promised, actual, expected) => {
    expect(judged({ endUser: promised }, { participants: by(actual) })).toBe(expected)
  })

  test('an assurance in words only is never contradicted', () => {
    const use = 'only to protect civilians'
    expect(judged({ use }, { place: baku, participants: by(azerbaijan) })).toBe('none')
  })

  test.each([
    ['2020-05', 'certain'],
    ['2020', 'possible'],
    ['2020-03', 'none'],
    [null, 'none'],
  ] as const)('assurance of 2020-04, use of %s: %s', (date, expected) => {
    expect(judged({ place: idlib }, { place: baku, on: on(date) })).toBe(expected)
  })

  test('an assurance without goods has the goods of its permits', () => {
    const given = { goods: [], permits: [about('permit', [mx15])] }
    expect(judged({ place: idlib }, { place: baku }, given)).toBe('certain')
    expect(judged({ place: idlib }, { place: baku, goods: [rifle] }, given)).toBe('none')
    const other = { place: baku, permits: [about('another')] }
    expect(judged({ place: idlib }, other, given)).toBe('none')
  })
})

describe('reversal', () => {
  const judged = (permit: GivenPermit, stop: MeasureFacts | EventFacts) =>
    outcome(reversal.evaluate(aPermit(permit), stop, alone))
  const imposed = (from: string | null, goods: GoodFacts[], given: Partial<MeasureFacts> = {}) =>
    aMeasure({ periods: [{ ...aTime(from), goods: asNamed(goods, 'goods') }], ...given })

  test.each([
    ['2020-06', [mx15], 'certain'],
    ['2020-06', [mx20], 'possible'],
    ['2020-06', [wescam], 'certain'],
    ['2020-06', [radio], 'possible'],
    ['2020-06', [rifle], 'none'],
    ['2020-06', [], 'certain'],
    ['2020', [mx15], 'possible'],
    ['2019', [mx15], 'none'],
    [null, [mx15], 'none'],
  ] as const)('permit of 2020-05, measure of %s on %o: %s', (from, goods, expected) => {
    expect(judged({}, imposed(from, [...goods]))).toBe(expected)
  })

  test.each([
    ['suspension', 'certain'],
    ['presumptive-denial', 'none'],
    ['other', 'none'],
  ] as const)('%s: %s', (legalForm, expected) => {
    expect(judged({}, imposed('2021', [mx15], { legalForm }))).toBe(expected)
  })

  test.each([
    ['suspended', 'certain'],
    ['cancelled', 'certain'],
    ['amended', 'none'],
    ['expired', 'none'],
  ] as const)('the permit itself is %s: %s', (becomes, expected) => {
    const permits = [{ ...about('permit'), becomes }]
    expect(judged({}, anEvent({ type: 'permit-decision', on: null, permits }))).toBe(expected)
    expect(judged({ id: 'other' }, anEvent({ permits }))).toBe('none')
  })
})

describe('goods and actors', () => {
  const link = (first: GoodFacts[], second: GoodFacts[]) =>
    findGoodsLink(asNamed(first, 'items'), asNamed(second, 'goods'))

  test('the closest of several links counts', () => {
    expect(link([radio, mx20, mx15], [mx15])?.grade.certainty).toBe('certain')
    expect(link([radio, mx20], [mx15])?.first.good.name).toBe('MX-20')
    expect(link([rifle], [good('Another')])).toBeNull()
  })

  test('two unknown actors are not different actors', () => {
    expect(gradeOtherParty(azerbaijan, [], true)).toBeNull()
  })
})

/** Days of two years, and dates of every precision with open ends. */
const day = fc
  .integer({ min: 0, max: 729 })
  .map((n) => new Date(Date.UTC(2019, 0, 1) + n * 86_400_000).toISOString().slice(0, 10))
const dated: fc.Arbitrary<FactDate> = fc
  .tuple(day, day, fc.boolean(), fc.boolean())
  .map(([a, b, openStart, openEnd]) => {
    const [from, to] = a < b ? [a, b] : [b, a]
    return {
      edtf: `${from}/${to}`,
      asStated: null,
      earliest: openStart ? null : from,
      latest: openEnd ? null : to,
    }
  })
/** A date within another one: what a better source might say. */
const narrowed = (outer: FactDate): fc.Arbitrary<FactDate> =>
  fc.tuple(day, day).map(([a, b]) => {
    const [from, to] = a < b ? [a, b] : [b, a]
    const earliest = outer.earliest !== null && from < outer.earliest ? outer.earliest : from
    const latest = outer.latest !== null && to > outer.latest ? outer.latest : to
    return earliest <= latest ? { ...outer, earliest, latest } : outer
  })

const rank = { none: 0, possible: 1, certain: 2 } as const
const time = fc.record({ from: dated, to: fc.option(dated) }).map(({ from, to }) => ({
  imposedBy: 'imposing',
  from,
  goods: asNamed([mx15], 'goods'),
  endedBy: to === null ? null : 'ending',
  to,
  statedEnd: null,
}))

describe('a date that its source marks as uncertain (?), approximate (~) or both (%)', () => {
  const marks = ['?', '~', '%'] as const
  const forms = ['2020-05', '2020-05-06', '2020', '2020-05/2020-06'] as const
  const marked = forms.flatMap((form) =>
    marks.flatMap((mark) => [
      `${form}${mark}`,
      // Each end of an interval has a mark of its own.
      ...(form.includes('/') ? [form.replace('/', `${mark}/`)] : []),
    ]),
  )
  const order = (earlier: string, later: string) =>
    gradeOrder({ what: 'One', on: on(earlier) }, { what: 'the other', on: on(later) })?.certainty

  test.each(forms)('%s proves an order without a mark', (form) => {
    expect([order('2019', form), order(form, '2031')]).toEqual(['certain', 'certain'])
  })

  test.each(marked)('%s proves no order, before or after', (date) => {
    expect([order('2019', date), order(date, '2031')]).toEqual(['possible', 'possible'])
  })

  test.each(marked)('%s does not prove that a measure was in force', (date) => {
    const issued = (permit: string, ...time: Parameters<typeof aTime>) =>
      outcome(
        permitUnderMeasure.evaluate(
          aPermit({ issue: { event: 'issue', on: on(permit) } }),
          aMeasure({ periods: [aTime(...time)] }),
          spokenOf,
        ),
      )
    expect({
      imposed: issued('2031', date),
      issued: issued(date, '2019'),
      ended: issued('2018', '2017', date),
    }).toEqual({ imposed: 'possible', issued: 'possible', ended: 'possible' })
  })
})

describe('for any dates', () => {
  /** Every rule on records with these three dates, where something speaks of permit and measure. */
  const outcomes = (issued: FactDate, used: FactDate, span: InForcePeriod) => {
    const permit = aPermit({
      issue: { event: 'issue', on: issued },
      statedEndUse: { text: 'to protect', place: idlib },
    })
    const measure = aMeasure({ reason: { text: 'conduct', place: idlib }, periods: [span] })
    const use = anEvent({ on: used, participants: by(azerbaijan), place: baku })
    const assurance = anEvent({
      type: 'assurance',
      on: issued,
      assurance: { endUser: null, place: idlib, use: null },
    })
    return [
      permitUnderMeasure.evaluate(permit, measure, spokenOf),
      sameTheatre.evaluate(permit, measure, spokenOf),
      diversion.evaluate(permit, use, alone),
      assuranceContradicted.evaluate(assurance, use, alone),
      reversal.evaluate(permit, measure, alone),
    ].map(outcome)
  }

  test('narrowing a date keeps certain findings certain and adds none', () => {
    fc.assert(
      fc.property(
        fc.tuple(dated, dated, time).chain(([issued, used, span]) =>
          fc.record({
            before: fc.constant({ issued, used, span }),
            issued: narrowed(issued),
            used: narrowed(used),
            from: narrowed(span.from),
            to: span.to === null ? fc.constant(null) : narrowed(span.to),
          }),
        ),
        ({ before, issued, used, from, to }) => {
          const vague = outcomes(before.issued, before.used, before.span)
          const exact = outcomes(issued, used, { ...before.span, from, to })
          for (const [index, known] of vague.entries()) {
            if (known === 'certain') expect(exact[index]).toBe('certain')
            if (known === 'none') expect(exact[index]).toBe('none')
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('certain and none hold for every day that the dates can mean', () => {
    fc.assert(
      fc.property(dated, dated, time, day, day, day, (issued, used, span, i, u, f) => {
        const within = (one: string, { earliest, latest }: FactDate): FactDate | null =>
          (earliest === null || one >= earliest) && (latest === null || one <= latest)
            ? { edtf: one, asStated: null, earliest: one, latest: one }
            : null
        const [onI, onU, onF] = [within(i, issued), within(u, used), within(f, span.from)]
        fc.pre(onI !== null && onU !== null && onF !== null)
        const vague = outcomes(issued, used, span)
        const exact = outcomes(onI ?? issued, onU ?? used, { ...span, from: onF ?? span.from })
        for (const [index, known] of vague.entries())
          if (known !== 'possible') expect(exact[index]).toBe(known)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('removing facts', () => {
  const items = fc.subarray([mx15, mx20, wescam, radio, rifle])
  const people = fc.subarray([turkey, baykar, azerbaijan, army, police, group])
  const maybe = <T>(one: T) => fc.option(fc.constant(one))
  const place = fc.constantFrom(null, idlib, northernSyria, karabakh, baku, ankara)

  test('removing a good, a user, a period or a linking event adds no finding and makes none more certain', () => {
    fc.assert(
      fc.property(
        fc.record({ goods: items, used: items, users: people, endUser: maybe(army), at: place }),
        fc.array(time, { maxLength: 3 }),
        fc.nat(),
        (given, times, drop) => {
          const all = (
            goods: GoodFacts[],
            used: GoodFacts[],
            users: ActorFacts[],
            spans: InForcePeriod[],
          ) => {
            const permit = aPermit({ goods, endUser: given.endUser })
            const use = anEvent({ goods: used, participants: by(...users), place: given.at })
            return [
              outcome(permitUnderMeasure.evaluate(permit, aMeasure({ periods: spans }), alone)),
              outcome(diversion.evaluate(permit, use, alone)),
            ]
          }
          const less = <T>(list: T[]): T[] => list.filter((_, index) => index !== drop % 3)
          const whole = all(given.goods, given.used, given.users, times)
          for (const fewer of [
            all(less(given.goods), given.used, given.users, times),
            all(given.goods, less(given.used), given.users, times),
            all(given.goods, given.used, less(given.users), times),
            all(given.goods, given.used, given.users, less(times)),
          ])
            for (const [index, known] of whole.entries())
              expect(rank[fewer[index] as keyof typeof rank]).toBeLessThanOrEqual(
                rank[known as keyof typeof rank],
              )
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('re-export', () => {
  const issuing = anEvent({ type: 'permit-decision', on: on('2020-05') })
  const judged = (given: GivenPermit) => reExport.evaluate(aPermit(given), issuing, alone)

  test('is certain when destination and end destination differ', () => {
    const verdict = judged({ destination: turkey, endDestination: azerbaijan })
    expect(verdict?.sentence).toContain(
      'to Baykar of Turkey in May 2020, with Azerbaijan as the end destination.',
    )
    expect(verdict?.grades.map(({ certainty }) => certainty)).toEqual(['certain'])
    expect(verdict?.sides.map(({ role }) => role)).toEqual(['permit', 'issue'])
  })

  test('says that the goods return to the issuer', () => {
    const verdict = judged({ destination: turkey, endDestination: canada })
    expect(verdict?.sentence).toContain('with Canada itself as the end destination.')
  })

  test.each([
    ['they are the same', { destination: turkey, endDestination: turkey }],
    ['no destination is named', { destination: null, endDestination: turkey }],
    ['no end destination is named', { destination: turkey, endDestination: null }],
  ])('is not found when %s', (_why, given) => {
    expect(judged(given)).toBeNull()
  })
})

test('every rule is documented once, in the order of its names', () => {
  expect(findingRules.map(({ rule }) => rule)).toEqual(RuleName.options)
  for (const { title, definition, certain, possible, limits } of findingRules) {
    for (const text of [definition, certain, possible, ...limits])
      expect(text).toMatch(/^[A-Z].+\.$/)
    expect(title).toMatch(/^A .+[^.]$|^Exports .+[^.]$|^An .+[^.]$/)
    expect(limits.length).toBeGreaterThan(2)
  }
})
