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
  joinNames,
  listHolders,
  type PlaceFacts,
  possible,
  type Rule,
} from '../rules.ts'

export const assuranceContradicted: Rule<'assurance-use'> = {
  rule: 'assurance-contradicted',
  title: 'An end-use assurance and a use outside it',
  definition:
    'An assurance named who would use a good, or where. According to an event, somebody else used that good, or it was used in another country. Goods of the same family or maker count too. The finding shows who gave the assurance to whom.',
  certain:
    'Both name the same good by its designation, the use certainly came after the assurance, and it was certainly by somebody else or in another country.',
  possible:
    'The goods only have the family or the maker in common, or only the permit is the same; the order of the dates is open; a place has no country on record; or the user may act for the end user that the assurance named.',
  limits: [
    'It does not say that the party that gave the assurance broke it, or gave it in bad faith.',
    'The purpose of the use is not judged: words such as “only to protect civilians” are shown and not compared.',
    'The same designation is not the same unit, as with `diversion`.',
    'No finding contradicts an assurance that names neither end user nor place, or one without a date.',
  ],
  pairing: 'assurance-use',
  evaluate(event, use) {
    const { assurance } = event
    const order = gradeOrder(
      { what: 'The assurance', on: event.on },
      { what: 'the use', on: use.on },
    )
    const link = findAssuranceLink(event, use)
    const deviation = assurance === null ? null : gradeDeviation(assurance, use)
    if (!assurance || !event.on || !use.on || !order || !link || !deviation) return null
    const assurers = listNamesByRole(event, 'assurer') || 'Somebody'
    const addressees = listNamesByRole(event, 'addressee')
    const assured = addressees ? `assured ${addressees}` : 'assured'
    const users = joinNames(listHolders(use).map(({ name }) => name)) || 'somebody'
    return {
      sentence: `${assurers} ${assured} (${formatDateAsStated(event.on)}) of a use ${describeAssurance(assurance)}; by “${use.name}” (${formatDateAsStated(use.on)}), ${users} ${getUseVerb(use)} ${link.named}${formatUsePlace(use)}.`,
      grades: [link.grade, deviation, order],
      sides: [
        {
          role: 'assurance',
          id: event.id,
          fields: ['on', 'assurance', 'goods'],
          shown: ['participants', 'about'],
        },
        { role: 'use', id: use.id, fields: ['on', 'place', 'participants', 'goods', 'about'] },
        ...event.permits.map(({ id }) => ({
          role: 'permit' as const,
          id,
          fields: [],
          shown: ['consignee', 'destination', 'items'],
        })),
      ],
    }
  },
}

type Assurance = NonNullable<EventFacts['assurance']>

const listNamesByRole = ({ participants }: EventFacts, role: string): string =>
  joinNames(participants.filter((party) => party.role === role).map(({ actor }) => actor.name))

function describeAssurance({ endUser, place, use }: Assurance): string {
  const parts: string[] = []
  if (endUser) parts.push(`by ${endUser.name}`)
  if (place) parts.push(`in ${place.name}`)
  if (use) parts.push(`“${use}”`)
  return parts.join(', ')
}

/** An assurance that names no goods is about those of its permits. */
function findAssuranceLink(assurance: EventFacts, use: EventFacts) {
  const permitIds = assurance.permits.map(({ id }) => id)
  const goods =
    assurance.goods.length > 0
      ? assurance.goods
      : assurance.permits.flatMap((permit) => permit.goods)
  return findUseLink(permitIds, goods, use, 'Both name the same permit; the use names no good.')
}

/** Whether the use was by another user or in another country than assured: the more certain of the two. */
function gradeDeviation({ endUser, place }: Assurance, use: EventFacts): Grade | null {
  const partyGrades = endUser
    ? listHolders(use).flatMap((holder) => gradeOtherParty(holder, [endUser], true) ?? [])
    : []
  const placeGrade =
    use.type === 'use' && place && use.place ? comparePlaces(place, use.place) : null
  const grades = [...partyGrades, ...(placeGrade ? [placeGrade] : [])]
  return grades.find(({ certainty }) => certainty === 'certain') ?? grades[0] ?? null
}

function comparePlaces(assured: PlaceFacts, actual: PlaceFacts): Grade | null {
  if (assured.slug === actual.slug) return null
  if (assured.country === null || actual.country === null) {
    const withoutCountry = assured.country === null ? assured : actual
    return possible(
      `${actual.name} is another place than ${assured.name}, but ${withoutCountry.name} has no country on record.`,
    )
  }
  if (assured.country === actual.country) return null
  return certain(
    `${actual.name} (${actual.country}) does not lie in ${assured.name} (${assured.country}).`,
  )
}
