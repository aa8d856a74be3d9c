import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import type { ActorType } from '../../../records/kinds/actors/schema.ts'
import type { Dictionaries } from './dictionaries.ts'
import { type Token, toWordKey } from './sentences.ts'

/** A record that there is: an actor or a good. */
export type LexiconRecord = {
  id: string
  kind: 'actor' | 'good'
  slug: string
  name: string
  aliases: readonly string[]
  /** Of an actor. */
  type: z.infer<typeof ActorType> | null
  country: string | null
}

/** Who or what a name stands for. `known` is the record; null where there is none yet. */
export type Entity = {
  /** The same for the same actor or good in every run, whether there is a record of it or not. */
  key: string
  kind: 'actor' | 'good'
  type: z.infer<typeof ActorType> | null
  name: string
  country: string | null
  known: { id: string; slug: string; name: string } | null
}

export type NameMatchKind =
  | 'name'
  | 'alias'
  | 'capital'
  | 'people'
  | 'adjective'
  | 'foreign'
  | 'inflected'
  | 'misspelt'
  | 'part'
  | 'new'

type LexiconName = { words: readonly string[]; entity: Entity; how: NameMatchKind }
type LexiconMatch = { length: number; entity: Entity; how: NameMatchKind }

export type Lexicon = {
  /** The longest name that begins with this token. */
  matchAt(tokens: readonly Token[], index: number): LexiconMatch | null
  /** The name that a part of a compound is: `Azerbaijan` in `Azerbaijan-Armenia`. */
  matchWord(key: string): LexiconMatch | null
  /** The name that this word is a misspelt or inflected form of. */
  matchInexact(token: Token): LexiconMatch | null
  findCountry(key: string): Entity | null
}

const splitNameWords = (name: string): string[] =>
  name.match(/[\p{L}\p{N}\p{M}]+(?:[-.&/’'][\p{L}\p{N}\p{M}]+)*/gu)?.map(toWordKey) ?? []

/** The names of states, and of the records that there are. */
export function buildLexicon(
  { countries, actors }: Dictionaries,
  records: readonly LexiconRecord[],
): Lexicon {
  const names = new Map<string, LexiconName[]>()
  const add = (name: string, entity: Entity, how: NameMatchKind) => {
    const words = splitNameWords(name)
    const [first] = words
    if (first === undefined) return
    const sameFirstWord = names.get(first) ?? []
    if (!sameFirstWord.some((one) => one.words.join(' ') === words.join(' ')))
      sameFirstWord.push({ words, entity, how })
    names.set(first, sameFirstWord)
  }
  const knownStates = new Map(
    records.flatMap((one) =>
      one.type === 'state' && one.country ? [[one.country, one] as const] : [],
    ),
  )
  const knownEntities = new Map<LexiconRecord, Entity>()
  for (const one of records) {
    const isState = one.type === 'state' && one.country !== null
    const entity: Entity = {
      key: isState ? `state:${one.country}` : `${one.kind}:${splitNameWords(one.name).join(' ')}`,
      kind: one.kind,
      type: one.type,
      name: one.name,
      country: one.country,
      known: { id: one.id, slug: one.slug, name: one.name },
    }
    knownEntities.set(one, entity)
    add(one.name, entity, 'name')
    for (const alias of one.aliases) add(alias, entity, 'alias')
  }
  const states = new Map<string, Entity>()
  for (const country of countries) {
    const record = knownStates.get(country.code)
    const entity = (record && knownEntities.get(record)) ?? {
      key: `state:${country.code}`,
      kind: 'actor' as const,
      type: 'state' as const,
      name: country.name,
      country: country.code,
      known: null,
    }
    states.set(country.code, entity)
    for (const name of [country.name, ...country.also]) add(name, entity, 'name')
    for (const word of country.adjectives) add(word, entity, 'adjective')
    for (const word of country.people) add(word, entity, 'people')
    for (const word of country.capitals) add(word, entity, 'capital')
    for (const word of country.foreign) add(word, entity, 'foreign')
  }
  for (const sameFirstWord of names.values())
    sameFirstWord.sort((a, b) => b.words.length - a.words.length)

  const oneWordNames = new Map<string, { written: string; name: LexiconName }[]>()
  const transliterate = createTransliterator(actors.transliterations)
  for (const [first, sameFirstWord] of names)
    for (const name of sameFirstWord)
      if (
        name.words.length === 1 &&
        first.length >= 5 &&
        ['name', 'alias', 'capital'].includes(name.how)
      ) {
        const bucket = oneWordNames.get(first.slice(0, 1)) ?? []
        bucket.push({ written: transliterate(first), name })
        oneWordNames.set(first.slice(0, 1), bucket)
      }
  const inexactCache = new Map<string, LexiconMatch | null>()

  const ofKey = (key: string): LexiconMatch | null => {
    const name = names.get(key)?.find(({ words }) => words.length === 1)
    return name ? { length: 1, entity: name.entity, how: name.how } : null
  }
  return {
    matchAt(tokens, index) {
      const token = tokens[index]
      if (!token?.isWord) return null
      for (const { words, entity, how } of names.get(token.key) ?? []) {
        const fits = words.every((word, at) => {
          const other = tokens[index + at]
          return other?.key === word && (at === words.length - 1 || !other.isPossessive)
        })
        if (!fits) continue
        // A name of one small word would be found everywhere: a name is written with a capital.
        const written = tokens.slice(index, index + words.length)
        if (!written.some(({ isCapital }) => isCapital) && words.length < 2) continue
        if (!token.isCapital && entity.kind === 'actor') continue
        return { length: words.length, entity, how }
      }
      return null
    },
    matchWord: ofKey,
    matchInexact(token) {
      if (!token.isCapital || token.key.length < 5) return null
      let found = inexactCache.get(token.key)
      if (found === undefined) {
        found = findInexactMatch(token.key)
        inexactCache.set(token.key, found)
      }
      return found
    },
    findCountry: (key) => {
      const found = ofKey(key)
      return found?.entity.type === 'state' ? found.entity : null
    },
  }

  function findInexactMatch(key: string): LexiconMatch | null {
    for (let cut = 1; cut <= 3; cut += 1)
      if (key.length - cut >= 5 && actors.endings.has(key.slice(-cut))) {
        const found = ofKey(key.slice(0, -cut))
        if (found && found.how !== 'adjective' && found.how !== 'people')
          return { ...found, how: 'inflected' }
      }
    const written = transliterate(key)
    const errorsMax = key.length >= 9 ? 2 : 1
    let best: { found: LexiconMatch; errors: number } | null = null
    for (const one of oneWordNames.get(key.slice(0, 1)) ?? []) {
      if (Math.abs(one.written.length - written.length) > errorsMax) continue
      const errors = distance(one.written, written)
      if (errors > errorsMax || (best && best.errors <= errors)) continue
      best = { found: { length: 1, entity: one.name.entity, how: 'misspelt' }, errors }
    }
    return best?.found ?? null
  }
}

/** The way of writing that all hands have in common. */
function createTransliterator(
  pairs: readonly (readonly [string, string])[],
): (key: string) => string {
  return (key) => pairs.reduce((text, [from, to]) => text.replaceAll(from, to), key)
}
