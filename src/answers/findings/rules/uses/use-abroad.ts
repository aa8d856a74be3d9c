import { certain, possible } from '../../reasoning/grades.ts'
import { describePlace, joinNames } from '../../reasoning/parties.ts'
import { describeIssue, describeUse } from '../../reasoning/sentences.ts'
import { buildIssueSides } from '../../reasoning/sides.ts'
import { findOtherHolder, findPermitUse } from '../../reasoning/uses.ts'
import type { EventFacts, Grade, PermitFacts, Rule } from '../../rules.ts'
import { listHolders, listIntendedParties } from '../../rules.ts'

export const useAbroad: Rule<'permit-use'> = {
  rule: 'use-abroad',
  title: 'A good of a permit used outside the countries that the permit names',
  definition:
    'A permit authorises a good for an end user, consignee, destination or end destination. According to an event, one of these parties, or an actor of the same state, used that good in a country that is neither theirs nor that of the stated end use.',
  certain:
    'Permit and event name the same good by its designation, the event certainly came after the permit was issued, and the place lies in another country.',
  possible:
    'The goods only have the family or the maker in common, or the event names the permit and no good; the order of the dates is open; the place has no country on record; or no source names the user.',
  records: [
    'A permit with goods, a destination, and the event that issued it.',
    'A use with a date, a place, and goods or the permit.',
  ],
  limits: [
    'It does not say that the use was against the permit: most permits do not limit where their goods are used. See `assurance-contradicted` for promises.',
    'The same designation is not the same unit, as with `diversion`.',
    'A use by somebody whom the permit does not name is a `diversion`, wherever it took place.',
    'If an event names permits, it is compared with these permits only.',
  ],
  pairing: 'permit-use',
  evaluate(permit, use) {
    const permitUse = findPermitUse(permit, use)
    const place = gradePlace(permit, use)
    if (permitUse === null || place === null || findOtherHolder(permit, use) !== null) return null
    const holders = listHolders(use)
    return {
      sentence: `${describeIssue(permit)}; ${describeUse({ ...use, place: place.named }, permitUse.goods)}.`,
      grades: [...permitUse.grades, place.grade, ...gradeUser(holders.length)],
      sides: [
        {
          role: 'permit',
          id: permit.id,
          fields: [
            ...listIntendedParties(permit).map((party) => party.field),
            ...permitUse.permitFields,
          ],
          shown: ['statedEndUse', 'restrictions', 'items'],
        },
        ...buildIssueSides(permit),
        {
          role: 'use',
          id: use.id,
          fields: [...permitUse.useFields, 'place', ...holders.map(({ field }) => field)],
        },
      ],
    }
  },
}

const gradeUser = (holders: number): Grade[] =>
  holders > 0
    ? []
    : [possible('Who used the goods is not on record.', 'A source that says who used the goods.')]

/** Null: the use may lie where the permit lets the goods go. */
function gradePlace(permit: PermitFacts, use: EventFacts) {
  const { place } = use
  const { destinations, statedEndUse } = permit
  const hasCountry = destinations.some(({ actor }) => actor.country !== null)
  if (use.type !== 'use' || place === null || !hasCountry) return null
  const intended = listIntendedParties(permit)
  const statedPlace = statedEndUse?.place
  if (statedPlace?.slug === place.slug) return null
  const allowedCountries = [...intended.map(({ actor }) => actor.country), statedPlace?.country]
  if (place.country !== null && allowedCountries.includes(place.country)) return null
  const names = joinNames(intended)
  const named = { ...place, name: describePlace(place) }
  if (place.country === null)
    return {
      named,
      grade: possible(
        `${place.name} has no country on record.`,
        `Whether ${place.name} belongs to the country of ${names}.`,
      ),
    }
  const grade = certain(
    `${named.name} is neither in the country of ${names} nor the place of the stated end use.`,
  )
  return { named, grade }
}
