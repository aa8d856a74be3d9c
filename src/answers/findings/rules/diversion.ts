import {
  certain,
  type EventFacts,
  findUseLink,
  formatDateAsStated,
  formatUsePlace,
  type Grade,
  getUseVerb,
  gradeOrder,
  gradeOtherParty,
  intendedPartyFields,
  joinNames,
  listHolders,
  listIntendedParties,
  type PermitFacts,
  possible,
  type Rule,
} from '../rules.ts'

export const diversion: Rule<'permit-use'> = {
  rule: 'diversion',
  title: 'A good authorised for one and used by another, or elsewhere',
  definition:
    'A permit authorises a good for an end user, consignee, destination or end destination. According to an event, somebody else used or received that good, or it was used in a country that is neither theirs nor that of the stated end use. Goods of the same family or maker count too.',
  certain:
    'Permit and event name the same good by its designation, the event certainly came after the permit was issued, and it certainly concerns somebody else or another country.',
  possible:
    'The goods only have the family or the maker in common, or the event names the permit and no good; the order of the dates is open; whether the user acts for the end user is open; or another permit covers the good for that user.',
  limits: [
    'The same designation is not the same unit: only serial numbers or the words of the source can prove that the goods of this permit were used.',
    'The user may have the good through a permit, a production licence or a capture that is not on record. Other permits on record are shown and make the finding possible at most.',
    'If an event names permits, it is compared with these permits only.',
    'Another user within the country of the destination counts only if the permit names an end user. A state and its bodies count as the same party.',
    'Only the direct family of a good is compared, not the family that this family belongs to.',
    'Permits and events without a date are in no finding, nor are events that name neither a user nor a place.',
  ],
  pairing: 'permit-use',
  evaluate(permit, use, { otherPermits }) {
    const { issue } = permit
    const order =
      issue === null
        ? null
        : gradeOrder({ what: 'The permit', on: issue.on }, { what: 'the event', on: use.on })
    const link = findPermitLink(permit, use)
    const deviation = findDeviation(permit, use)
    if (!issue?.on || !use.on || !order || !link || !deviation) return null
    const intended = joinNames(listIntendedParties(permit).map(({ name }) => name))
    return {
      sentence: `“${permit.name}” (${formatDateAsStated(issue.on)}) authorises ${link.authorised} for ${intended}; by “${use.name}” (${formatDateAsStated(use.on)}), ${deviation.holder} ${getUseVerb(use)} ${link.named}${formatUsePlace(use)}.`,
      grades: [link.grade, deviation.grade, order, ...gradeOtherPermits(otherPermits)],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: [...intendedPartyFields, 'items'],
          shown: ['restrictions'],
        },
        { role: 'issue', id: issue.event, fields: ['on', 'effects'] },
        { role: 'use', id: use.id, fields: ['on', 'place', 'participants', 'goods', 'about'] },
        ...otherPermits.map(({ id }) => ({
          role: 'other-permit' as const,
          id,
          fields: [],
          shown: [...intendedPartyFields, 'items'],
        })),
      ],
    }
  },
}

function gradeOtherPermits(otherPermits: readonly PermitFacts[]): Grade[] {
  if (otherPermits.length === 0) return []
  const names = joinNames(otherPermits.map(({ name }) => `“${name}”`))
  return [
    possible(`${names} covers the good for that user: the use may have been under that permit.`),
  ]
}

function findPermitLink(permit: PermitFacts, use: EventFacts) {
  const permitOnlyReason = 'The event names the permit, but no good.'
  const link = findUseLink([permit.id], permit.goods, use, permitOnlyReason)
  if (link === null) return null
  const allGoods = joinNames(permit.goods.map(({ name }) => name)) || 'goods'
  return { ...link, authorised: link.authorised?.name ?? allGoods }
}

/** Whether another party has the goods, or they were used in another country: the more certain of the two. */
function findDeviation(
  permit: PermitFacts,
  use: EventFacts,
): { grade: Grade; holder: string } | null {
  const intended = listIntendedParties(permit)
  const holders = listHolders(use)
  const deviations = holders.flatMap((holder) => {
    const grade = gradeOtherParty(holder, intended, permit.endUser !== null)
    return grade ? [{ grade, holder: holder.name }] : []
  })
  const countryGrade = gradeCountry(permit, use)
  if (countryGrade) {
    const allHolders = joinNames(holders.map(({ name }) => name)) || 'somebody'
    deviations.push({ grade: countryGrade, holder: allHolders })
  }
  return deviations.find(({ grade }) => grade.certainty === 'certain') ?? deviations[0] ?? null
}

function gradeCountry(permit: PermitFacts, use: EventFacts) {
  const { place } = use
  const { destination, statedEndUse } = permit
  if (use.type !== 'use' || !place?.country || !destination?.country) return null
  const intended = listIntendedParties(permit)
  const statedPlace = statedEndUse?.place
  const allowedCountries = [...intended, statedPlace].map((partyOrPlace) => partyOrPlace?.country)
  if (allowedCountries.includes(place.country) || statedPlace?.slug === place.slug) return null
  const names = joinNames(intended.map(({ name }) => name))
  return certain(
    `${place.name} (${place.country}) is neither in the country of ${names} nor the place of the stated end use.`,
  )
}
