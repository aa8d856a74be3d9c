import {
  buildSharedEventSides,
  findBestPeriod,
  formatDateAsStated,
  type InForcePeriod,
  type Rule,
} from '../rules.ts'

export const permitUnderMeasure: Rule<'permit-measure'> = {
  rule: 'permit-under-measure',
  title: 'A permit issued while a measure against its destination was in force',
  definition:
    'A permit was issued for a destination or end destination while an embargo, suspension or other measure of the same issuer against it was in force. The finding shows the exception that the permit relies on.',
  certain:
    'Every possible day of the issue is after every possible day of the imposition, and before every possible day of the end. A measure that no event on record ended counts as in force.',
  possible:
    'The measure may have ended before; or a date is marked as uncertain; or the permit may have been issued before the measure or on the same day, and something on record speaks of both: an event that concerns both, other than the imposition, or one passage that is cited for both.',
  limits: [
    'It does not say that the permit broke the measure: whether the measure or one of its exceptions covers these goods is not judged. Read `scope` and `exceptions` of the measure.',
    'Only measures of the issuer are compared: an embargo of the United Nations or the European Union counts as theirs, not as one of their members.',
    'Permits and measures without a date are in no finding.',
    'Overlapping dates are no evidence: if the measure may have come after the permit and nothing on record speaks of both, there is no finding. `reversal` lists embargoes and suspensions that may have come later.',
    'The end of a measure is unknown if no source on record states it.',
  ],
  pairing: 'permit-measure',
  evaluate(permit, measure, context) {
    const { issue } = permit
    const bestPeriod = issue?.on ? findBestPeriod(issue.on, measure, context) : null
    if (!issue?.on || bestPeriod === null) return null
    const { period, grade } = bestPeriod
    const inForce = grade.certainty === 'certain' ? 'in force' : 'possibly in force'
    const exception =
      permit.exceptionRelied === null ? '' : ` The permit relies on “${permit.exceptionRelied}”.`
    return {
      sentence: `${permit.issuer.name} issued “${permit.name}” for ${measure.target.name} (${formatDateAsStated(issue.on)}) while its own “${measure.name}” was ${inForce} (${describePeriod(period)}).${exception}`,
      grades: [grade],
      exceptionRelied: permit.exceptionRelied,
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['issuer', 'destination'],
          shown: ['exceptionRelied'],
        },
        { role: 'issue', id: issue.event, fields: ['on', 'effects'] },
        {
          role: 'measure',
          id: measure.id,
          fields: ['imposer', 'target'],
          shown: ['legalForm', 'scope'],
        },
        { role: 'imposition', id: period.imposedBy, fields: ['on', 'effects'] },
        ...(period.endedBy === null
          ? []
          : [{ role: 'end' as const, id: period.endedBy, fields: ['on', 'effects'] }]),
        ...buildSharedEventSides(context, [issue.event, period.imposedBy, period.endedBy]),
      ],
    }
  },
}

function describePeriod({ from, to, endedBy }: InForcePeriod): string {
  const imposed = `imposed ${from ? formatDateAsStated(from) : ''}`
  return endedBy === null
    ? imposed
    : `${imposed}, ended ${to ? formatDateAsStated(to) : 'on an unknown day'}`
}
