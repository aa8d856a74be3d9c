import { formatDateAdverb } from '../../../../evidence/words.ts'
import { certain } from '../../reasoning/grades.ts'
import { findIssue } from '../../reasoning/order.ts'
import { capitalise, withArticle } from '../../reasoning/parties.ts'
import { describeAuthority, describePermit } from '../../reasoning/sentences.ts'
import type { Rule } from '../../rules.ts'

export const reExport: Rule<'permit-issue'> = {
  rule: 're-export',
  title: 'A permit whose end destination is not its destination',
  definition: 'An issued permit names a destination and a different end destination.',
  certain:
    'Both are named, and no passage disagrees: the finding only repeats what the document names.',
  possible: 'Passages disagree on one of the two, or no passage says it in so many words.',
  records: ['A permit with a destination and an end destination, and the event that issued it.'],
  limits: [
    'It does not say that the goods went on, or that anything was hidden. Most cases are parts for a product of the destination, and repairs that go back to their origin.',
    'The permit shows that the issuer knew of the end destination. It does not show whether the issuer agreed to a later transfer elsewhere.',
    'A permit that names several states or a group of states has no destination in the data, and so no finding.',
  ],
  pairing: 'permit-issue',
  evaluate(permit, issueEvent) {
    const { destinations, endDestination, issuer } = permit
    const [destination] = destinations.map(({ actor }) => actor)
    if (destination === undefined || destinations.length > 1 || endDestination === null) return null
    if (destination.id === endDestination.id) return null
    const on = findIssue(permit)?.on
    const end = withArticle(endDestination.name)
    const endName =
      endDestination.id === issuer.id
        ? `${end} itself as the end destination`
        : `${end} as the end destination`
    return {
      sentence: `${capitalise(describeAuthority(issuer))} issued ${describePermit(permit)}${on ? ` ${formatDateAdverb(on)}` : ''}, with ${endName}.`,
      grades: [
        certain(
          `The permit names ${destination.name} as destination and ${endDestination.name} as end destination.`,
        ),
      ],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: ['destination', 'endDestination'],
          shown: ['items', 'value'],
        },
        { role: 'issue', id: issueEvent.id, fields: ['effects'], shown: ['on'] },
      ],
    }
  },
}
