import {
  certain,
  findBestPeriod,
  formatDate,
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
    'They name two places of the same country, of which one may not lie within the other; or it is open whether the measure was in force, in the sense of `permit-under-measure`.',
  limits: [
    'Places are reference data: the article names them, but that both lie in one country is not its claim.',
    'Where a place has no country on record, as in disputed territory, only the very same place counts.',
    'What the end use was, and whether the conduct was of the same kind, is not judged.',
    'A permit without a stated place of use, or a measure without a place in its reason, is in no finding.',
  ],
  pairing: 'permit-theatre',
  evaluate(permit, measure, beside) {
    const { issue, statedEndUse } = permit
    const use = statedEndUse?.place
    const theatre = measure.reason?.place
    const found = issue?.on ? findBestPeriod(issue.on, measure, beside) : null
    if (!use || !theatre || !issue?.on || !statedEndUse || !measure.reason || found === null)
      return null
    const territory = gradeTerritory(use, theatre)
    if (territory === null) return null
    const { time, grade } = found
    return {
      sentence: `The end use stated for “${permit.name}” (${formatDate(issue.on)}), “${statedEndUse.text}”, lies in ${formatPlace(use)}; “${measure.name}” was imposed over “${measure.reason.text}”, in ${formatPlace(theatre)}.`,
      grades: [territory, grade],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['destination', 'endDestination', 'statedEndUse'],
        },
        { role: 'issue', id: issue.event, fields: ['on', 'effects'] },
        { role: 'measure', id: measure.id, fields: ['target', 'reason'] },
        { role: 'imposition', id: time.imposedBy, fields: ['on', 'effects'] },
        ...beside.sharedEvents
          .filter(({ id }) => ![issue.event, time.imposedBy].includes(id))
          .map(({ id }) => ({
            role: 'concerns-both' as const,
            id,
            fields: [],
            shown: ['description', 'about', 'effects'],
          })),
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
