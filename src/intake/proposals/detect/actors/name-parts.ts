import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Entity } from '../../words/lexicon.ts'
import { readName, type SentenceText, type TokenRange } from '../sentence-text.ts'
import { type ActorRules, findNewActor } from './actor-rules.ts'
import { createMention, type Mention } from './mentions.ts'

/** Words that may be a part of a name that the article has in full elsewhere. */
export type UnresolvedName = TokenRange & { sentence: SentenceText }

const partLengthMin = 3
const partWordsMax = 2

/** Mentions of actors by a part of their name: `Morgan`, `Wescam`. */
export function resolveNameParts(
  unresolved: readonly UnresolvedName[],
  mentions: readonly Mention[],
  rules: ActorRules,
): Mention[] {
  if (unresolved.length === 0) return []
  const parts = indexNameParts(
    mentions.map(({ entity }) => entity),
    rules.words,
  )
  return unresolved.flatMap(({ sentence, from, to }) => {
    const name = readName(sentence, { from, to })
    const same = findNewActor(name, rules)
    if (same) return [createMention(same, 'name', sentence, { from, to })]
    const part = name.toLowerCase()
    const isPart = to - from <= partWordsMax && part.length >= partLengthMin
    const entity = isPart ? parts.get(part) : undefined
    return entity ? [createMention(entity, 'part', sentence, { from, to })] : []
  })
}

/**
 * Actors by a part of their name in lower case: the last word of persons, the first and the last word of others. A part
 * that two actors share is left out.
 */
export function indexNameParts(
  entities: readonly Entity[],
  words: Dictionaries,
): Map<string, Entity> {
  const owners = new Map<string, Set<Entity>>()
  for (const entity of entities)
    for (const part of listNameParts(entity, words))
      owners.set(part, (owners.get(part) ?? new Set()).add(entity))
  return new Map(
    [...owners].flatMap(([part, [first, ...others]]) =>
      first && others.length === 0 ? [[part, first] as const] : [],
    ),
  )
}

function listNameParts({ kind, type, name }: Entity, { actors }: Dictionaries): string[] {
  if (kind !== 'actor' || type === 'state') return []
  const nameWords = name.toLowerCase().split(/\s+/)
  if (nameWords.length < 2) return []
  const parts =
    type === 'person' ? nameWords.slice(-1) : [...nameWords.slice(-1), ...nameWords.slice(0, 1)]
  return parts.filter(
    (part) =>
      part.length >= partLengthMin &&
      part !== 'the' &&
      !actors.companyParts.has(part) &&
      !actors.organisationParts.has(part) &&
      !actors.publicBodies.has(part),
  )
}
