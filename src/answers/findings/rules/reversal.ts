import {
  afterwards,
  certain,
  type EventFacts,
  type Grade,
  goodsLink,
  listed,
  type MeasureFacts,
  type PermitFacts,
  possible,
  type Rule,
  shown,
  type TimeInForce,
  type Verdict,
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
  judge: (permit, stop) =>
    stop.kind === 'event' ? ownStop(permit, stop) : stopByMeasure(permit, stop),
}

const permitSide = ({ id }: PermitFacts) => ({
  ...{ role: 'permit' as const, id, fields: ['issuer', 'destination', 'endDestination', 'items'] },
})

/** A permit can only be suspended or cancelled after it was issued: that order needs no dates. */
function ownStop(permit: PermitFacts, event: EventFacts): Verdict | null {
  const own = event.permits.find(
    ({ id, becomes }) => id === permit.id && (becomes === 'suspended' || becomes === 'cancelled'),
  )
  if (own === undefined || permit.issue === null) return null
  const issued = permit.issue.on ? ` (${shown(permit.issue.on)})` : ''
  const on = event.on ? ` (${shown(event.on)})` : ''
  return {
    sentence: `“${permit.name}”, issued by ${permit.issuer.name}${issued}, was ${own.becomes} by “${event.name}”${on}.`,
    grades: [certain(`The event has this very permit ${own.becomes}.`)],
    sides: [
      permitSide(permit),
      { role: 'issue', id: permit.issue.event, fields: ['on', 'effects'] },
      { role: 'stop', id: event.id, fields: ['on', 'effects', 'description'] },
    ],
  }
}

function stopByMeasure(permit: PermitFacts, measure: MeasureFacts): Verdict | null {
  const { issue } = permit
  if (issue === null || (measure.legalForm !== 'embargo' && measure.legalForm !== 'suspension'))
    return null
  const stops = measure.times.flatMap((time) => {
    const order = afterwards(
      { what: 'The permit', on: issue.on },
      { what: 'the measure', on: time.from },
    )
    const goods = goodsOf(permit, measure, time)
    return order && goods ? [{ time, grades: [goods, order] }] : []
  })
  const isCertain = ({ grades }: { grades: Grade[] }) =>
    grades.every(({ certainty }) => certainty === 'certain')
  const stop = stops.find(isCertain) ?? stops[0]
  if (stop === undefined || !issue.on || !stop.time.from) return null
  const goods = listed(permit.goods.map(({ name }) => name)) || 'goods'
  return {
    sentence: `${permit.issuer.name} issued “${permit.name}” for ${measure.target.name} (${shown(issue.on)}), covering ${goods}, and imposed “${measure.name}”${measure.scope ? ` on “${measure.scope}”` : ''} (${shown(stop.time.from)}).`,
    grades: stop.grades,
    sides: [
      permitSide(permit),
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

function goodsOf(permit: PermitFacts, { scope }: MeasureFacts, time: TimeInForce): Grade | null {
  if (time.goods.length > 0) {
    const link = goodsLink(permit.goods, time.goods)
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
