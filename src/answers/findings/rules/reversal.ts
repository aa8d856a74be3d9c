import {
  certain,
  type EventFacts,
  findGoodsLink,
  formatDate,
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
    'After a permit was issued, it was itself suspended or cancelled, or its issuer imposed an embargo or suspension on its destination or end destination that may cover goods of its family.',
  certain:
    'The permit itself was suspended or cancelled; or the event that imposed the measure names the same good or one of its family, and certainly came after the permit.',
  possible:
    'The measure describes what it covers only in words, or names goods that have only the maker in common; or the order of the dates is open.',
  limits: [
    'It does not say that the permit itself was touched by the measure, nor why exports were stopped.',
    'A measure whose event names goods, and none that have to do with those of the permit, gives no finding; one that names no goods gives a possible one.',
    'What happened to other permits for the same destination is not compared.',
    'Presumptive denial and measures of other forms do not count: they stop no export by themselves.',
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

/** A permit can only be suspended or cancelled after it was issued: that order needs no dates. */
function evaluatePermitStop(permit: PermitFacts, event: EventFacts): RuleResult | null {
  const effect = event.permits.find(
    ({ id, becomes }) => id === permit.id && (becomes === 'suspended' || becomes === 'cancelled'),
  )
  if (effect === undefined || permit.issue === null) return null
  const issueDate = permit.issue.on ? ` (${formatDate(permit.issue.on)})` : ''
  const eventDate = event.on ? ` (${formatDate(event.on)})` : ''
  return {
    sentence: `“${permit.name}”, issued by ${permit.issuer.name}${issueDate}, was ${effect.becomes} by “${event.name}”${eventDate}.`,
    grades: [certain(`The event has this very permit ${effect.becomes}.`)],
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
  const stops = measure.periods.flatMap((time) => {
    const order = gradeOrder(
      { what: 'The permit', on: issue.on },
      { what: 'the measure', on: time.from },
    )
    const goods = gradeGoods(permit, measure, time)
    return order && goods ? [{ time, grades: [goods, order] }] : []
  })
  const isCertain = ({ grades }: { grades: Grade[] }) =>
    grades.every(({ certainty }) => certainty === 'certain')
  const stop = stops.find(isCertain) ?? stops[0]
  if (stop === undefined || !issue.on || !stop.time.from) return null
  const goods = joinNames(permit.goods.map(({ name }) => name)) || 'goods'
  return {
    sentence: `${permit.issuer.name} issued “${permit.name}” for ${measure.target.name} (${formatDate(issue.on)}), covering ${goods}, and imposed “${measure.name}”${measure.scope ? ` on “${measure.scope}”` : ''} (${formatDate(stop.time.from)}).`,
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
      { role: 'imposition', id: stop.time.imposedBy, fields: ['on', 'goods', 'effects'] },
    ],
  }
}

function gradeGoods(
  permit: PermitFacts,
  { scope }: MeasureFacts,
  time: InForcePeriod,
): Grade | null {
  if (time.goods.length > 0) {
    const link = findGoodsLink(permit.goods, time.goods)
    if (link === null) return null
    return link.rank <= 2
      ? certain(`The measure names ${link.named.name}, the permit ${link.authorised.name}.`)
      : link.grade
  }
  return possible(
    scope === null
      ? 'What the measure covers is not said.'
      : `What the measure covers is said in words only (“${scope}”): whether goods of the permit are among it is not said.`,
  )
}
