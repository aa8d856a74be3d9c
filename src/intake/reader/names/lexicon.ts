import { distance } from 'fastest-levenshtein'
import { type LanguageCode, languages, type ReaderData } from '../data.ts'
import { type Token, wordKeys } from '../tokens.ts'
import type { Actor, ActorType, KnownName, Mention } from '../types.ts'

type Entry = {
  words: readonly string[]
  /** As it is written, to tell "US" from "us". */
  needsCapitals: boolean
  actor: Actor | null
  good: KnownName | null
  form: Mention['form']
}
type Match = { length: number; actor: Actor | null; good: KnownName | null; form: Mention['form'] }

/** Names that there are before a text is read. */
export type Lexicon = {
  /** The longest name that begins with this token. */
  at(tokens: readonly Token[], index: number): Match | null
  /** The state or actor that one word is: "Azerbaijan" in "Azerbaijan-Armenia". */
  ofKey(key: string): Match | null
  /** The name that this word is a misspelt or inflected form of: "Pashinian" of Pashinyan. */
  nearly(token: Token): Match | null
}

const createActor = (
  type: ActorType,
  name: string,
  country: string | null,
  known: Actor['known'],
): Actor => ({
  id: type === 'state' && country ? `state:${country}` : `${type}:${wordKeys(name).join(' ')}`,
  type,
  name,
  aliases: [],
  country,
  known,
  score: 1,
  reasons: [known ? 'there is a record of this name' : 'a name of the dictionaries'],
})

/** Names of states, of well-known actors, and of the records that there are. */
export function lexiconOf(data: ReaderData, known: readonly KnownName[]): Lexicon {
  const names = new Map<string, Entry[]>()
  const add = (name: string, entry: Omit<Entry, 'words' | 'needsCapitals'>) => {
    const words = wordKeys(name)
    const [first] = words
    if (first === undefined) return
    const same = names.get(first) ?? []
    const needsCapitals = words.length === 1 && /^[A-Z.]{2,5}$/.test(name)
    if (!same.some((one) => one.words.join(' ') === words.join(' ')))
      same.push({ ...entry, words, needsCapitals })
    names.set(first, same)
  }
  addRecords(known, add)
  const knownStates = new Map(
    known.flatMap((one) => (one.type === 'state' && one.country ? [[one.country, one]] : [])),
  )
  addStates(data, knownStates, add)
  addKnownNames(data, known, add)
  for (const same of names.values()) same.sort((a, b) => b.words.length - a.words.length)

  const ofKey = (key: string): Match | null => {
    const entry = names.get(key)?.find(({ words }) => words.length === 1)
    return entry ? { length: 1, actor: entry.actor, good: entry.good, form: entry.form } : null
  }
  return {
    nearly: createNearFinder(names, data.names, ofKey),
    ofKey,
    at(tokens, index) {
      const token = tokens[index]
      if (!token || token.kind === 'mark') return null
      for (const entry of names.get(token.key) ?? [])
        if (matchesAt(entry, tokens, index))
          return {
            length: entry.words.length,
            actor: entry.actor,
            good: entry.good,
            form: entry.form,
          }
      return null
    },
  }
}

function matchesAt(
  { words, needsCapitals, actor }: Entry,
  tokens: readonly Token[],
  index: number,
): boolean {
  const token = tokens[index]
  if (!token) return false
  if (needsCapitals && !token.isAllCaps && !/\./.test(token.text)) return false
  for (const [at, word] of words.entries()) {
    const other = tokens[index + at]
    if (other?.key !== word) return false
    if (at < words.length - 1 && (other.isPossessive || tokens[index + at + 1]?.kind === 'mark'))
      return false
  }
  // A name is written with a capital; of a good, at least one of its words.
  if (actor) return token.isCapital || (words.length > 1 && tokens[index + 1]?.isCapital === true)
  return tokens
    .slice(index, index + words.length)
    .some((one) => one.isCapital || /\d/.test(one.text))
}

