import { findReferenceState } from '../../../evidence/reference-data/states.ts'
import { joinWithAnd } from '../../../evidence/words.ts'
import type { ActorFacts, Grade, NamedActor, PlaceFacts } from '../rules.ts'
import { certain, possible } from './grades.ts'

export const joinNames = (actors: readonly NamedActor[]): string =>
  joinWithAnd(actors.map(({ actor }) => nameActor(actor)))

/**
 * Whether `actor` is not one of the intended parties. A state and an actor of the same country may be the same party: an army
 * is often called by the name of its state.
 *
 * @param isNamed whether the permit names an end user; if not, any actor of the country may be the intended one
 */
export function gradeOtherParty(
  actor: ActorFacts,
  intended: readonly NamedActor[],
  isNamed: boolean,
): Grade | null {
  if (intended.length === 0 || intended.some((party) => party.actor.id === actor.id)) return null
  const names = joinNames(intended)
  if (actor.country === null)
    return possible(
      `${capitalise(actor.name)} is not ${names}, and its country is not on record.`,
      `The country of ${actor.name}, and whether it acts for ${names}.`,
    )
  const countries = intended.flatMap((party) => party.actor.country ?? [])
  if (countries.length > 0 && !countries.includes(actor.country))
    return gradeForeignActor(actor, intended)
  if (countries.length > 0 && (!isNamed || isSameStateParty(actor, intended))) return null
  return possible(
    `${capitalise(actor.name)} is not ${names}; whether it acts for them is not on record.`,
    `Whether ${actor.name} acts for ${names}.`,
  )
}

/** Whether the actor may be the party that is called by the name of its state, or the other way round. */
function isSameStateParty(actor: ActorFacts, intended: readonly NamedActor[]): boolean {
  const compatriots = intended.filter((party) => party.actor.country === actor.country)
  if (!compatriots.some((party) => party.actor.type === 'state' || actor.type === 'state'))
    return false
  return actor.type === 'state' || compatriots.every((party) => party.actor.type === 'state')
}

function gradeForeignActor(actor: ActorFacts, intended: readonly NamedActor[]): Grade {
  const names = joinNames(intended)
  const withoutCountry = intended.filter((party) => party.actor.country === null)
  return withoutCountry.length === 0
    ? certain(`${capitalise(actor.name)} is not ${names}, and of another country.`)
    : possible(
        `${capitalise(actor.name)} is not ${names}; the country of ${joinNames(withoutCountry)} is not on record.`,
        `The country of ${joinNames(withoutCountry)}.`,
      )
}

/** The English name of an ISO 3166 code. */
export const nameCountry = (country: string): string =>
  findReferenceState(country)?.names.en ?? country

/** `Idlib, Syria`; only the name if the country has the same one or is not on record. */
export function describePlace({ name, country }: PlaceFacts): string {
  const countryName = country === null ? name : nameCountry(country)
  return name.includes(countryName) ? name : `${name}, ${countryName}`
}

const namesWithArticle =
  /^(?:United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Republic of|Democratic Republic of)\b|\b(?:Republic|Islands|Union|Nations|Emirates|States)$/

/** `the Danish Export Desk`, `the United States`, `UAMA`. */
export const nameActor = ({ name, type }: ActorFacts): string =>
  type === 'public-body' && /\s/.test(name) && !/^the /i.test(name)
    ? `the ${name}`
    : withArticle(name)

/** `the United States`. */
export const withArticle = (name: string): string =>
  namesWithArticle.test(name) ? `the ${name}` : name

export const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
