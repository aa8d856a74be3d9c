import anyAscii from 'any-ascii'
import { doubleMetaphone } from 'double-metaphone'
import { distance } from 'fastest-levenshtein'
import { LRUCache } from 'lru-cache'

/** From this score on, 0 to 100, two names are taken for the same. Measured: tests/answers/reconcile-pairs.test.ts. */
export const matchThreshold = 85
/** A candidate only matches when it is so far ahead of the next one. */
export const matchLead = 5

const parseWordSet = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** What says how a company is constituted, and words that every name may have: they do not count. */
const ignoredWords = parseWordSet(
  `inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg kgaa se sa sas sasu sarl spa srl
  nv bv ab as asa aps oy oyj jsc ojsc pjsc cjsc ooo oao pao zao anonim sirketi sirket sanayi sanayii ve ticaret san tic sti
  sro doo dd kft zrt pte pty bhd sdn kk the of and for de la le les du des der die das und et y i el al`,
)
/** What many companies and offices call themselves: it hardly tells one from another. */
const genericWords = parseWordSet(
  `makina makine savunma defence defense technologies technology teknoloji teknolojileri systems sistemleri system industries
  industry endustri aerospace aviation havacilik uzay space international global group gruppen holding holdings electronics
  elektronik electronic optics optik optronics solutions services engineering muhendislik manufacturing trading enterprises
  works armaments ministry department office government republic state agency directorate general national federal kingdom
  islamic arab people democratic missile missiles weapons ammunition naval marine shipbuilding dynamics`,
)
/** Groups whose name stands before the names of their units, old and new: `L3Harris Wescam` was `L-3 Wescam`. */
const groupNames = parseWordSet(
  'l3 l3harris bae airbus leonardo thales rheinmetall hensoldt safran',
)
/** Where somebody is from: many are. */
const regionalWords = parseWordSet(
  `turkish canadian american british english french german italian spanish russian ukrainian chinese indian israeli iranian
  korean japanese polish swedish norwegian danish finnish dutch belgian swiss austrian greek azerbaijani armenian georgian
  european nordic baltic balkan asian african arabian eastern western northern southern north south east west central`,
)

const weights = { ordinary: 1, country: 0.6, owner: 0.3, regional: 0.3, generic: 0.15 } as const
/** However many words that many have are left over. */
const genericPenaltyMax = 0.3
/** A country on one side only tells a branch from the whole. */
const unmatchedCountryPenalty = 1.5

/** What each of these words weighs; all others are ordinary. */
const wordWeights: ReadonlyMap<string, number> = new Map([
  ...[...regionalWords].map((word) => [word, weights.regional] as const),
  ...[...groupNames].map((word) => [word, weights.owner] as const),
  ...[...genericWords].map((word) => [word, weights.generic] as const),
])

type NameWord = { text: string; weight: number; isCountry: boolean; hasDigit: boolean }
type ParsedName = { words: NameWord[]; joined: string; country: string | null }

const locales = [
  'en',
  'tr',
  'fr',
  'de',
  'es',
  'it',
  'pt',
  'nl',
  'ru',
  'uk',
  'hy',
  'az',
  'ka',
  'pl',
  'sv',
  'da',
  'nb',
  'fi',
  'el',
  'he',
  'fa',
  'ar',
  'ro',
  'cs',
  'hu',
]

