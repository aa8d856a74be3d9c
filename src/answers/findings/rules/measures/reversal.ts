import { formatDateAdverb } from '../../../../evidence/words.ts'
import { certain, findMostCertain, isCertain } from '../../reasoning/grades.ts'
import { findTarget, gradeBinding, gradeScope } from '../../reasoning/measures.ts'
import { findIssue, gradeIssuedBefore, isLaterStep } from '../../reasoning/order.ts'
import { capitalise } from '../../reasoning/parties.ts'
import {
  describeAuthority,
  describeIssue,
  describeMeasure,
  describePermit,
  getPermitPronoun,
} from '../../reasoning/sentences.ts'
import {
  buildImpositionSides,
  buildIssueSides,
  buildSharedEventSides,
} from '../../reasoning/sides.ts'
import type {
  EventFacts,
  FindingContext,
  MeasureFacts,
  PermitFacts,
  Rule,
  RuleResult,
} from '../../rules.ts'

export const reversal: Rule<'permit-stop'> = {
  rule: 'reversal',
  title: 'Exports stopped after a permit for the same destination and goods',
  definition:
    'After a permit was issued, it was suspended, cancelled or annulled, or an embargo or suspension that binds its issuer was imposed on its destination, end destination, end user or consignee and may cover its goods.',
  certain:
    'The permit itself was suspended, cancelled or annulled; or the measure certainly came after the permit and covers its goods, as in `permit-under-measure`, or a later event stopped this permit under it.',
  possible:
    'The measure describes its goods only in words, or names goods that have only the family or maker in common; or the order of the dates is open.',
  records: [
    'A permit, and an event that suspended, cancelled or annulled it.',
    'Or a permit with a destination and a dated issue, and an embargo or suspension on that destination or recipient with a dated imposition.',
  ],
  limits: [
    'It does not say why exports were stopped, nor that a measure applied to the permit itself.',
    'If the event of a measure names only unrelated goods, there is no finding.',
    'If the event of a measure itself stopped the permit, the finding is about this event, not about the measure too.',
    'Other permits for the same destination are not compared.',
    'Presumptive denials and measures of other forms do not count: they do not stop exports by themselves.',
  ],
  pairing: 'permit-stop',
  evaluate: (permit, stop, context) =>
    stop.kind === 'event'
      ? evaluatePermitStop(permit, stop)
      : evaluateMeasureStop(permit, stop, context),
}

const stopWords = ['suspended', 'cancelled', 'annulled']

/** Needs no dates: a permit can only be suspended or cancelled after it was issued. */
function evaluatePermitStop(permit: PermitFacts, event: EventFacts): RuleResult | null {
  const effect = event.permits.find(
    ({ id, becomes }) => id === permit.id && stopWords.includes(becomes ?? ''),
  )
  const issue = findIssue(permit)
  if (effect === undefined || issue === null) return null
  const stop = `${effect.becomes}${event.on ? ` ${formatDateAdverb(event.on)}` : ''}`
  const { it, was } = getPermitPronoun(permit)
  const opening =
    issue.event === null
      ? `${capitalise(describePermit(permit))}, issued by ${describeAuthority(permit.issuer)} on an unknown day, ${was} ${stop}`
      : `${describeIssue(permit)}; ${it} ${was} ${stop}`
  return {
    sentence: `${opening}${describeReinstatement(permit, event)}.`,
    grades: [certain(`According to the event, this permit was ${effect.becomes}.`)],
    sides: [
      { role: 'permit', id: permit.id, fields: [], shown: ['issuer', 'destination', 'items'] },
      ...buildIssueSides(permit).map((side) => ({ ...side, fields: ['effects'], shown: ['on'] })),
      { role: 'stop', id: event.id, fields: ['effects'], shown: ['on', 'description'] },
    ],
  }
}

/** Whether a suspended permit was reinstated by the next step of its life. */
function describeReinstatement({ history }: PermitFacts, { id }: EventFacts): string {
  const steps = history.filter(({ becomes }) => becomes !== 'amended')
  const next = steps[steps.findIndex(({ event }) => event === id) + 1]
  if (next?.becomes !== 'reinstated') return ''
  return `, and reinstated${next.on ? ` ${formatDateAdverb(next.on)}` : ' later'}`
}

function evaluateMeasureStop(
  permit: PermitFacts,
  measure: MeasureFacts,
  context: FindingContext,
): RuleResult | null {
  if (measure.legalForm !== 'embargo' && measure.legalForm !== 'suspension') return null
  const issue = findIssue(permit)
  const binding = gradeBinding(measure.imposer, permit.issuer, findIssue(permit)?.on ?? null)
  const target = findTarget(measure, permit)
  if (!issue?.on || binding === null || target === null) return null
  const isLinked = isStoppedUnder(permit, measure, context)
  const stops = measure.periods.flatMap((period) => {
    // The event itself stopped the permit: a finding of its own.
    if (period.from === null || isStopOf(permit, period.imposedBy)) return []
    const order = gradeIssuedBefore(permit, {
      what: 'the measure was imposed',
      on: period.from,
      event: period.imposedBy,
    })
    const scope = gradeScope(permit, measure, period, isLinked)
    return order && scope
      ? [{ period, from: period.from, scope, grades: [scope.grade, order] }]
      : []
  })
  const stop = findMostCertain(stops, ({ grades }) => grades)
  if (stop === null) return null
  const isOwn = measure.imposer.id === permit.issuer.id
  const subject = isOwn ? '' : `${describeAuthority(measure.imposer)} `
  const noun = describeMeasure(measure, target.target.actor, !isCertain(stop.scope.grade))
  const article = /^[aeiou]/.test(noun) ? 'an' : 'a'
  return {
    sentence: `${describeIssue(permit)}, and ${subject}imposed ${article} ${noun} ${formatDateAdverb(stop.from)}.`,
    grades: [...stop.grades, ...binding],
    sides: [
      {
        role: 'permit',
        id: permit.id,
        fields: ['issuer', target.destination.field, ...stop.scope.permitFields],
        shown: ['items'],
      },
      ...buildIssueSides(permit),
      {
        role: 'measure',
        id: measure.id,
        fields: ['imposer', target.target.field, 'legalForm', ...stop.scope.measureFields],
        shown: ['scope'],
      },
      ...buildImpositionSides({ ...stop.period, endedBy: null }, stop.scope.eventFields),
      ...buildSharedEventSides(context, [issue.event, stop.period.imposedBy]),
    ],
  }
}

const isStopOf = ({ history }: PermitFacts, event: string): boolean =>
  history.some((step) => step.event === event && stopWords.includes(step.becomes))

/** Whether a later event that stopped the permit is recorded as one about the measure. */
const isStoppedUnder = (
  permit: PermitFacts,
  measure: MeasureFacts,
  { sharedEvents }: FindingContext,
): boolean =>
  sharedEvents.some(
    ({ id, measures }) =>
      isStopOf(permit, id) &&
      isLaterStep(permit, id) &&
      measures.some((link) => link.id === measure.id && link.becomes === null),
  )
