import { formatAmount } from '../../../../evidence/words.ts'
import { actingStateOf } from '../../../../records/kinds/actors/rules.ts'
import { findMostCertain, isCertain, possible } from '../../reasoning/grades.ts'
import {
  findBestPeriod,
  findTarget,
  gradeBinding,
  gradeScope,
  listEndFields,
} from '../../reasoning/measures.ts'
import { findIssue } from '../../reasoning/order.ts'
import { nameCountry, withArticle } from '../../reasoning/parties.ts'
import {
  describeAuthority,
  describeIssue,
  describeMeasure,
  describePeriodStart,
  toPossessive,
} from '../../reasoning/sentences.ts'
import { buildImpositionSides, buildIssueSides } from '../../reasoning/sides.ts'
import type { ActorFacts, OwnershipFacts, Rule } from '../../rules.ts'

export const offshoreSupply: Rule<'permit-offshore'> = {
  rule: 'offshore-supply',
  title: 'An exporter whose owner is of a state with a measure against the destination',
  definition:
    'A company has a permit of one state for a destination. A company of another state owns it or a share of it, and a measure that binds that other state was in force against the destination when the permit was issued.',
  certain: 'Never: whether a measure reaches companies abroad is a question of law.',
  possible:
    'The ownership, the permit and the measure are on record, and the measure was or may have been in force.',
  records: [
    'A permit with its exporter, a destination, and the event that issued it, with a date.',
    'An affiliation of type `ownership` of the exporter, with an owner that has a country.',
    'A measure of the state of the owner on that destination, and the event that imposed it, with a date.',
  ],
  limits: [
    'It says that both laws exist, and not that one of them was broken.',
    'Only direct owners are compared, not the owners of these.',
    'When the owner had its share is not compared with the date of the permit.',
    'An owner without a country on record is in no finding.',
  ],
  pairing: 'permit-offshore',
  evaluate(permit, measure, context) {
    const { exporter, issuer } = permit
    const on = findIssue(permit)?.on ?? null
    const target = findTarget(measure, permit)
    const best = findBestPeriod(permit, measure, context)
    if (exporter === null || target === null || best === null) return null
    if (gradeBinding(measure.imposer, issuer, on) !== null) return null
    const scope = gradeScope(permit, measure, best.period, false)
    if (scope === null) return null
    const owners = context.ownerships.flatMap((ownership) => {
      const state = toState(ownership.owner)
      const isOfExporter = ownership.owned.id === exporter.id
      if (!isOfExporter || state === null || actingStateOf(state) === actingStateOf(issuer))
        return []
      const binding = gradeBinding(measure.imposer, state, on)
      return binding === null ? [] : [{ ownership, binding }]
    })
    const found = findMostCertain(owners, ({ binding }) => binding)
    if (found === null) return null
    const { ownership, binding } = found
    const { owner } = ownership
    const noun = describeMeasure(measure, target.target.actor, !isCertain(scope.grade))
    const verb = isCertain(best.grade) ? 'was in force' : 'may have been in force'
    return {
      sentence: `${describeIssue(permit)}; the exporter, ${exporter.name}, belongs ${describeShare(ownership)}to ${owner.name} of ${withArticle(nameCountry(owner.country ?? ''))}${describePercentage(ownership)}, and ${toPossessive(describeAuthority(measure.imposer))} ${noun}${describePeriodStart(best.period.from)} ${verb}.`,
      grades: [
        possible(
          `Whether the measure applies to companies abroad that belong to ${owner.name} is not on record.`,
          'Whether the measure applies to subsidiaries abroad.',
        ),
        best.grade,
        scope.grade,
        ...binding,
      ],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['issuer', 'exporter', target.destination.field, ...scope.permitFields],
          shown: ['items'],
        },
        ...buildIssueSides(permit),
        {
          role: 'ownership',
          id: ownership.id,
          fields: ['actor', 'organisation'],
          shown: ['share', 'during'],
        },
        {
          role: 'measure',
          id: measure.id,
          fields: [
            'imposer',
            target.target.field,
            ...listEndFields(best.period),
            ...scope.measureFields,
          ],
          shown: ['legalForm', 'scope', 'exceptions'],
        },
        ...buildImpositionSides(best.period, scope.eventFields),
      ],
    }
  },
}

/** The state of a company, as an actor that measures bind. Null: its country is not on record. */
const toState = ({ country }: ActorFacts): ActorFacts | null =>
  country === null
    ? null
    : { id: country, name: nameCountry(country), type: 'state', country, aliases: [] }

/** Empty if the share is on record: then the percentage follows the owner. */
const describeShare = (ownership: OwnershipFacts): string =>
  describePercentage(ownership) === '' ? 'wholly or in part ' : ''

function describePercentage({ share }: OwnershipFacts): string {
  const amount = share && formatAmount(share)
  return amount ? ` (${amount} per cent)` : ''
}
