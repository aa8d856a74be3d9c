import anyAscii from 'any-ascii'
import { distance } from 'fastest-levenshtein'
import { Problem } from '../../problem.ts'

/** One word, or several words that must follow each other. */
type Term = { words: readonly string[]; isNegated: boolean; isQuoted: boolean }

/** A record matches if all terms of one branch match. Each branch has a term that is not negated. */
export type ParsedQuery = { branches: readonly (readonly Term[])[] }

const wordsMax = 50

/** Runs of letters and digits with their combining marks (marks alone are no word), the same words that `search_words` in the migrations prepares for the parser of PostgreSQL. */
const wordPattern = /[\p{L}\p{N}\p{M}]*[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/**
 * Parses a query like `websearch_to_tsquery`: words are joined by "and", which binds closer than `or`; a hyphen before a word
 * or phrase negates it; an unclosed quotation mark reaches to the end. A compound such as `MX-15D` is a phrase.
 *
 * @throws {Problem} invalid-request if there is no word to search for, or more than 50
 */
export function parseQuery(text: string): ParsedQuery {
  const branches: Term[][] = [[]]
  const tokens = text.replaceAll(/[“”„«»]/g, '"').matchAll(/-?"[^"]*"?|[^\s"]+/g)
  for (const [token] of tokens) {
    if (token.toLowerCase() === 'or') {
      branches.push([])
      continue
    }
    const words = token.match(wordPattern)
    if (words === null) continue
    const isQuoted = /^-?"/.test(token)
    branches.at(-1)?.push({ words, isNegated: token.startsWith('-'), isQuoted })
  }
  const searchable = branches.filter((terms) => terms.some((term) => !term.isNegated))
  const count = searchable.flat().reduce((sum, { words }) => sum + words.length, 0)
  if (count === 0) throw invalidQuery('give at least one word to search for; -word only excludes')
  if (count > wordsMax) throw invalidQuery(`the query has ${count} words; give at most ${wordsMax}`)
  return { branches: searchable }
}

const invalidQuery = (detail: string): Problem =>
  new Problem('invalid-request', `/query/q: ${detail}`, {
    errors: [{ pointer: '/query/q', detail }],
  })

/** The words to search for instead of a word that occurs nowhere. */
export type Corrections = ReadonlyMap<string, readonly string[]>

/** The words that count as equal to a single word: its corrections, or its singular and plural. Empty for other terms. */
function listVariants(term: Term, corrections: Corrections): readonly string[] {
  const [word = '', ...moreWords] = term.words
  if (moreWords.length > 0 || term.isQuoted) return []
  const correctedWords = corrections.get(word)
  if (correctedWords) return correctedWords
  if (!/^[a-z]{4,}$/i.test(word)) return []
  return /[^s]s$/i.test(word) ? [word, word.slice(0, -1)] : [word, `${word}s`]
}

/**
 * The quotation mark around words in the result of `toTsquery`: a character that no word contains, before and after folding.
 * The SQL statement replaces it with the apostrophe that PostgreSQL expects.
 */
const quoteMark = '\u0001'
const quoteWords = (words: readonly string[]): string =>
  `${quoteMark}${words.join(' ')}${quoteMark}`

/** The query in the syntax of `to_tsquery`, before folding. */
export function toTsquery({ branches }: ParsedQuery, corrections: Corrections = new Map()): string {
  const formatTerm = (term: Term) => {
    const alternatives = listAlternatives(term, corrections).map(quoteWords).join(' | ')
    return term.isNegated ? `!(${alternatives})` : `(${alternatives})`
  }
  return branches.map((terms) => `(${terms.map(formatTerm).join(' & ')})`).join(' | ')
}

/** The runs of words that fulfil a term. */
function listAlternatives(term: Term, corrections: Corrections): (readonly string[])[] {
  const variants = listVariants(term, corrections)
  return variants.length > 0 ? variants.map((word) => [word]) : [term.words]
}

/** The words of the query in order, as a name would have them. Empty for a query with `or`. */
export const toNameText = (
  { branches }: ParsedQuery,
  corrections: Corrections = new Map(),
): string =>
  branches.length > 1
    ? ''
    : branches
        .flat()
        .filter((term) => !term.isNegated)
        .flatMap(({ words }) => words.map((word) => corrections.get(word)?.[0] ?? word))
        .join(' ')

/** Words that may be typing errors: single words of 4 to 40 characters. */
export const listCorrectableWords = ({ branches }: ParsedQuery): string[] => [
  ...new Set(
    branches
      .flat()
      .filter(({ isNegated, isQuoted, words }) => !isNegated && !isQuoted && words.length === 1)
      .flatMap(({ words }) => words)
      .filter((word) => word.length >= 4 && word.length <= 40),
  ),
]

const correctionsMax = 3

/**
 * The words of names with the fewest edits from `word`, at most three. An edit adds, drops or replaces a letter, or swaps two.
 * One edit is allowed, two for words of eight letters or more.
 */
export function findNearestWords(word: string, names: readonly string[]): string[] {
  const wordKey = toWordKey(word)
  const editsMax = wordKey.length >= 8 ? 2 : 1
  const editsByWord = new Map<string, number>()
  for (const candidate of new Set(names.flatMap((name) => name.split(' ')))) {
    const edits = isSwapped(wordKey, candidate) ? 1 : distance(wordKey, candidate)
    if (edits <= editsMax && candidate.length >= 4) editsByWord.set(candidate, edits)
  }
  const fewestEdits = Math.min(...editsByWord.values())
  return [...editsByWord]
    .filter(([, edits]) => edits === fewestEdits)
    .map(([candidate]) => candidate)
    .slice(0, correctionsMax)
}

/** Whether the words differ only in two neighbouring letters that are swapped. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const index = [...a].findIndex((letter, position) => letter !== b[position])
  return (
    index >= 0 &&
    a[index] === b[index + 1] &&
    a[index + 1] === b[index] &&
    a.slice(index + 2) === b.slice(index + 2)
  )
}

/** The form in which words are compared, close to the SQL function `fold`: lower case, no accents, ASCII for Latin letters. */
export function toWordKey(word: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whether it is ASCII.
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase()
  return word
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\P{Script=Latin}a-zA-Z]/gu, (letter) => anyAscii(letter))
    .toLowerCase()
}

/** The runs of words that a snippet highlights, as word keys. */
export const listHighlightTerms = (
  { branches }: ParsedQuery,
  corrections: Corrections,
): readonly (readonly string[])[] =>
  branches
    .flat()
    .filter((term) => !term.isNegated)
    .flatMap((term) => listAlternatives(term, corrections))
    .map((words) => words.map(toWordKey))
