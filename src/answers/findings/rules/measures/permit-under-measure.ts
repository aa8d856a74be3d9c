import { isCertain } from '../../reasoning/grades.ts'
import {
  findBestPeriod,
  findTarget,
  gradeBinding,
  gradeScope,
  isIssuedInSpite,
  listEndFields,
} from '../../reasoning/measures.ts'
import { findIssue } from '../../reasoning/order.ts'
import {
  describeIssue,
  describeMeasure,
  describeOwner,
  describePeriodStart,
} from '../../reasoning/sentences.ts'
import {
  buildImpositionSides,
  buildIssueSides,
  buildSharedEventSides,
} from '../../reasoning/sides.ts'
import type { PermitFacts, Rule } from '../../rules.ts'

export const permitUnderMeasure: Rule<'permit-measure'> = {
  rule: 'permit-under-measure',
  title: 'A permit issued while a measure against its destination was in force',
  definition:
    'A permit was issued for a destination, end destination, end user or consignee while an embargo, suspension or other measure that binds its issuer was in force against it. The measures of a state bind its public bodies, and those of an organisation its members of the day, by the reference data of the server. The finding shows the exception that the permit relies on.',
  certain:
    'Every possible day of the issue is after every possible day of the imposition, and before every possible day of the end; and the measure covers the goods: it has no limit to certain goods, it names them, their family or their control list entry, or the decision on the permit is recorded as one about the measure. A measure that no event on record ended counts as in force until its stated end.',
  possible:
    'What the measure covers is on record only in words, or neither family nor control list entry of the good are on record to compare with its scope; or the measure may have ended before; or a date is marked as uncertain; or the permit may have been issued before the measure or on the same day, and something on record speaks of both: an event that concerns both, other than the imposition and the later life of the permit, or one passage that is cited for both.',
  records: [
    'A permit with its issuer, a destination, and the event that issued it, with a date.',
    'A measure of the issuer or its state on that destination or recipient, and the event that imposed it, with a date.',
  ],
  limits: [
    'It does not say that the permit broke the measure: its exceptions are shown and not judged.',
    'Organisations that are not in the reference data bind nobody, and a body without a country on record acts for no state.',
    'A measure that names goods, none of which are related to those of the permit, is in no finding.',
    'A measure whose scope excludes the goods of the permit, or covers others only, is in no finding. Control list entries are compared within one list, and not between lists.',
    'A permit that the event of the measure itself suspended or cancelled was issued before: no finding.',
    'Permits and measures without a date are in no finding.',
    'Overlapping dates are no evidence: if the measure may have come after the permit and nothing on record speaks of both, there is no finding. `reversal` lists embargoes and suspensions that may have come later.',
    'The end of a measure is unknown if no source on record states it. After its stated end there is no finding, also if it was extended without a record of that.',
  ],
  pairing: 'permit-measure',
  evaluate(permit, measure, context) {
    const binding = gradeBinding(measure.imposer, permit.issuer, findIssue(permit)?.on ?? null)
    const target = findTarget(measure, permit)
    const best = findBestPeriod(permit, measure, context)
    if (binding === null || target === null || best === null) return null
    const { period, grade } = best
    const isLinked = isIssuedInSpite(permit, measure, context)
    const scope = gradeScope(permit, measure, period, isLinked)
    if (scope === null) return null
    const owner = describeOwner(measure.imposer, permit.issuer)
    const noun = describeMeasure(measure, target.target.actor, !isCertain(scope.grade))
    const state = isCertain(grade) ? 'was in force' : 'may have been in force'
    return {
      sentence: `${describeIssue(permit)}, while ${owner} ${noun}${describePeriodStart(period.from)} ${state}${describeException(permit)}.`,
      grades: [grade, scope.grade, ...binding],
      exceptionRelied: permit.exceptionRelied,
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['issuer', target.destination.field, ...scope.permitFields],
          shown: ['exceptionRelied', 'consignee', 'endUser', 'items'],
        },
        ...buildIssueSides(permit, isLinked ? ['about'] : []),
        {
          role: 'measure',
          id: measure.id,
          fields: [
            'imposer',
            target.target.field,
            ...listEndFields(period),
            ...scope.measureFields,
          ],
          shown: ['legalForm', 'scope', 'exceptions'],
        },
        ...buildImpositionSides(period, scope.eventFields),
        ...buildSharedEventSides(context, [
          findIssue(permit)?.event ?? null,
          period.imposedBy,
          period.endedBy,
        ]),
      ],
    }
  },
}

function describeException(permit: PermitFacts): string {
  if (permit.exceptionRelied === null) return ''
  return `; it relied on “${permit.exceptionRelied}”`
}
