import { stateOf as findStateByName } from '../../../evidence/names/states.ts'
import {
  findReferenceOrganisation,
  type ReferenceOrganisation,
} from '../../../evidence/reference-data/organisations.ts'
import { findReferenceState } from '../../../evidence/reference-data/states.ts'

/** What says which state or organisation an actor is. */
export type ActorIdentity = {
  type: string
  name: string
  country: string | null
  aliases?: readonly string[]
}

/**
 * The state (ISO 3166-1 alpha-2) that an actor of type `state` is, by its name, its other names or its code. Null for other
 * actors, and for a state of the past or without a code.
 */
export function stateOf({ type, name, country, aliases = [] }: ActorIdentity): string | null {
  if (type !== 'state') return null
  const byName = findStateByName(name)
  if (byName !== null) return byName
  if (country !== null) return findReferenceState(country)?.code ?? null
  const byAlias = new Set(aliases.map(findStateByName).filter((code) => code !== null))
  return byAlias.size === 1 ? ([...byAlias][0] ?? null) : null
}

/**
 * The state for which an actor acts: a state for itself, a public body or an armed force for its country. Null for all
 * others: the country of a company is where it is, not for whom it acts.
 */
export function actingStateOf(actor: ActorIdentity): string | null {
  if (actor.type === 'state') return stateOf(actor)
  const isOrgan = actor.type === 'public-body' || actor.type === 'armed-force'
  return isOrgan && actor.country !== null
    ? (findReferenceState(actor.country)?.code ?? null)
    : null
}

/** The organisation of the reference data that an actor is, or a body of, e.g. the Security Council. */
export function organisationOf({
  type,
  name,
  country,
  aliases = [],
}: ActorIdentity): ReferenceOrganisation | null {
  const canBe = type === 'organisation' || (type === 'public-body' && country === null)
  if (!canBe) return null
  for (const one of [name, ...aliases]) {
    const found = findReferenceOrganisation(one)
    if (found !== undefined) return found
  }
  return null
}
