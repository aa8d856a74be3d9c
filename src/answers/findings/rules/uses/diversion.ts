import { joinWithAnd } from '../../../../evidence/words.ts'
import { possible } from '../../reasoning/grades.ts'
import { withArticle } from '../../reasoning/parties.ts'
import { describeIssue, describePermit, describeUse, isPlural } from '../../reasoning/sentences.ts'
import { buildIssueSides } from '../../reasoning/sides.ts'
import { findOtherHolder, findPermitUse } from '../../reasoning/uses.ts'
import type { Grade, Rule } from '../../rules.ts'
import { type EventFacts, listIntendedParties, type PermitFacts } from '../../rules.ts'

export const diversion: Rule<'permit-use'> = {
  rule: 'diversion',
  title: 'A good authorised for one and in the hands of another',
  definition:
    'A permit authorises a good for an end user, consignee, destination or end destination. According to an event, somebody else used or received that good. Goods of the same family or maker count too.',
  certain:
    'Permit and event name the same good by its designation, the event certainly came after the permit was issued, and the user or recipient is of another country than all parties that the permit names.',
  possible:
    'The goods only have the family or the maker in common, or the event names the permit and no good; the order of the dates is open; the country of the user is not on record, or whether it acts for a party of the permit; or another permit covers the good for that user.',
  records: [
    'A permit with goods, at least one party that may have them, and the event that issued it.',
    'A use or a transfer with a date, goods or the permit, and the actor that used or received them.',
  ],
  limits: [
    'The same designation is not the same unit: only serial numbers or the words of the source can prove that the goods of this permit were used.',
    'The user may have the good through a permit, a production licence or a capture that is not on record. Other permits on record are shown and make the finding possible at most.',
    'If an event names permits, it is compared with these permits only.',
    'Another user within the country of the destination counts only if the permit names an end user. A state and its bodies count as the same party.',
    'Where the goods were used is not compared: see `use-abroad`.',
    'Goods of one family at any level count as related: a wide family relates goods of different kinds.',
    'Permits and events without a date are in no finding, nor are events that name no user or recipient.',
  ],
  pairing: 'permit-use',
  evaluate(permit, use, { otherPermits }) {
    const permitUse = findPermitUse(permit, use)
    const other = findOtherHolder(permit, use)
    if (permitUse === null || other === null) return null
    const { actor, field } = other.holder
    return {
      sentence: `${describeIssue(permit)}; ${describeOtherUse(permit, use, actor.name, permitUse.goods)}.`,
      grades: [...permitUse.grades, other.grade, ...gradeOtherPermits(otherPermits)],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: [
            ...listIntendedParties(permit).map((party) => party.field),
            ...permitUse.permitFields,
          ],
          shown: ['restrictions', 'items'],
        },
        ...buildIssueSides(permit),
        { role: 'use', id: use.id, fields: [...permitUse.useFields, field], shown: ['place'] },
        ...otherPermits.map(({ id }) => ({
          role: 'other-permit' as const,
          id,
          fields: [],
          shown: ['consignee', 'endUser', 'destination', 'endDestination', 'items'],
        })),
      ],
    }
  },
}

/** Names only the actor that is not a party of the permit. */
const describeOtherUse = (
  permit: PermitFacts,
  use: EventFacts,
  holder: string,
  goods: string,
): string =>
  describeUse(
    { ...use, participants: use.participants.filter(({ actor }) => actor.name === holder) },
    goods,
    isPlural(permit) ? ', which the permits do not name,' : ', which the permit does not name,',
  )

function gradeOtherPermits(otherPermits: readonly PermitFacts[]): Grade[] {
  if (otherPermits.length === 0) return []
  const permits = joinWithAnd(
    otherPermits.map(
      (permit) => `${describePermit(permit)}, issued by ${withArticle(permit.issuer.name)}`,
    ),
  )
  return [
    possible(
      `On record is also ${permits}, which covers the good for that user: the use may have been under that permit.`,
      'Which permit the goods came under.',
    ),
  ]
}
