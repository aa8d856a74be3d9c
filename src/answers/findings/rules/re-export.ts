import { certain, formatDate, type Rule } from '../rules.ts'

export const reExport: Rule<'permit-issue'> = {
  rule: 're-export',
  title: 'A permit for goods that are to stay elsewhere than where they go',
  definition:
    'A permit that was issued names a destination and, beside it, an end destination, and the two are not the same.',
  certain:
    'Always: the finding is no more than what the document names. A passage that is disputed, or does not say it in so many words, makes it possible.',
  possible: 'Passages disagree on one of the two, or no passage says it in so many words.',
  limits: [
    'It does not say that the goods went on, nor that anything was hidden: parts for a product of the destination, and repairs that go back to where they came from, are the common case.',
    'That the issuer knew of the end destination follows from the permit; whether it agreed to a later transfer elsewhere does not.',
    'A permit that names several states, or a group of them, in place of one has no destination here, and so no finding.',
  ],
  pairing: 'permit-issue',
  evaluate(permit, issuing) {
    const { destination, endDestination, issuer } = permit
    if (destination === null || endDestination === null) return null
    if (destination.id === endDestination.id) return null
    const on = issuing.on ? ` (${formatDate(issuing.on)})` : ''
    const back =
      endDestination.id === issuer.id ? ` That is ${issuer.name} itself, which issued it.` : ''
    return {
      sentence: `“${permit.name}”, issued by ${issuer.name}${on}, is for ${destination.name}, and names ${endDestination.name} as end destination.${back}`,
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
        { role: 'issue', id: issuing.id, fields: ['on', 'effects'] },
      ],
    }
  },
}
