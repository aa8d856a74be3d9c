import { certaintyBefore } from '../../../../evidence/edtf.ts'
import { formatDateAdverb } from '../../../../evidence/words.ts'
import { certain, findMostCertain, possible } from '../../reasoning/grades.ts'
import { findIssue, isCertainlyBefore, isExactDate } from '../../reasoning/order.ts'
import { describeDelivery, describeIssuedPermit, isPlural } from '../../reasoning/sentences.ts'
import { buildIssueSides } from '../../reasoning/sides.ts'
import type { FactDate, FindingSide, Grade, PermitFacts, Rule } from '../../rules.ts'

export const deliveryWithoutPermit: Rule<'permit-delivery'> = {
  rule: 'delivery-without-permit',
  title: 'A delivery under a permit that was not valid on that day',
  definition:
    'A delivery names a permit, and took place while this permit was suspended, after it was cancelled, annulled, refused or expired, or before it was issued.',
  certain:
    'Every possible day of the delivery is after every possible day on which the permit stopped being valid, and before every possible day on which it was reinstated; or before every possible day of its issue.',
  possible:
    'The dates of the delivery and of the stop or the reinstatement overlap; or a date is marked as uncertain; or the delivery names further permits; or only the stated end of validity was over.',
  records: [
    'A permit, and the events that issued, stopped or reinstated it, with dates.',
    'A delivery with a date that names the permit.',
  ],
  limits: [
    'It does not say that the delivery was illegal: what was on its way, or under contract before, may have been exempt.',
    'A delivery that names no permit is in no finding: it may have come under any permit.',
    'A stop without a date counts for nothing.',
    'A delivery that may have come before the issue of its permit counts only if it certainly did.',
  ],
  pairing: 'permit-delivery',
  evaluate(permit, delivery) {
    const gaps = listGaps(permit).flatMap((gap) => {
      const grade = delivery.on && gradeWithin(delivery.on, gap)
      return grade ? [{ gap, grade }] : []
    })
    const found = findMostCertain(gaps, ({ grade }) => [grade])
    if (found === null) return null
    const { gap, grade } = found
    const others = delivery.permits.filter(({ id }) => id !== permit.id)
    return {
      sentence: `${describeDelivery(delivery)} was made under ${describeIssuedPermit(permit)}${gap.describe(isPlural(permit))}.`,
      grades: [grade, ...(others.length > 0 ? [gradeOtherPermits()] : [])],
      sides: [
        { role: 'permit', id: permit.id, fields: gap.permitFields, shown: ['issuer', 'items'] },
        ...buildIssueSides(permit).map((side) =>
          gap.isBeforeIssue ? side : { ...side, fields: ['effects'], shown: ['on'] },
        ),
        ...gap.sides,
        {
          role: 'delivery',
          id: delivery.id,
          fields: ['on', 'about'],
          shown: ['participants', 'goods', 'description'],
        },
      ],
    }
  },
}

const gradeOtherPermits = (): Grade =>
  possible(
    'The delivery names further permits: it may have been under one of these.',
    'Which permit the delivery was under.',
  )

/** A period in which the permit was not valid. */
type Gap = {
  /** Null: it has no beginning. */
  from: FactDate | null
  /** Null: it has no end. `{ on: null }`: it ended on an unknown day. */
  end: { on: FactDate | null } | null
  isBeforeIssue: boolean
  /** Only the stated end of validity: an extension may not be on record. */
  isStatedOnly: boolean
  permitFields: string[]
  sides: FindingSide[]
  /** What follows the description of the permit. */
  describe: (isPlural: boolean) => string
}

const stopWords = ['suspended', 'cancelled', 'annulled', 'expired', 'refused']

function listGaps(permit: PermitFacts): Gap[] {
  const { history, validUntil } = permit
  const steps = history.filter(({ becomes }) => becomes !== 'amended' && becomes !== 'upheld')
  const gaps = steps.flatMap((step, index): Gap[] => {
    if (!stopWords.includes(step.becomes) || step.on === null) return []
    const { on } = step
    const next = steps[index + 1]
    const end = next?.becomes === 'reinstated' ? next : null
    const sides: FindingSide[] = [{ role: 'stop', id: step.event, fields: ['on', 'effects'] }]
    if (end) sides.push({ role: 'end', id: end.event, fields: ['on', 'effects'] })
    const stop = `${step.becomes} ${formatDateAdverb(on)}`
    const until = end?.on ? ` and reinstated ${formatDateAdverb(end.on)}` : ''
    return [
      {
        from: on,
        end: end && { on: end.on },
        isBeforeIssue: false,
        isStatedOnly: false,
        permitFields: [],
        sides,
        describe: (isPlural) => `; ${isPlural ? 'they were' : 'it was'} ${stop}${until}`,
      },
    ]
  })
  const issue = findIssue(permit)
  if (issue?.on && issue.event !== null)
    gaps.unshift({
      from: null,
      end: { on: issue.on },
      isBeforeIssue: true,
      isStatedOnly: false,
      permitFields: [],
      sides: [],
      describe: () => ', after that delivery',
    })
  if (validUntil !== null)
    gaps.push({
      from: validUntil,
      end: null,
      isBeforeIssue: false,
      isStatedOnly: true,
      permitFields: ['validUntil'],
      sides: [],
      describe: () =>
        `; the stated end of validity was ${formatDateAdverb(validUntil).replace(/^(?:on|in) /, '')}`,
    })
  return gaps
}

function gradeWithin(day: FactDate, gap: Gap): Grade | null {
  const { from, end } = gap
  if (from !== null && certaintyBefore(from, day) === 'no') return null
  if (end?.on && certaintyBefore(day, end.on) === 'no') return null
  const hasBegun = from === null || isCertainlyBefore(from, day)
  const isBeforeEnd = end === null || (end.on !== null && isCertainlyBefore(day, end.on))
  if (gap.isBeforeIssue && !isBeforeEnd) return null
  const dates = `The delivery was ${formatDateAdverb(day)}`
  if (gap.isStatedOnly)
    return hasBegun
      ? possible(
          `${dates}, after the stated end of validity; whether the permit was extended is not on record.`,
          'Whether the permit was extended.',
        )
      : null
  if (hasBegun && isBeforeEnd)
    return certain(
      gap.isBeforeIssue
        ? `${dates}, before the permit was issued.`
        : `${dates}, after the permit was stopped.`,
    )
  return possible(
    `${dates}: the dates do not say whether the permit was valid on that day.`,
    isExactDate(day) ? 'Dates that say which came first.' : 'The day of the delivery.',
  )
}
