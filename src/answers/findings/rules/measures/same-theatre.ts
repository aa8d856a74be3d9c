import { certain, isCertain, possible } from '../../reasoning/grades.ts'
import {
  findBestPeriod,
  findTarget,
  gradeBinding,
  listEndFields,
} from '../../reasoning/measures.ts'
import { findIssue } from '../../reasoning/order.ts'
import { describePlace, nameCountry, withArticle } from '../../reasoning/parties.ts'
import {
  describeAuthority,
  describeIssue,
  describeMeasure,
  describePeriodStart,
} from '../../reasoning/sentences.ts'
import {
  buildImpositionSides,
  buildIssueSides,
  buildSharedEventSides,
} from '../../reasoning/sides.ts'
import type { PlaceFacts, Rule } from '../../rules.ts'

export const sameTheatre: Rule<'permit-theatre'> = {
  rule: 'same-theatre',
  title: 'A stated end use in the territory over which the measure was imposed',
  definition:
    'A permit was issued while a measure that binds its issuer was in force against its destination or end destination, and the end use that was stated for it lies in the territory over which that measure was imposed.',
  certain:
    'The end use and the reason of the measure name the same place, and the measure was certainly in force.',
  possible:
    'They name two different places of the same country; or it is open whether the measure was in force, as in `permit-under-measure`.',
  records: [
    'A permit with a stated end use at a place, a destination, and the dated event that issued it.',
    'A measure with a reason at a place, and the dated event that imposed it.',
  ],
  limits: [
    'Places are reference data: the article names them, but does not claim that both lie in one country.',
    'If a place has no country on record, e.g. in disputed territory, only the same place counts.',
    'The end use and the kind of conduct are not judged, nor whether the measure covers the goods.',
    'A permit without a stated place of use, or a measure without a place in its reason, is in no finding.',
  ],
  pairing: 'permit-theatre',
  evaluate(permit, measure, context) {
    const { statedEndUse } = permit
    const { reason, imposer } = measure
    const binding = gradeBinding(imposer, permit.issuer, findIssue(permit)?.on ?? null)
    const target = findTarget(measure, permit)
    const best = findBestPeriod(permit, measure, context)
    if (!statedEndUse?.place || !reason?.place || !binding || !target || !best) return null
    const territory = gradeTerritory(statedEndUse.place, reason.place)
    if (territory === null) return null
    const { period, grade } = best
    const imposerName = imposer.id === permit.issuer.id ? 'it' : describeAuthority(imposer)
    const may = isCertain(grade) ? '' : ' possibly'
    return {
      sentence: `${describeIssue(permit)} for a stated end use in ${describePlace(statedEndUse.place)}, “${statedEndUse.text}”; ${imposerName} had${may} imposed its ${describeMeasure(measure, target.target.actor, false)}${describePeriodStart(period.from)} over ${describeReason(reason.text, reason.place)}.`,
      grades: [territory, grade, ...binding],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['issuer', target.destination.field, 'statedEndUse.place'],
          shown: ['statedEndUse'],
        },
        ...buildIssueSides(permit),
        {
          role: 'measure',
          id: measure.id,
          fields: ['imposer', target.target.field, 'reason.place', ...listEndFields(period)],
          shown: ['reason'],
        },
        ...buildImpositionSides(period),
        ...buildSharedEventSides(context, [
          findIssue(permit)?.event ?? null,
          period.imposedBy,
          period.endedBy,
        ]),
      ],
    }
  },
}

/** The words for the reason, and the place unless they name it. */
const describeReason = (text: string, place: PlaceFacts): string =>
  text.toLowerCase().includes(place.name.toLowerCase())
    ? `“${text}”`
    : `“${text}”, in ${describePlace(place)}`

function gradeTerritory(a: PlaceFacts, b: PlaceFacts) {
  if (a.slug === b.slug) return certain(`Both name ${a.name}.`)
  if (a.country === null || a.country !== b.country) return null
  return possible(
    `${a.name} and ${b.name} lie in ${withArticle(nameCountry(a.country))}; whether one is part of the other is not on record.`,
    `A source that says whether ${a.name} lies in ${b.name}.`,
  )
}
