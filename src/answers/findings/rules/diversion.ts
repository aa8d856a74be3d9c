import {
  certain,
  type EventFacts,
  findGoodsLink,
  formatDate,
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
    'A permit authorises a good for an end user, consignee, destination or end destination, and an event has a good that is the same, or of the same family or maker, used by or handed to somebody else, or used in a country that is none of theirs and not where the end use was stated to be.',
  certain:
    'Permit and event name the same good by its designation, the event certainly came after the permit was issued, and it certainly concerns somebody else or another country.',
  possible:
    'Only family or maker are the same, or only the permit is named and no good; the order of the dates is open; whether the user acts for the end user is open; or another permit covers the good for that user.',
  limits: [
    'The same designation is not the same unit: only serial numbers or the words of the source can say that the very goods of this permit were used.',
    'The user may have the good by a permit, a licence to build it, or a capture that this collection does not know of. Permits that it knows of are shown and make the finding possible at best.',
    'An event that names the permits it concerns is compared with those alone.',
    'Within the country of the destination, somebody else counts only where the permit names an end user. Parts of a state are not told apart from the state itself.',
    'A family is one step: what a family belongs to in its turn is not followed.',
    'A permit or an event without a date is in no finding; nor is an event that names neither the user nor a place.',
  ],
  pairing: 'permit-use',
  evaluate(permit, use, { otherPermits }) {
    const { issue } = permit
    const order =
      issue === null
        ? null
        : gradeOrder({ what: 'The permit', on: issue.on }, { what: 'the event', on: use.on })
    const tie = findLink(permit, use)
    const other = findDeviation(permit, use)
    if (!issue?.on || !use.on || order === null || tie === null || other === null) return null
    const known = otherPermits.map(({ name }) => `“${name}”`)
    const otherwise =
      known.length === 0
        ? []
        : [
            possible(
              `${joinNames(known)} covers the good for that user: it may have been used under it.`,
            ),
          ]
    const meant = joinNames(listIntendedParties(permit).map(({ name }) => name))
    return {
      sentence: `“${permit.name}” (${formatDate(issue.on)}) authorises ${tie.authorised} for ${meant}; by “${use.name}” (${formatDate(use.on)}), ${other.who} ${getUseVerb(use)} ${tie.named}${formatUsePlace(use)}.`,
      grades: [tie.grade, other.grade, order, ...otherwise],
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

/** What ties the event to the permit: the good, or that it names the permit. */
function findLink(permit: PermitFacts, use: EventFacts) {
  const isNamed = use.permits.some(({ id }) => id === permit.id)
  if (use.permits.length > 0 && !isNamed) return null
  const link = findGoodsLink(permit.goods, use.goods)
  if (link) return { grade: link.grade, authorised: link.authorised.name, named: link.named.name }
  if (!isNamed || use.goods.length > 0) return null
  return {
    grade: possible('The event names the permit, but no good.'),
    authorised: joinNames(permit.goods.map(({ name }) => name)) || 'goods',
    named: 'goods of this permit',
  }
}

/** Somebody else, or another country: the surer of the two. */
function findDeviation(permit: PermitFacts, use: EventFacts): { grade: Grade; who: string } | null {
  const intended = listIntendedParties(permit)
  const holders = listHolders(use)
  const who = joinNames(holders.map(({ name }) => name)) || 'somebody'
  const others = holders.flatMap((holder) => {
    const grade = gradeOtherParty(holder, intended, permit.endUser !== null)
    return grade ? [{ grade, who: holder.name }] : []
  })
  const countryGrade = gradeCountry(permit, use)
  const deviations = [...others, ...(countryGrade ? [{ grade: countryGrade, who }] : [])]
  return deviations.find(({ grade }) => grade.certainty === 'certain') ?? deviations[0] ?? null
}

function gradeCountry(permit: PermitFacts, use: EventFacts) {
  const { place } = use
  const { destination, statedEndUse } = permit
  if (use.type !== 'use' || !place?.country || !destination?.country) return null
  const stated = statedEndUse?.place
  const allowedCountries = [...listIntendedParties(permit), stated].map((one) => one?.country)
  if (allowedCountries.includes(place.country) || stated?.slug === place.slug) return null
  return certain(
    `${place.name} (${place.country}) is no country of ${joinNames(listIntendedParties(permit).map(({ name }) => name))}, nor where the end use was stated to be.`,
  )
}
