import {
  buildSharedEventSides,
  certain,
  findBestPeriod,
  formatDateAsStated,
  type PlaceFacts,
  possible,
  type Rule,
} from '../rules.ts'

export const sameTheatre: Rule<'permit-theatre'> = {
  rule: 'same-theatre',
  title: 'A stated end use in the territory over which the measure was imposed',
  definition:
    'A permit was issued while a measure of the same issuer against its destination or end destination was in force, and the end use that was stated for it lies in the territory over which that measure was imposed.',
  certain:
    'The end use and the reason of the measure name the same place, and the measure was certainly in force.',
  possible:
    'They name two different places of the same country; or it is open whether the measure was in force, as in `permit-under-measure`.',
  limits: [
    'Places are reference data: the article names them, but does not claim that both lie in one country.',
    'If a place has no country on record, e.g. in disputed territory, only the same place counts.',
    'The end use and the kind of conduct are not judged.',
    'A permit without a stated place of use, or a measure without a place in its reason, is in no finding.',
  ],
  pairing: 'permit-theatre',
  evaluate(permit, measure, context) {
    const { issue, statedEndUse } = permit
    const { reason } = measure
    const bestPeriod = issue?.on ? findBestPeriod(issue.on, measure, context) : null
    if (!issue?.on || !statedEndUse?.place || !reason?.place || bestPeriod === null) return null
    const territoryGrade = gradeTerritory(statedEndUse.place, reason.place)
    if (territoryGrade === null) return null
    const { period, grade } = bestPeriod
    return {
      sentence: `The end use stated for “${permit.name}” (${formatDateAsStated(issue.on)}), “${statedEndUse.text}”, lies in ${formatPlace(statedEndUse.place)}; “${measure.name}” was imposed over “${reason.text}”, in ${formatPlace(reason.place)}.`,
      grades: [territoryGrade, grade],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['destination', 'endDestination', 'statedEndUse'],
        },
        { role: 'issue', id: issue.event, fields: ['on', 'effects'] },
        { role: 'measure', id: measure.id, fields: ['target', 'reason'] },
        { role: 'imposition', id: period.imposedBy, fields: ['on', 'effects'] },
        ...buildSharedEventSides(context, [issue.event, period.imposedBy]),
      ],
    }
  },
}

const formatPlace = ({ name, country }: PlaceFacts): string =>
  country === null ? name : `${name} (${country})`

function gradeTerritory(a: PlaceFacts, b: PlaceFacts) {
  if (a.slug === b.slug) return certain(`Both name ${a.name}.`)
  if (a.country === null || a.country !== b.country) return null
  return possible(
    `${a.name} and ${b.name} lie in the same country (${a.country}); whether one is part of the other is not on record.`,
  )
}