/** Finds the name of a record or state that a word is nearly: one letter wrong, two in long names, or another ending. */
function createNearFinder(
  names: ReadonlyMap<string, readonly Entry[]>,
  { endings, transliterations }: ReaderData['names'],
  ofKey: (key: string) => Match | null,
) {
  const latin = (key: string) =>
    transliterations.reduce((text, [from, to]) => text.replaceAll(from, to), key)
  const singles = new Map<string, { written: string; entry: Entry }[]>()
  for (const [first, same] of names)
    for (const entry of same) {
      if (
        entry.words.length > 1 ||
        first.length < 5 ||
        !entry.actor ||
        entry.form === 'adjective' ||
        entry.form === 'people'
      )
        continue
      const bucket = singles.get(first.charAt(0)) ?? []
      bucket.push({ written: latin(first), entry })
      singles.set(first.charAt(0), bucket)
    }
  const known = new Map<string, Match | null>()
  const near = (key: string): Match | null => {
    for (let cut = 1; cut <= 3; cut += 1) {
      if (key.length - cut < 5 || !endings.has(key.slice(-cut))) continue
      const found = ofKey(key.slice(0, -cut))
      if (found?.actor && found.form !== 'adjective' && found.form !== 'people')
        return { ...found, form: 'inflected' }
    }
    const written = latin(key)
    let best: { entry: Entry; errors: number } | null = null
    for (const one of singles.get(key.charAt(0)) ?? []) {
      // A state is seldom misspelt, and many words are near to one.
      const errorsMax = one.entry.actor?.type === 'state' || key.length < 9 ? 1 : 2
      if (one.entry.actor?.type === 'state' && key.length < 7) continue
      if (Math.abs(one.written.length - written.length) > errorsMax) continue
      const errors = distance(one.written, written)
      if (errors <= errorsMax && (!best || errors < best.errors))
        best = { entry: one.entry, errors }
    }
    return best ? { length: 1, actor: best.entry.actor, good: null, form: 'misspelt' } : null
  }
  return (token: Token): Match | null => {
    if (!token.isCapital || token.isAllCaps || token.key.length < 5) return null
    let found = known.get(token.key)
    if (found === undefined) {
      found = near(token.key)
      if (known.size < 100_000) known.set(token.key, found)
    }
    return found
  }
}

type Add = (name: string, entry: Omit<Entry, 'words' | 'needsCapitals'>) => void

function addRecords(known: readonly KnownName[], add: Add): void {
  for (const one of known) {
    const record = { slug: one.slug, name: one.name }
    const actor =
      one.kind === 'actor' && one.type ? createActor(one.type, one.name, one.country, record) : null
    const good = one.kind === 'good' ? one : null
    add(one.name, { actor, good, form: 'name' })
    for (const alias of one.aliases) add(alias, { actor, good, form: 'alias' })
  }
}

function addStates(
  { countries, names }: ReaderData,
  records: ReadonlyMap<string, KnownName>,
  add: Add,
): void {
  const displays = languages
    .filter((code) => code !== 'en')
    .map((code: LanguageCode) => new Intl.DisplayNames(code, { type: 'region' }))
  for (const country of countries) {
    const record = records.get(country.code)
    const actor = createActor(
      'state',
      record?.name ?? country.name,
      country.code,
      record ? { slug: record.slug, name: record.name } : null,
    )
    const entry = (form: Mention['form']) => ({ actor, good: null, form })
    for (const name of [country.name, ...country.also, ...listFormalNames(country.name)])
      add(name, entry('name'))
    for (const word of country.adjectives) add(word, entry('adjective'))
    for (const word of country.people) add(word, entry('people'))
    for (const word of country.capitals) add(word, entry('capital'))
    for (const word of country.foreign) add(word, entry('foreign'))
    for (const word of names.stateAliases[country.code] ?? []) add(word, entry('alias'))
    for (const display of displays) add(display.of(country.code) ?? country.name, entry('foreign'))
  }
}

/** "Kingdom of Saudi Arabia", "Republic of Cameroon". */
const listFormalNames = (name: string): string[] =>
  name === 'South Korea'
    ? ['Republic of Korea']
    : name === 'Iran'
      ? ['Islamic Republic of Iran']
      : [`Kingdom of ${name}`, `Republic of ${name}`, `Kingdom of the ${name}`]

function addKnownNames({ knownNames }: ReaderData, known: readonly KnownName[], add: Add): void {
  const records = new Map(
    known.flatMap((one) => [one.name, ...one.aliases].map((name) => [name.toLowerCase(), one])),
  )
  for (const type of [
    'organisation',
    'publisher',
    'public-body',
    'armed-force',
    'company',
  ] as const)
    for (const [name, ...others] of knownNames[type]) {
      if (name === undefined) continue
      const record = [name, ...others].map((one) => records.get(one.toLowerCase())).find(Boolean)
      const actor = createActor(
        record?.type ?? type,
        record?.name ?? name,
        record?.country ?? null,
        record ? { slug: record.slug, name: record.name } : null,
      )
      add(name, { actor, good: null, form: 'name' })
      for (const other of others) add(other, { actor, good: null, form: 'alias' })
    }
}
