import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import type { ActorType } from '../../../records/kinds/actors/schema.ts'
import type { Dictionaries } from './dictionaries.ts'
import { type Token, toWordKey } from './sentences.ts'

/** An existing record of an actor or a good. */
export type LexiconRecord = {
  id: string
  kind: 'actor' | 'good'
  slug: string
  name: string
  aliases: readonly string[]
  /** Null for a good. */
  type: z.infer<typeof ActorType> | null
  country: string | null
}

/** What a name refers to. `known` is its record; null if there is none yet. */
export type Entity = {
  /** The same for the same actor or good in every run, with or without a record. */
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

/** `words` are comparison keys. */
type LexiconName = { words: readonly string[]; entity: Entity; how: NameMatchKind }
/** `length` counts tokens. */
type LexiconMatch = { length: number; entity: Entity; how: NameMatchKind }

export type Lexicon = {
  /** The longest known name that begins with this token. */
  matchAt(tokens: readonly Token[], index: number): LexiconMatch | null
  /** The name that a part of a compound word is: `Azerbaijan` in `Azerbaijan-Armenia`. */
  matchWord(key: string): LexiconMatch | null
  /** The name that this word is a misspelt or inflected form of. */
  matchInexact(token: Token): LexiconMatch | null
  findCountry(key: string): Entity | null
}

/** Builds the lexicon of the names of states and of existing records. */
export function buildLexicon(
  { countries, actors }: Dictionaries,
  records: readonly LexiconRecord[],
): Lexicon {
  const index = new NameIndex()
  const recordedStates = addRecords(records, index)
  for (const country of countries) addCountry(country, recordedStates, index)
  index.sortByLength()
  const inexact = new InexactMatcher(index, actors)
  return {
    matchAt: (tokens, at) => matchAt(index, tokens, at),
    matchWord: (key) => index.findOneWord(key),
    matchInexact: (token) => inexact.match(token),
    findCountry: (key) => {
      const entity = index.findOneWord(key)?.entity
      return entity?.type === 'state' ? entity : null
    },
  }
}

/** Adds the names of records. Returns the entities of states by country code. */
function addRecords(
  records: readonly LexiconRecord[],
  index: NameIndex,
): ReadonlyMap<string, Entity> {
  const states = new Map<string, Entity>()
  for (const record of records) {
    const { id, kind, type, slug, name, country, aliases } = record
    const stateCode = type === 'state' ? country : null
    const key =
      stateCode === null ? `${kind}:${splitNameWords(name).join(' ')}` : `state:${stateCode}`
    const entity: Entity = { key, kind, type, name, country, known: { id, slug, name } }
    if (stateCode) states.set(stateCode, entity)
    index.add(name, entity, 'name')
    for (const alias of aliases) index.add(alias, entity, 'alias')
  }
  return states
}

function addCountry(
  country: Dictionaries['countries'][number],
  recordedStates: ReadonlyMap<string, Entity>,
  index: NameIndex,
): void {
  const entity: Entity = recordedStates.get(country.code) ?? {
    key: `state:${country.code}`,
    kind: 'actor',
    type: 'state',
    name: country.name,
    country: country.code,
    known: null,
  }
  for (const name of [country.name, ...country.also]) index.add(name, entity, 'name')
  for (const word of country.adjectives) index.add(word, entity, 'adjective')
  for (const word of country.people) index.add(word, entity, 'people')
  for (const word of country.capitals) index.add(word, entity, 'capital')
  for (const word of country.foreign) index.add(word, entity, 'foreign')
}

function matchAt(index: NameIndex, tokens: readonly Token[], at: number): LexiconMatch | null {
  const token = tokens[at]
  if (!token?.isWord) return null
  for (const { words, entity, how } of index.findByFirstWord(token.key)) {
    const nameTokens = tokens.slice(at, at + words.length)
    if (!hasSameWords(nameTokens, words)) continue
    // A name of one word in lower case is a common noun.
    if (words.length === 1 && !token.isCapital) continue
    if (!token.isCapital && entity.kind === 'actor') continue
    return { length: words.length, entity, how }
  }
  return null
}

const hasSameWords = (tokens: readonly Token[], words: readonly string[]): boolean =>
  words.every((word, offset) => {
    const token = tokens[offset]
    return token?.key === word && (offset === words.length - 1 || !token.isPossessive)
  })

const splitNameWords = (name: string): string[] =>
  name.match(/[\p{L}\p{N}\p{M}]+(?:[-.&/’'][\p{L}\p{N}\p{M}]+)*/gu)?.map(toWordKey) ?? []

/** Names by their first word. */
class NameIndex {
  readonly #byFirstWord = new Map<string, LexiconName[]>()

  /** The first entity with a name keeps it. */
  add(name: string, entity: Entity, how: NameMatchKind): void {
    const words = splitNameWords(name)
    const [firstWord] = words
    if (firstWord === undefined) return
    const names = this.#byFirstWord.get(firstWord) ?? []
    if (!names.some((other) => other.words.join(' ') === words.join(' ')))
      names.push({ words, entity, how })
    this.#byFirstWord.set(firstWord, names)
  }

  /** Puts longer names first. */
  sortByLength(): void {
    for (const names of this.#byFirstWord.values())
      names.sort((a, b) => b.words.length - a.words.length)
  }

  findByFirstWord(key: string): readonly LexiconName[] {
    return this.#byFirstWord.get(key) ?? []
  }

  findOneWord(key: string): LexiconMatch | null {
    const name = this.findByFirstWord(key).find(({ words }) => words.length === 1)
    return name ? { length: 1, entity: name.entity, how: name.how } : null
  }

  *listOneWordNames(): Generator<LexiconName & { key: string }> {
    for (const [key, names] of this.#byFirstWord)
      for (const name of names) if (name.words.length === 1) yield { ...name, key }
  }
}

/** Finds names by inflected and misspelt words. Shorter words would match by chance. */
class InexactMatcher {
  static readonly #lengthMin = 5
  readonly #index: NameIndex
  readonly #endings: ReadonlySet<string>
  readonly #transliterate: (key: string) => string
  /** Names of one word by their first letter. */
  readonly #byFirstLetter = new Map<string, { spelling: string; entity: Entity }[]>()
  readonly #cache = new Map<string, LexiconMatch | null>()

  constructor(index: NameIndex, { endings, transliterations }: Dictionaries['actors']) {
    this.#index = index
    this.#endings = endings
    this.#transliterate = createTransliterator(transliterations)
    for (const { key, entity, how } of index.listOneWordNames()) {
      if (key.length < InexactMatcher.#lengthMin) continue
      if (!['name', 'alias', 'capital'].includes(how)) continue
      const names = this.#byFirstLetter.get(key.slice(0, 1)) ?? []
      names.push({ spelling: this.#transliterate(key), entity })
      this.#byFirstLetter.set(key.slice(0, 1), names)
    }
  }

  match({ key, isCapital }: Token): LexiconMatch | null {
    if (!isCapital || key.length < InexactMatcher.#lengthMin) return null
    let match = this.#cache.get(key)
    if (match === undefined) {
      match = this.#findInflected(key) ?? this.#findMisspelt(key)
      this.#cache.set(key, match)
    }
    return match
  }

  #findInflected(key: string): LexiconMatch | null {
    for (let endingLength = 1; endingLength <= 3; endingLength += 1) {
      const stem = key.slice(0, -endingLength)
      if (stem.length < InexactMatcher.#lengthMin) return null
      if (!this.#endings.has(key.slice(-endingLength))) continue
      const match = this.#index.findOneWord(stem)
      if (match && match.how !== 'adjective' && match.how !== 'people')
        return { ...match, how: 'inflected' }
    }
    return null
  }

  #findMisspelt(key: string): LexiconMatch | null {
    const spelling = this.#transliterate(key)
    const errorsMax = key.length >= 9 ? 2 : 1
    let nearest: Entity | null = null
    let fewestErrors = errorsMax + 1
    for (const name of this.#byFirstLetter.get(key.slice(0, 1)) ?? []) {
      if (Math.abs(name.spelling.length - spelling.length) > errorsMax) continue
      const errors = distance(name.spelling, spelling)
      if (errors >= fewestErrors) continue
      nearest = name.entity
      fewestErrors = errors
    }
    return nearest && { length: 1, entity: nearest, how: 'misspelt' }
  }
}

/** Makes spellings of different transliterations equal. */
function createTransliterator(
  pairs: readonly (readonly [string, string])[],
): (key: string) => string {
  return (key) => pairs.reduce((text, [from, to]) => text.replaceAll(from, to), key)
}
