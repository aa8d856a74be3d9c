import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Entity, Lexicon } from '../../words/lexicon.ts'
import type { EntityRegistry } from '../entity-registry.ts'

/** What the reading of one article for actors depends on. */
export type ActorRules = {
  words: Dictionaries
  names: Lexicon
  /** Words that have a capital inside a sentence of this article. */
  innerCapitals: ReadonlySet<string>
  newActors: EntityRegistry
}

/** The same for all spellings of a name that differ in case and accents only. */
export function createActorKey(name: string): string {
  return `actor:${name.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')}`
}

export function findNewActor(name: string, { newActors }: ActorRules): Entity | undefined {
  return newActors.find(createActorKey(name))
}
