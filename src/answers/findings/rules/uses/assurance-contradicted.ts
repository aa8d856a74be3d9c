import { formatDateAdverb } from '../../../../evidence/words.ts'
import { findUseLink } from '../../reasoning/goods/links.ts'
import { certain, findMostCertain, possible } from '../../reasoning/grades.ts'
import { gradeOrder } from '../../reasoning/order.ts'
import {
  capitalise,
  describePlace,
  gradeOtherParty,
  joinNames,
  nameActor,
} from '../../reasoning/parties.ts'
import { describeUse } from '../../reasoning/sentences.ts'
import { nameUsedGood } from '../../reasoning/uses.ts'
import type { Grade, Rule } from '../../rules.ts'
import { type EventFacts, listByRole, listHolders, type PlaceFacts } from '../../rules.ts'

export const assuranceContradicted: Rule<'assurance-use'> = {
  rule: 'assurance-contradicted',
  title: 'An end-use assurance and a use outside it',
  definition:
    'An assurance named who would use a good, or where. According to an event, somebody else used that good, or it was used in another country. Goods of the same family or maker count too. The finding shows who gave the assurance to whom.',
  certain:
    'Both name the same good by its designation, the use certainly came after the assurance, and it was certainly by somebody else or in another country.',
  possible:
    'The goods only have the family or the maker in common, or only the permit is the same; the order of the dates is open; a place has no country on record; or the user may act for the end user that the assurance named.',
  records: [
    'An assurance with a date, a promised end user or place, and goods or permits.',
    'A use or transfer with a date, goods or permits, and a user, recipient or place.',
  ],
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
      { what: 'The assurance was given', on: event.on },
      { what: 'the use was', on: use.on },
    )
    const link = findAssuranceLink(event, use)
    const deviation = assurance === null ? null : findDeviation(assurance, use)
    if (!assurance || !event.on || !order || !link || !deviation) return null
    const useGoods = nameUsedGood(link.second)
    return {
      sentence: `${describeAssurance(event, assurance, event.on)}; ${describeUse(use, useGoods)}.`,
      grades: [link.grade, deviation.grade, order],
      sides: [
        {
          role: 'assurance',
          id: event.id,
          fields: ['on', deviation.promised, ...(link.first ? [link.first.field] : [])],
          shown: ['assurance', 'participants', 'goods', 'about'],
        },
        { role: 'use', id: use.id, fields: ['on', deviation.actual, ...link.fields] },
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

/** `Turkey assured Canada by May 2020 of a use of Wescam imaging technology in Syria, “only to protect civilians”`. */
function describeAssurance(
  event: EventFacts,
  { endUser, place, use }: Assurance,
  on: NonNullable<EventFacts['on']>,
) {
  const assurers = capitalise(joinNames(listByRole(event, 'assurer')) || 'somebody')
  const addressees = joinNames(listByRole(event, 'addressee'))
  const goods = event.goods.map(({ good }) => good.name).join(', ') || 'the goods'
  const parts = [
    `${assurers} assured${addressees ? ` ${addressees}` : ''} ${formatDateAdverb(on)}`,
    `of a use of ${goods}`,
    endUser && `by ${nameActor(endUser)}`,
    place && `in ${describePlace(place)}`,
  ]
  return `${parts.filter(Boolean).join(' ')}${use ? `, “${use}”` : ''}`
}

/** An assurance that names no goods is about those of its permits. */
function findAssuranceLink(assurance: EventFacts, use: EventFacts) {
  const permitIds = assurance.permits.map(({ id }) => id)
  const permitGoods = assurance.permits.flatMap(({ goods, field }) =>
    goods.map((good) => ({ ...good, field })),
  )
  const goods = assurance.goods.length > 0 ? assurance.goods : permitGoods
  return findUseLink(permitIds, goods, use, 'Both name the same permit; the use names no good.')
}

/** How the use differs from the promise: the more certain of user and country, with the fields that say so. */
function findDeviation({ endUser, place }: Assurance, use: EventFacts) {
  const promisedUser = endUser ? [{ actor: endUser, field: 'assurance.endUser' }] : []
  const deviations = listHolders(use).flatMap(({ actor, field }) => {
    const grade = gradeOtherParty(actor, promisedUser, true)
    return grade ? [{ grade, promised: 'assurance.endUser', actual: field }] : []
  })
  const placeGrade =
    use.type === 'use' && place && use.place ? comparePlaces(place, use.place) : null
  if (placeGrade)
    deviations.push({ grade: placeGrade, promised: 'assurance.place', actual: 'place' })
  return findMostCertain(deviations, ({ grade }) => [grade])
}

function comparePlaces(assured: PlaceFacts, actual: PlaceFacts): Grade | null {
  if (assured.slug === actual.slug) return null
  if (assured.country === null || actual.country === null) {
    const withoutCountry = assured.country === null ? assured : actual
    return possible(
      `${actual.name} is another place than ${assured.name}, but ${withoutCountry.name} has no country on record.`,
      `The country of ${withoutCountry.name}.`,
    )
  }
  if (assured.country === actual.country) return null
  return certain(`${describePlace(actual)} does not lie in ${describePlace(assured)}.`)
}
