import { isSortOfGood, readGood } from './goods.ts'
import { emptyConcepts, type OrganisationWord, readOrganisation } from './organisations.ts'
import { spellingsOfState, stateOf } from './states.ts'
import { isParticle, isTitle, spellingsOf, variantsOf } from './vocabulary.ts'

/** What records are looked up by whose names may be another spelling of a name. */
export type NameKeys = {
  /** The words that count, as they stand in the name. */
  words: string
  /** Of those the distinctive ones, or all where none is. */
  distinctive: string
  /** What may be the whole name of the record, without spaces: first letters of the words, designations. */
  short: string[]
  /** A tsquery over the sounds of the words of names (`name_sounds` in the database); empty where there is nothing to look up. */
  sounds: string
  /** A tsquery over words: every common word in any of its spellings; empty for a name with a word of its own. */
  translations: string
  /** ISO 3166-1 alpha-2: what the name is the name of. */
  state: string | null
}

/** Words of a name that are looked up by their sounds: each pair of them, so that any others may be missing. */
const soundWordsMax = 5
/** Spellings of a word that are looked for, the first of the list. */
const spellingsMax = 40
const variantsMax = 30

/**
 * Consonants of a word, those alike made one: equal for most spellings of it. The function `name_sounds` of the database has the
 * same rules.
 */
export const soundKeyOf = (word: string): string =>
  word
    .replaceAll(/kh|ck|ch(?=[lmnr])/g, 'k')
    .replaceAll('ph', 'f')
    .replaceAll(/dzh|dj|zh|tz|ts|c(?=[eiyhz])/g, 's')
    .replaceAll('x', 'ks')
    .replaceAll(/[gqc]/g, 'k')
    .replaceAll(/[zj]/g, 's')
    .replaceAll(/[wv]/g, 'f')
    .replaceAll('d', 't')
    .replaceAll('b', 'p')
    .replaceAll(/[aeiouyh]/g, '')
    .replaceAll(/(.)\1+/g, '$1')

/** Spellings of sounds that keys tell apart: `Jugoimport`, `Ilkham`, `Djuro`, `Abdulfattah`. */
const otherSpellings: readonly (readonly [RegExp, string])[] = [
  [/j/g, 'y'],
  [/^[yi](?=[aeou])/, 'j'],
  [/kh/g, 'h'],
  [/(?<=[aeioul])h(?=[aeiou])/g, 'kh'],
  [/^dj(?=[aeiou])/, 'd'],
  [/^d(?=[aeiou])/, 'dj'],
  [/^abd[aeuo]l(?=.{3})/, ''],
]

/** Keys of a word; in Arabic and Hebrew letters a w or v may be a vowel, a v may be a b. */
function soundKeysOf({ text, isAbjad }: OrganisationWord): string[] {
  const spellings = [text, ...variantsOf(text)].slice(0, variantsMax)
  for (const [pattern, replacement] of otherSpellings)
    if (pattern.test(text)) spellings.push(text.replace(pattern, replacement))
  if (isAbjad) spellings.push(text.replaceAll(/[wv]/g, ''), text.replaceAll('v', 'b'))
  const isKey = (key: string) => /^[a-z0-9]{2,}$/.test(key)
  // Of a word that has no key itself the others would keep out names that have it.
  if (!isKey(soundKeyOf(text))) return []
  const keys = spellings.map(soundKeyOf).filter(isKey)
  return [...new Set(keys)]
}

const anyOf = (terms: readonly string[]): string =>
  terms.length > 1 ? `(${terms.join(' | ')})` : (terms[0] ?? '')

/** Every two of the words, whichever; one word alone. */
function soundQuery(words: readonly OrganisationWord[]): string {
  const terms = words
    .map(soundKeysOf)
    .filter((keys) => keys.length > 0)
    .slice(0, soundWordsMax)
    .map(anyOf)
  if (terms.length < 2) return terms[0] ?? ''
  return terms
    .flatMap((one, index) => terms.slice(index + 1).map((other) => `(${one} & ${other})`))
    .join(' | ')
}

const patronymic = /(ovich|evich|ovych|evych|ovna|evna|ivna)$/

function soundWordsOf(words: readonly OrganisationWord[]): OrganisationWord[] {
  const ordinary = words.filter(
    ({ role }) => role === 'ordinary' || role === 'owner' || role === 'acronym',
  )
  const telling = ordinary.filter(
    ({ text }) =>
      text.length > 2 &&
      !isParticle(text) &&
      !isSortOfGood(text) &&
      !patronymic.test(text) &&
      !isTitle(text),
  )
  return telling.length > 0 ? telling : ordinary
}

/** Each common word in any of its spellings. */
function translationQuery(words: readonly OrganisationWord[]): string {
  const terms = words
    .filter(({ role, text }) => role !== 'aside' && !emptyConcepts.has(text))
    .map(({ text, role }) => {
      const spellings =
        role === 'state' ? spellingsOfState(text.replace(/^state /, '')) : spellingsOf(text)
      const phrases = spellings
        .map((spelling) => spelling.split(' ').filter((word) => /^[a-z0-9]+$/.test(word)))
        .filter((phrase) => phrase.length > 0)
        .slice(0, spellingsMax)
        .map((phrase) => (phrase.length > 1 ? `(${phrase.join(' & ')})` : (phrase[0] ?? '')))
      return anyOf(phrases)
    })
    .filter((term) => term !== '')
  return terms.length > 1 ? terms.join(' & ') : ''
}

const isTelling = ({ role }: OrganisationWord): boolean =>
  role === 'ordinary' || role === 'acronym' || role === 'owner'

export function keysOf(name: string): NameKeys {
  const read = readOrganisation(name)
  const own = read.words.filter(isTelling)
  const acronym =
    read.isAcronym && /^[a-z]{3,8}$/.test(read.joined) ? ` | ${acronymMark}${read.joined}:*` : ''
  const [, initials = ''] = read.initials
  const sounds = soundQuery(soundWordsOf(read.words))
  return {
    words: read.spoken.join(' '),
    distinctive: own.length > 0 ? own.map(({ text }) => text).join(' ') : read.spoken.join(' '),
    short: [
      ...(initials.length >= 3 && initials.length <= 8 ? [initials] : []),
      ...readGood(name).codes.filter((code) => code.length > 1),
    ],
    sounds: sounds === '' ? '' : `${sounds}${acronym}`,
    translations: own.length === 0 ? translationQuery(read.words) : '',
    state: stateOf(name),
  }
}

/** Stands before first letters among the sounds of a name; no sound has it. */
const acronymMark = 'qq'

/** Whether two numbers, codes or identifiers are the same but for how they are set apart. */
export const isSameCode = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((code) => code.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
  return one !== '' && one === other
}