/** Latin letters without accents, lower case; `A.Ş.` and `L-3` become one word. */
function normaliseWords(name: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whether it is ASCII.
  const latin = /^[\x00-\x7f]*$/.test(name) ? name : anyAscii(name.normalize('NFKC'))
  const words =
    latin
      .toLowerCase()
      .replaceAll(/['`]/g, '')
      .match(/[a-z0-9]+/g) ?? []
  const joined: string[] = []
  let letters = ''
  for (const word of [...words, '']) {
    if (word.length === 1) letters += word
    else {
      if (letters) joined.push(letters)
      letters = ''
      if (word) joined.push(word)
    }
  }
  return joined
}

/** Codes (ISO 3166-1) by what countries are called in any of the locales; built at first use. */
const countryFirstWords = new Set<string>()
/** Words of those names, and titles that may stand beside them. */
const countryWords = new Set<string>()
let countryNameCache: ReadonlyMap<string, string> | undefined
function loadCountryNames(): ReadonlyMap<string, string> {
  if (countryNameCache) return countryNameCache
  const found = new Map<string, string>()
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const codes = letters.flatMap((first) => letters.map((second) => first + second))
  for (const locale of locales) {
    const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' })
    for (const code of codes) {
      const name = /^(EU|EZ|QO|UN|XA|XB|ZZ)$/.test(code) ? undefined : names.of(code)
      const key = name && normaliseWords(name).join(' ')
      if (key && key.length > 2 && !found.has(key)) found.set(key, code)
    }
  }
  for (const [name, code] of [
    ['turkey', 'TR'],
    ['united states of america', 'US'],
    ['usa', 'US'],
    ['great britain', 'GB'],
    ['uk', 'GB'],
    ['uae', 'AE'],
    ['holland', 'NL'],
    ['burma', 'MM'],
    ['czech republic', 'CZ'],
  ] as const)
    found.set(name, code)
  for (const name of found.keys()) {
    const words = name.split(' ')
    countryFirstWords.add(words[0] ?? '')
    for (const word of words) countryWords.add(word)
  }
  for (const title of stateTitles) countryWords.add(title)
  countryNameCache = found
  return found
}

const stateTitles = parseWordSet(
  'the republic state kingdom islamic of government federation russian',
)

/** The country that a name is the name of: `Türkiye`, `Republic of Turkey`, `Турция`; null for any other name. */
export const findCountry = (name: string): string | null => findCountryByWords(normaliseWords(name))

function findCountryByWords(words: readonly string[]): string | null {
  const known = loadCountryNames()
  if (!words.every((word) => countryWords.has(word))) return null
  const whole = known.get(words.join(' '))
  if (whole) return whole
  const bare = words.filter((word) => !stateTitles.has(word))
  return bare.length < words.length ? (known.get(bare.join(' ')) ?? null) : null
}

const countryWordsMax = 4

/** How many words from there on are the name of a country; 0 when they are none. */
function countCountryWords(plain: readonly string[], at: number): number {
  if (!countryFirstWords.has(plain[at] ?? '')) return 0
  let count = 1
  while (count < countryWordsMax && countryWords.has(plain[at + count] ?? '')) count += 1
  for (; count > 0; count -= 1)
    if (loadCountryNames().has(plain.slice(at, at + count).join(' '))) return count
  return 0
}

/** What is asked is compared with many names, and most of those are met once: reading one takes less than keeping thousands. */
const nameCache = new LRUCache<string, ParsedName>({ max: 500 })

function parseNameCached(name: string): ParsedName {
  const known = nameCache.get(name)
  if (known) return known
  const read = parseName(name)
  nameCache.set(name, read)
  return read
}

function parseName(name: string): ParsedName {
  const plain = normaliseWords(name)
  const known = loadCountryNames()
  const words: NameWord[] = []
  for (let at = 0; at < plain.length; at += 1) {
    const length = countCountryWords(plain, at)
    if (length > 0) {
      const code = known.get(plain.slice(at, at + length).join(' ')) ?? ''
      words.push({
        text: `country ${code}`,
        weight: weights.country,
        isCountry: true,
        hasDigit: false,
      })
      at += length - 1
      continue
    }
    const text = plain[at] ?? ''
    if (!ignoredWords.has(text)) words.push(createWord(text, wordWeights.get(text)))
  }
  // A name of nothing but silent words is compared by them.
  if (words.length === 0) words.push(...plain.map((text) => createWord(text)))
  return {
    words,
    joined: plain.filter((word) => !ignoredWords.has(word)).join(''),
    country: findCountryByWords(plain),
  }
}

const createWord = (text: string, weight: number = weights.ordinary): NameWord => ({
  text,
  weight,
  isCountry: false,
  hasDigit: /\d/.test(text),
})

/** How alike two words are of which one has a letter more or two swapped: no others are more so. */
const misspelledLikeness = 0.88

/**
 * How alike two words are, 0 to 1. Words with a digit are designations: the same or not. Short words are names of their
 * own (`Marta`, `Maria`): only in longer ones may letters be missing, added, swapped or, less surely, others.
 */
function compareWords(one: NameWord, other: NameWord): number {
  const [a, b] = [one.text, other.text]
  if (a === b) return 1
  if (one.isCountry || other.isCountry) return 0
  if (one.hasDigit || other.hasDigit) return a.startsWith('l3') && b.startsWith('l3') ? 0.8 : 0
  const shorter = Math.min(a.length, b.length)
  if (shorter < 5 || Math.abs(a.length - b.length) > 2) return 0
  const edits = isSwapped(a, b) ? 1 : distance(a, b)
  if (edits === 1 && a.length !== b.length) return shorter >= 6 ? misspelledLikeness : 0.75
  if (edits === 1) return shorter >= 7 ? (isSwapped(a, b) ? misspelledLikeness : 0.75) : 0
  if (edits > 2 || shorter < 6 || a[0] !== b[0]) return 0
  if (doubleMetaphone(a)[0] === doubleMetaphone(b)[0]) return 0.85
  return shorter >= 10 ? 0.75 : 0
}

function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const at = [...a].findIndex((letter, index) => letter !== b[index])
  return (
    at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  )
}

/**
 * How alike two names are, 0 to 100; from `matchThreshold` on they are taken for the same. Words are paired, in whatever
 * order, each with the likest of the other name. What is paired counts for, what is left over on either side counts
 * against, each by its weight: a distinctive word 1, a country 0.6, a group before its unit 0.3, a word that many have 0.15.
 * Below the threshold stays what shares no distinctive word, unless all words are shared.
 */
export function compareNames(one: string, other: string): number {
  const [a, b] = [parseNameCached(one), parseNameCached(other)]
  if (a.country && b.country) return a.country === b.country ? 100 : 0
  if (a.joined !== '' && a.joined === b.joined) return 100
  const pairs: { i: number; j: number; like: number }[] = []
  for (const [i, leftoverWords] of a.words.entries())
    for (const [j, right] of b.words.entries()) {
      const like = compareWords(leftoverWords, right)
      if (like > 0) pairs.push({ i, j, like })
    }
  if (pairs.length === 0) return 0
  pairs.sort((x, y) => y.like - x.like)
  const [leftUsed, rightUsed] = [new Set<number>(), new Set<number>()]
  let matchedWeight = 0
  let unmatchedWeight = 0
  let isDistinctive = false
  for (const { i, j, like } of pairs) {
    if (leftUsed.has(i) || rightUsed.has(j)) continue
    leftUsed.add(i)
    rightUsed.add(j)
    const weight = Math.max(a.words[i]?.weight ?? 0, b.words[j]?.weight ?? 0)
    matchedWeight += weight * like
    unmatchedWeight += 2 * weight * (1 - like)
    if (weight >= weights.ordinary) isDistinctive = true
  }
  const leftoverWords = [
    ...a.words.filter((_, index) => !leftUsed.has(index)),
    ...b.words.filter((_, index) => !rightUsed.has(index)),
  ]
  const sumWeights = (of: NameWord[]) => of.reduce((all, { weight }) => all + weight, 0)
  const isGeneric = ({ weight }: NameWord) => weight === weights.generic
  unmatchedWeight +=
    unmatchedCountryPenalty * leftoverWords.filter(({ isCountry }) => isCountry).length
  unmatchedWeight += sumWeights(leftoverWords.filter((word) => !word.isCountry && !isGeneric(word)))
  unmatchedWeight += Math.min(genericPenaltyMax, sumWeights(leftoverWords.filter(isGeneric)))
  const score = (100 * matchedWeight) / (matchedWeight + unmatchedWeight / 2)
  const mayMatch = isDistinctive || leftoverWords.length === 0
  return Math.round(10 * Math.min(score, mayMatch ? 100 : matchThreshold - 1)) / 10
}

/** What a name can score at most against one in which a word is spelt otherwise: the fewer words, the less. */
export const maxMisspelledScore = (name: string): number =>
  100 * (1 - (1 - misspelledLikeness) / Math.max(1, parseNameCached(name).words.length))

/** Whether two numbers, codes or identifiers are the same but for how they are set apart. */
export const isSameCode = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((code) => code.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
  return one !== '' && one === other
}

/** What to look candidates up by: the words that count, as they stand in `search_name`. */
export const extractSearchWords = (name: string): string => {
  const plain = normaliseWords(name)
  const kept = plain.filter((word) => !ignoredWords.has(word))
  return (kept.length > 0 ? kept : plain).join(' ')
}

/** Of those the distinctive ones, or all of them where none is. */
export const extractDistinctiveWords = (name: string): string => {
  const words = extractSearchWords(name)
  const known = loadCountryNames()
  const isCommon = (word: string) =>
    genericWords.has(word) || groupNames.has(word) || regionalWords.has(word) || known.has(word)
  return (
    words
      .split(' ')
      .filter((word) => !isCommon(word))
      .join(' ') || words
  )
}
