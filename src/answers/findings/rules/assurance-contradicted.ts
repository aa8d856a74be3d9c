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
  joinNames,
  listHolders,
  possible,
  type Rule,
} from '../rules.ts'

export const assuranceContradicted: Rule<'assurance-use'> = {
  rule: 'assurance-contradicted',
  title: 'An end-use assurance and a use outside it',
  definition:
    'An assurance named who would use a good, or where, and an event has that good, or one of the same family or maker, used by somebody else or in another country. By whom and to whom the assurance was given is shown.',
  certain:
    'Both name the same good by its designation, the use certainly came after the assurance, and it was certainly by somebody else or in another country.',
  possible:
    'The goods are only of one family or maker, or only the permit is the same; the order of the dates is open; a place has no country on record; or the user may act for the one who was named.',
  limits: [
    'It does not say that the assurance was broken by the one who gave it, nor that it was given in bad faith.',
    'What the use was for is not judged: “only to protect civilians” is shown, and compared with nothing.',
    'The same designation is not the same unit, as with `diversion`.',
    'An assurance that names neither end user nor place can be contradicted by nothing here. One without a date is in no finding.',
  ],
  pairing: 'assurance-use',
  evaluate(given, use) {
    const { assurance } = given
    const order = gradeOrder(
      { what: 'The assurance', on: given.on },
      { what: 'the use', on: use.on },
    )
    const tie = findLink(given, use)
    const outside = assurance === null ? null : gradeDeviation(assurance, use)
    if (!assurance || !given.on || !use.on || order === null || tie === null || !outside)
      return null
    const in_ = (role: string) =>
      joinNames(given.participants.flatMap((one) => (one.role === role ? [one.actor.name] : [])))
    const from = in_('assurer') || 'Somebody'
    const to = in_('addressee') ? ` ${in_('addressee')}` : ''
    const promised = [
      assurance.endUser ? `by ${assurance.endUser.name}` : null,
      assurance.place ? `in ${assurance.place.name}` : null,
      assurance.use ? `“${assurance.use}”` : null,
    ].flatMap((part) => part ?? [])
    const who = joinNames(listHolders(use).map(({ name }) => name)) || 'somebody'
    return {
      sentence: `${from} assured${to} (${formatDate(given.on)}) of a use ${promised.join(', ')}; by “${use.name}” (${formatDate(use.on)}), ${who} ${getUseVerb(use)} ${tie.named}${formatUsePlace(use)}.`,
      grades: [tie.grade, outside, order],
      sides: [
        {
          role: 'assurance',
          id: given.id,
          fields: ['on', 'assurance', 'goods'],
          shown: ['participants', 'about'],
        },
        { role: 'use', id: use.id, fields: ['on', 'place', 'participants', 'goods', 'about'] },
        ...given.permits.map(({ id }) => ({
          role: 'permit' as const,
          id,
          fields: [],
          shown: ['consignee', 'destination', 'items'],
        })),
      ],
    }
  },
}

/** What ties the use to the assurance: the good, or a permit that both name. */
function findLink(assurance: EventFacts, use: EventFacts): { grade: Grade; named: string } | null {
  const shared = use.permits.filter(({ id }) => assurance.permits.some((one) => one.id === id))
  if (use.permits.length > 0 && assurance.permits.length > 0 && shared.length === 0) return null
  const promised =
    assurance.goods.length > 0 ? assurance.goods : assurance.permits.flatMap(({ goods }) => goods)
  const link = findGoodsLink(promised, use.goods)
  if (link) return { grade: link.grade, named: link.named.name }
  if (shared.length === 0 || use.goods.length > 0) return null
  return {
    grade: possible('Both name the same permit; the use names no good.'),
    named: 'goods of this permit',
  }
}

/** By somebody else, or in another country, than was promised: the surer of the two. */
function gradeDeviation(
  { endUser, place }: NonNullable<EventFacts['assurance']>,
  use: EventFacts,
): Grade | null {
  const partyGrades = endUser
    ? listHolders(use).flatMap((holder) => gradeOtherParty(holder, [endUser], true) ?? [])
    : []
  const placeGrade =
    use.type === 'use' && place && use.place ? comparePlaces(place, use.place) : null
  const grades = [...partyGrades, ...(placeGrade ? [placeGrade] : [])]
  return grades.find(({ certainty }) => certainty === 'certain') ?? grades[0] ?? null
}

type AssurancePlace = NonNullable<EventFacts['place']>

function comparePlaces(promised: AssurancePlace, actual: AssurancePlace): Grade | null {
  if (promised.slug === actual.slug) return null
  if (promised.country === null || actual.country === null) {
    const unknown = promised.country === null ? promised : actual
    return possible(
      `${actual.name} is another place than ${promised.name}, but ${unknown.name} has no country on record.`,
    )
  }
  if (promised.country === actual.country) return null
  return certain(
    `${actual.name} (${actual.country}) does not lie in ${promised.name} (${promised.country}).`,
  )
}
