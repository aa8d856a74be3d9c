import {
  certain,
  type EventFacts,
  findGoodsLink,
  formatDateAsStated,
  type Grade,
  gradeOrder,
  type InForcePeriod,
  joinNames,
  type MeasureFacts,
  type PermitFacts,
  possible,
  type Rule,
  type RuleResult,
} from '../rules.ts'

export const reversal: Rule<'permit-stop'> = {
  rule: 'reversal',
  title: 'Exports stopped after a permit for the same destination and goods',
  definition:
    'After a permit was issued, it was suspended or cancelled, or its issuer imposed an embargo or suspension on its destination or end destination that may cover its goods.',
  certain:
    'The permit itself was suspended or cancelled; or the event that imposed the measure names the same good or one of its family, and certainly came after the permit.',
  possible:
    'The measure describes its goods only in words, or names goods that have only the maker in common; or the order of the dates is open.',
  limits: [
    'It does not say that the measure applied to the permit itself, or why exports were stopped.',
    'If the event of a measure names only unrelated goods, there is no finding. If it names no goods, the finding is possible.',
    'Other permits for the same destination are not compared.',
    'Presumptive denials and measures of other forms do not count: they do not stop exports by themselves.',
  ],
  pairing: 'permit-stop',
  evaluate: (permit, stop) =>
    stop.kind === 'event' ? evaluatePermitStop(permit, stop) : evaluateMeasureStop(permit, stop),
}

const buildPermitSide = ({ id }: PermitFacts) => ({
  role: 'permit' as const,
  id,
  fields: ['issuer', 'destination', 'endDestination', 'items'],
})

/** Needs no dates: a permit can only be suspended or cancelled after it was issued. */
function evaluatePermitStop(permit: PermitFacts, event: EventFacts): RuleResult | null {
  const effect = event.permits.find(
    ({ id, becomes }) => id === permit.id && (becomes === 'suspended' || becomes === 'cancelled'),
  )
  if (effect === undefined || permit.issue === null) return null
  const issueDate = permit.issue.on ? ` (${formatDateAsStated(permit.issue.on)})` : ''
  const eventDate = event.on ? ` (${formatDateAsStated(event.on)})` : ''
  return {
    sentence: `“${permit.name}”, issued by ${permit.issuer.name}${issueDate}, was ${effect.becomes} by “${event.name}”${eventDate}.`,
    grades: [certain(`According to the event, this permit was ${effect.becomes}.`)],
    sides: [
      buildPermitSide(permit),
      { role: 'issue', id: permit.issue.event, fields: ['on', 'effects'] },
      { role: 'stop', id: event.id, fields: ['on', 'effects', 'description'] },
    ],
  }
}

function evaluateMeasureStop(permit: PermitFacts, measure: MeasureFacts): RuleResult | null {
  const { issue } = permit
  if (issue === null || (measure.legalForm !== 'embargo' && measure.legalForm !== 'suspension'))
    return null
  const stops = measure.periods.flatMap((period) => {
    const order = gradeOrder(
      { what: 'The permit', on: issue.on },
      { what: 'the measure', on: period.from },
    )
    const goods = gradeGoods(permit, measure, period)
    return order && goods ? [{ period, grades: [goods, order] }] : []
  })
  const isCertain = ({ grades }: { grades: Grade[] }) =>
    grades.every(({ certainty }) => certainty === 'certain')
  const stop = stops.find(isCertain) ?? stops[0]
  if (stop === undefined || !issue.on || !stop.period.from) return null
  const goods = joinNames(permit.goods.map(({ name }) => name)) || 'goods'
  const scope = measure.scope ? ` on “${measure.scope}”` : ''
  return {
    sentence: `${permit.issuer.name} issued “${permit.name}” for ${measure.target.name} (${formatDateAsStated(issue.on)}), covering ${goods}, and imposed “${measure.name}”${scope} (${formatDateAsStated(stop.period.from)}).`,
    grades: stop.grades,
    sides: [
      buildPermitSide(permit),
      { role: 'issue', id: issue.event, fields: ['on', 'effects'] },
      {
        role: 'measure',
        id: measure.id,
        fields: ['imposer', 'target', 'legalForm'],
        shown: ['scope'],
      },
      { role: 'imposition', id: stop.period.imposedBy, fields: ['on', 'goods', 'effects'] },
    ],
  }
}

function gradeGoods(
  permit: PermitFacts,
  { scope }: MeasureFacts,
  period: InForcePeriod,
): Grade | null {
  if (period.goods.length > 0) {
    const link = findGoodsLink(permit.goods, period.goods)
    if (link === null) return null
    return link.rank <= 2
      ? certain(`The measure names ${link.named.name}, the permit ${link.authorised.name}.`)
      : link.grade
  }
  return possible(
    scope === null
      ? 'No source says what the measure covers.'
      : `The measure describes what it covers only in words (“${scope}”): these do not say whether it covers goods of the permit.`,
  )
}
