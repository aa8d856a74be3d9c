import { findBestPeriod, formatDate, type Rule } from '../rules.ts'

export const permitUnderMeasure: Rule<'permit-measure'> = {
  rule: 'permit-under-measure',
  title: 'A permit issued while a measure stood against its destination',
  definition:
    'A permit was issued for a destination, or an end destination, while an embargo, suspension or other measure of the same issuer against it was in force. The exception that the permit relies on is shown.',
  certain:
    'Every day on which the permit can have been issued lies after every day on which the measure can have been imposed, and before every day on which an event ended it. A measure that no event on record ended counts as in force.',
  possible:
    'The measure may have ended by then; or a date is marked as uncertain; or the permit may have been issued before the measure or on the same day, and something speaks of both: an event that concerns both, other than the one that imposed the measure, or one passage that is cited for both.',
  limits: [
    'It does not say that the permit broke the measure: whether the measure covers these goods, and whether its exceptions do, is not judged. Read `scope` and `exceptions` of the measure.',
    'Only measures of the issuer itself are compared: an embargo of the United Nations or the European Union is one of their own, not of their members.',
    'A permit or a measure without a date is in no finding.',
    'That two dates overlap is no evidence: where the measure may have come after the permit and nothing on record speaks of both, there is no finding. An embargo or suspension that may have come later is in `reversal`.',
    'That a measure was ended, and the source is not in this collection, cannot be seen.',
  ],
  pairing: 'permit-measure',
  evaluate(permit, measure, beside) {
    const { issue } = permit
    const found = issue?.on ? findBestPeriod(issue.on, measure, beside) : null
    if (!issue?.on || found === null) return null
    const { time, grade } = found
    const until = time.endedBy === null ? '' : `, ended ${time.to ? formatDate(time.to) : 'later'}`
    const exception =
      permit.exceptionRelied === null ? '' : ` The permit relies on “${permit.exceptionRelied}”.`
    return {
      sentence: `${permit.issuer.name} issued “${permit.name}” for ${measure.target.name} (${formatDate(issue.on)}) while its own “${measure.name}” was${grade.certainty === 'certain' ? '' : ' possibly'} in force (imposed ${time.from ? formatDate(time.from) : ''}${until}).${exception}`,
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
        { role: 'imposition', id: time.imposedBy, fields: ['on', 'effects'] },
        ...(time.endedBy === null
          ? []
          : [{ role: 'end' as const, id: time.endedBy, fields: ['on', 'effects'] }]),
        ...beside.sharedEvents
          .filter(({ id }) => ![issue.event, time.imposedBy, time.endedBy].includes(id))
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
