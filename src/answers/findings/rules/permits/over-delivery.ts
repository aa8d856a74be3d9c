import { numberToDecimal } from '../../../../evidence/amounts/decimals.ts'
import { type AmountRange, addRanges, isMore } from '../../../../evidence/amounts/ranges.ts'
import {
  type AmountInSource,
  formatAmount,
  formatDateAdverb,
  joinWithAnd,
} from '../../../../evidence/words.ts'
import { compareGoods } from '../../reasoning/goods/links.ts'
import { certain, possible } from '../../reasoning/grades.ts'
import { describeIssuedPermit, nameSeveral } from '../../reasoning/sentences.ts'
import type { EventFacts, Grade, NamedGood, PermitFacts, Rule, RuleResult } from '../../rules.ts'

export const overDelivery: Rule<'permit-deliveries'> = {
  rule: 'over-delivery',
  title: 'A quantity delivered under a permit that exceeds what it covers',
  definition:
    'The deliveries that name a permit add up to more of a good than the permit covers. Amounts are compared as ranges: the least that was delivered with the most that was permitted.',
  certain:
    'Even the lowest reading of all deliveries is more than the highest reading of the permit, for the same good in the same unit.',
  possible:
    'The amounts exceed the permit under some readings of their words only; or a delivery names the family of the good; or a delivery names further permits.',
  records: [
    'A permit with a good and its quantity.',
    'At least one delivery that names the permit, with the good and its quantity.',
  ],
  limits: [
    'Each delivery on record is counted once: if two records are about one delivery, the sum is too high. Merge them first.',
    'A delivery without a quantity, or in another unit, counts as nothing.',
    'Deliveries that name no permit are not counted.',
    'Permits often allow a margin, which is not on record.',
  ],
  pairing: 'permit-deliveries',
  evaluate(permit, delivery, { otherEvents }) {
    // One finding per permit, at the first of its deliveries.
    const deliveries = otherEvents.filter(({ permits }) =>
      permits.some(({ id }) => id === permit.id),
    )
    const [first] = deliveries.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    if (first?.id !== delivery.id) return null
    const results = permit.goods.flatMap((item) => evaluateItem(permit, item, deliveries) ?? [])
    return (
      results.find(({ grades }) => grades.every(({ certainty }) => certainty === 'certain')) ??
      results[0] ??
      null
    )
  },
}

/** What one delivery adds for one good. */
type Share = { event: EventFacts; named: NamedGood; amount: AmountRange; grades: Grade[] }

const toRange = ({ low, high, excludes }: AmountInSource): AmountRange => ({
  low: low === null ? null : numberToDecimal(low),
  high: high === null ? null : numberToDecimal(high),
  excludes,
})

/** An open end, as in "at least 10", is no evidence for more. */
const closeEnd = (quantity: AmountInSource): AmountInSource => ({
  ...quantity,
  high: quantity.high ?? quantity.low,
})

const describeRange = ({ low, high, excludes }: AmountRange): string =>
  formatAmount({
    low: low === null ? null : Number(low),
    high: high === null ? null : Number(high),
    excludes,
    asStated: null,
  }) ?? 'an unknown quantity'

function sumShares(shares: readonly Share[]): AmountRange | null {
  const [first, ...others] = shares.map(({ amount }) => amount)
  return first === undefined ? null : others.reduce(addRanges, first)
}

function evaluateItem(
  permit: PermitFacts,
  item: NamedGood,
  deliveries: readonly EventFacts[],
): RuleResult | null {
  if (item.quantity === null || item.quantity.high === null) return null
  const permitted = toRange(item.quantity)
  const allShares = deliveries.flatMap((event) => listShares(permit, item, event))
  // What is certain without the doubtful deliveries does not become doubtful by them.
  const sureShares = allShares.filter(({ grades }) =>
    grades.every(({ certainty }) => certainty === 'certain'),
  )
  const sureSum = sumShares(sureShares)
  const isSure = sureSum !== null && isMore(sureSum, permitted) === 'certain'
  const shares = isSure ? sureShares : allShares
  const delivered = sumShares(shares)
  if (delivered === null) return null
  const certainty = isMore(delivered, permitted)
  if (certainty === 'no') return null
  const total = describeRange(delivered)
  const sums = `The deliveries come to ${total}, the permit to ${describeRange(permitted)}`
  const sumGrade =
    certainty === 'certain'
      ? certain(`${sums}.`)
      : possible(
          `${sums}: only under some readings of these amounts is it more.`,
          'Exact quantities of the permit and the deliveries.',
        )
  const parts = shares.map(
    ({ event, named, amount }) =>
      `${(named.quantity && formatAmount(named.quantity)) ?? describeRange(amount)}${event.on ? ` ${formatDateAdverb(event.on)}` : ''}`,
  )
  return {
    sentence: `${parts.length === 1 ? 'A delivery' : 'Deliveries'} of ${joinWithAnd(parts)} under ${describeIssuedPermit(permit)}, ${parts.length === 1 ? 'comes' : 'come'} to ${total} ${nameSeveral(item)}.`,
    grades: [sumGrade, ...shares.flatMap(({ grades }) => grades)],
    sides: [
      {
        role: 'permit',
        id: permit.id,
        fields: [item.field, item.field.replace(/\.good$/, '.quantity')],
        shown: ['issuer'],
      },
      ...shares.map(({ event, named }) => ({
        role: 'delivery' as const,
        id: event.id,
        fields: ['about', named.field, named.field.replace(/\.good$/, '.quantity')],
        shown: ['on', 'participants'],
      })),
    ],
  }
}

function listShares(permit: PermitFacts, item: NamedGood, event: EventFacts): Share[] {
  const isShared = event.permits.some(({ id }) => id !== permit.id)
  const sharedGrades = isShared
    ? [
        possible(
          'A delivery names further permits: a part of it may have been under these.',
          'How much of each delivery was under this permit.',
        ),
      ]
    : []
  return event.goods.flatMap((named): Share[] => {
    const { quantity } = named
    const relation = compareGoods(item.good, named.good)
    if (quantity === null || !haveSameUnit(item.unit, named.unit)) return []
    const goodGrades = gradeGood(relation, item, named)
    if (goodGrades === null) return []
    return [
      {
        event,
        named,
        amount: toRange(closeEnd(quantity)),
        grades: [...goodGrades, ...sharedGrades],
      },
    ]
  })
}

/** Null: other goods. A model counts for the family that a permit covers. */
function gradeGood(
  relation: ReturnType<typeof compareGoods>,
  item: NamedGood,
  named: NamedGood,
): Grade[] | null {
  if (relation === 'same' || relation === 'same-family-name' || relation === 'around') return []
  if (relation !== 'within') return null
  return [
    possible(
      `A delivery names ${named.good.name}, the family of ${item.good.name}.`,
      `A source that says that ${item.good.name} were delivered.`,
    ),
  ]
}

/** Units that measure: without a unit, a number counts pieces. */
const measuringUnit =
  /^(?:k?g|t|kilo(?:gram)?s?|ton(?:ne)?s?|pounds?|lbs?|lit(?:re|er)s?|l|m|met(?:re|er)s?|km)$/i

function haveSameUnit(a: string | null, b: string | null): boolean {
  const singular = (unit: string) => unit.toLowerCase().replace(/s$/, '')
  if (a !== null && b !== null) return singular(a) === singular(b)
  const stated = a ?? b
  return stated === null || !measuringUnit.test(stated)
}
