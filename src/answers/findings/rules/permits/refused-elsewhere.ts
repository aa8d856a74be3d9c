import { formatDateAdverb } from '../../../../evidence/words.ts'
import { actingStateOf } from '../../../../records/kinds/actors/rules.ts'
import { findGoodsLink } from '../../reasoning/goods/links.ts'
import { possible } from '../../reasoning/grades.ts'
import { isSameState } from '../../reasoning/measures.ts'
import { findIssue, gradeOrder } from '../../reasoning/order.ts'
import { capitalise } from '../../reasoning/parties.ts'
import { describeAuthority, describeIssue, describePermit } from '../../reasoning/sentences.ts'
import { buildIssueSides } from '../../reasoning/sides.ts'
import type { Grade, Rule } from '../../rules.ts'
import { listDestinations, type NamedActor, type PermitFacts } from '../../rules.ts'

export const refusedElsewhere: Rule<'permit-refusal'> = {
  rule: 'refused-elsewhere',
  title: 'A permit for what another state had refused',
  definition:
    'One state refused a permit for a good and a destination. After that, another state issued a permit for the same good, or a good of the same family at any level, to that destination.',
  certain:
    'Both permits name the same good by its designation, and the refusal certainly came before the issue.',
  possible:
    'The goods only have the family in common; or the dates do not say which came first; or the country of an issuer is not on record.',
  records: [
    'A refused permit with its issuer, goods, a destination, and the event that refused it, with a date.',
    'An issued permit of another state with a related good, the same destination, and a dated issue.',
  ],
  limits: [
    'It does not say that the second state knew of the refusal, or had to follow it.',
    'End users and quantities are not compared: the refusal may have been about another end user.',
    'A refusal after the issue is in no finding.',
    'Goods that have only their maker in common do not count.',
  ],
  pairing: 'permit-refusal',
  evaluate(permit, refused) {
    const refusal = refused.history.find(({ becomes }) => becomes === 'refused')
    const issue = findIssue(permit)
    const state = gradeOtherState(permit, refused)
    const link = findGoodsLink(permit.goods, refused.goods)
    const destinations = findSharedDestination(permit, refused)
    if (!refusal?.on || !issue || !state || !link || link.relation === 'maker' || !destinations)
      return null
    const order = gradeOrder(
      { what: 'The refusal was', on: refusal.on },
      { what: 'the permit was issued', on: issue.on },
    )
    if (order === null) return null
    const refusing = capitalise(describeAuthority(refused.issuer))
    return {
      sentence: `${refusing} refused ${describePermit(refused)} ${formatDateAdverb(refusal.on)}; ${lowerArticle(describeIssue(permit))}.`,
      grades: [link.grade, order, ...state],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['issuer', destinations.own.field, link.first.field],
          shown: ['consignee', 'endUser'],
        },
        ...buildIssueSides(permit),
        {
          role: 'refused-permit',
          id: refused.id,
          fields: ['issuer', destinations.other.field, link.second.field],
          shown: ['consignee', 'endUser'],
        },
        { role: 'refusal', id: refusal.event, fields: ['on', 'effects'], shown: ['description'] },
      ],
    }
  },
}

/** Null: both issuers act for one state. */
function gradeOtherState(permit: PermitFacts, refused: PermitFacts): Grade[] | null {
  const issuers = [permit.issuer, refused.issuer]
  const [own, other] = [actingStateOf(permit.issuer), actingStateOf(refused.issuer)]
  if (permit.issuer.id === refused.issuer.id || (own !== null && own === other)) return null
  return issuers
    .filter((issuer) => actingStateOf(issuer) === null)
    .map(({ name }) =>
      possible(
        `For which state ${name} acts is not on record.`,
        `The state for which ${name} acts.`,
      ),
    )
}

function findSharedDestination(
  permit: PermitFacts,
  refused: PermitFacts,
): { own: NamedActor; other: NamedActor } | null {
  for (const own of listDestinations(permit))
    for (const other of listDestinations(refused))
      if (isSameState(own.actor, other.actor)) return { own, other }
  return null
}

/** Within a sentence, an article is not capitalised. */
const lowerArticle = (text: string): string => text.replace(/^The /, 'the ')
