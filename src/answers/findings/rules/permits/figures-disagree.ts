import { numberToDecimal } from '../../../../evidence/amounts/decimals.ts'
import {
  type AmountRange,
  addRanges,
  exactly,
  isBelow,
  overlaps,
} from '../../../../evidence/amounts/ranges.ts'
import { certaintyDuring } from '../../../../evidence/edtf.ts'
import { type AmountInSource, formatAmount, formatDateAdverb } from '../../../../evidence/words.ts'
import { certain, possible } from '../../reasoning/grades.ts'
import { withArticle } from '../../reasoning/parties.ts'
import type { FigureFacts, PermitFacts } from '../../rules.ts'
import { countedPermitsMax, type FindingContext, type Rule, type RuleResult } from '../../rules.ts'

export const figuresDisagree: Rule<'figure-records'> = {
  rule: 'figures-disagree',
  title: 'A figure and other figures or records that do not add up to it',
  definition:
    'A source states a total. Another figure for the same parties, goods and period says otherwise; or the permits on record for the same parties and period add up to another number.',
  certain:
    'Two figures for the same cannot both be true under any reading of their words; or more permits are on record than the figure says.',
  possible:
    'Fewer permits are on record than the figure says, but at least half of them: some may not be on record; or dates do not say whether a permit belongs to the period.',
  records: [
    'A figure with a period, and another one with the same measure, parties, goods, category and period.',
    'Or a figure of licences, refusals, suspensions or cancellations with an issuer and a period, and permits of that issuer with dated events.',
  ],
  limits: [
    'Statistics count in different ways: by licence or by item, by decision or by delivery. Read `scope` of the figures.',
    'If fewer than half of the permits of a figure are on record, the records are taken to be incomplete: no finding.',
    'A figure that is limited to control list entries is not compared. One that is limited to a category is compared with figures of this category only.',
    `Values and units are compared between figures only, and figures with ${countedPermitsMax} or more permits on record are not counted.`,
  ],
  pairing: 'figure-records',
  evaluate: (figure, other, context) =>
    figure.id === other.id ? compareWithPermits(figure, context) : compareFigures(figure, other),
}

const toRange = ({ low, high, excludes }: AmountInSource): AmountRange => ({
  low: low === null ? null : numberToDecimal(low),
  high: high === null ? null : numberToDecimal(high),
  excludes,
})

function compareFigures(figure: FigureFacts, other: FigureFacts): RuleResult | null {
  const areOfTheSame =
    figure.measure === other.measure &&
    figure.from?.id === other.from?.id &&
    figure.to?.id === other.to?.id &&
    figure.good?.id === other.good?.id &&
    figure.category === other.category &&
    figure.unit === other.unit &&
    figure.period !== null &&
    figure.period.edtf === other.period?.edtf
  if (!areOfTheSame || figure.isLimited || other.isLimited) return null
  if (overlaps(toRange(figure.amount), toRange(other.amount))) return null
  return {
    sentence: `One source states ${describeFigure(figure)}, another ${describeAmount(other)}.`,
    grades: [certain('No number fits both figures.')],
    sides: [figure, other].map(({ id }) => ({
      role: 'figure' as const,
      id,
      fields: ['quantity', 'value', 'period', 'from', 'to'],
      shown: ['scope'],
    })),
  }
}

/** What an event must have made of a permit that such a figure counts. */
const countedEffects: Readonly<Record<string, string>> = {
  licences: 'issued',
  refusals: 'refused',
  suspensions: 'suspended',
  cancellations: 'cancelled',
}

function compareWithPermits(
  figure: FigureFacts,
  { otherPermits }: FindingContext,
): RuleResult | null {
  const becomes = countedEffects[figure.measure]
  const { period } = figure
  if (otherPermits.length >= countedPermitsMax) return null
  if (becomes === undefined || period === null || figure.isLimited || figure.category !== null)
    return null
  const counted = otherPermits.flatMap((permit) => {
    const step = permit.history.find((one) => one.becomes === becomes)
    const certainty = step?.on ? certaintyDuring(step.on, period) : 'no'
    return certainty === 'no' ? [] : [{ permit, certainty }]
  })
  const total = counted
    .map(({ permit, certainty }) => countPermits(permit, certainty === 'certain'))
    .reduce(addRanges, exactly('0'))
  const stated = toRange(figure.amount)
  if (overlaps(stated, total)) return null
  const isMore = isBelow(stated, total)
  if (!isMore && Number(total.high ?? 0) * 2 < Number(stated.low ?? 0)) return null
  const number = formatAmount(toAmount(total)) ?? 'an unknown number'
  const sums = `The figure says ${describeAmount(figure)}; on record ${number === 'one' ? 'is' : 'are'} ${number}`
  return {
    sentence: `One source states ${describeFigure(figure)}; on record ${number === 'one' ? 'is' : 'are'} ${number}.`,
    grades: [
      isMore
        ? certain(`${sums}.`)
        : possible(
            `${sums}: the others may not be on record.`,
            'The permits that the figure counts, one by one.',
          ),
    ],
    sides: [
      {
        role: 'figure',
        id: figure.id,
        fields: ['quantity', 'period', 'from', 'to'],
        shown: ['scope'],
      },
      ...counted.map(({ permit }) => ({
        role: 'counted-permit' as const,
        id: permit.id,
        fields: [],
        shown: ['number', 'issuer', 'destination'],
      })),
    ],
  }
}

/** How many permits a record stands for: none at the least if it may lie outside the period. */
function countPermits({ permitCount }: PermitFacts, isInPeriod: boolean): AmountRange {
  const range = permitCount ? toRange(permitCount) : exactly('1')
  return isInPeriod ? range : { ...range, low: '0' }
}

const toAmount = ({ low, high, excludes }: AmountRange): AmountInSource => ({
  low: low === null ? null : Number(low),
  high: high === null ? null : Number(high),
  excludes,
  asStated: null,
})

const nouns: Readonly<Record<string, [before: string, noun: string]>> = {
  licences: ['', 'export permits issued'],
  applications: ['', 'applications'],
  refusals: ['', 'permits refused'],
  suspensions: ['', 'permits suspended'],
  cancellations: ['', 'permits cancelled'],
  'licensed-value': ['licences worth ', ''],
  'refused-value': ['refused licences worth ', ''],
  'ordered-value': ['orders worth ', ''],
  'exported-value': ['exports worth ', ''],
  'units-licensed': ['licences for ', ''],
  'units-exported': ['exports of ', ''],
}

function describeAmount({ measure, amount, unit }: FigureFacts): string {
  const [before = '', noun = ''] = nouns[measure] ?? []
  return [`${before}${formatAmount(amount) ?? 'an unknown number'}`, unit, noun]
    .filter(Boolean)
    .join(' ')
}

/** `29 permits cancelled by Italy for Saudi Arabia on 12 April 2021`. */
function describeFigure(figure: FigureFacts): string {
  const { from, to, good, category, period } = figure
  const parts = [
    describeAmount(figure),
    good && `for ${good.name}`,
    category && `for “${category}”`,
    from && `by ${withArticle(from.name)}`,
    to && `for ${withArticle(to.name)}`,
    period && formatDateAdverb(period),
  ]
  return parts.filter(Boolean).join(' ')
}
