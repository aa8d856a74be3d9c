import anyAscii from 'any-ascii'
import { distance } from 'fastest-levenshtein'
import { Problem } from '../../problem.ts'

/** One word, or several that must stand side by side. */
type Term = { words: readonly string[]; isNegated: boolean; isQuoted: boolean }

/** What was asked for: any of the branches, of each all terms. Every branch has a term that is not negated. */
export type ParsedQuery = { branches: readonly (readonly Term[])[] }

const wordsMax = 50

/** Runs of letters and digits, as PostgreSQL's parser is made to see them (`search_words` in the migrations). */
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu

/**
 * Reads a query as `websearch_to_tsquery` does: words are joined by "and", which binds closer than `or`; a hyphen before
 * a word or phrase negates it; a quotation mark that is never closed reaches to the end. What is composed of several words
 * (`MX-15D`) is a phrase.
 *
 * @throws {Problem} invalid-request without a word to look for, or with more than 50
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
  const found = branches.filter((terms) => terms.some((term) => !term.isNegated))
  const count = found.flat().reduce((sum, { words }) => sum + words.length, 0)
  if (count === 0) throw invalidQuery('give at least one word to look for; -word only takes away')
  if (count > wordsMax)
    throw invalidQuery(`at most ${wordsMax} words are looked for; there are ${count}`)
  return { branches: found }
}

const invalidQuery = (detail: string): Problem =>
  new Problem('invalid-request', `/query/q: ${detail}`, {
    errors: [{ pointer: '/query/q', detail }],
  })

/** What is looked for in the place of a word that stands nowhere. */
export type Corrections = ReadonlyMap<string, readonly string[]>

/** The words of a term with what counts as the same: corrections, or singular and plural. */
function listVariants(term: Term, corrections: Corrections): readonly string[] {
  const [word = '', ...more] = term.words
  if (more.length > 0 || term.isQuoted) return []
  const corrected = corrections.get(word)
  if (corrected) return corrected
  if (!/^[a-z]{4,}$/i.test(word)) return []
  return /[^s]s$/i.test(word) ? [word, word.slice(0, -1)] : [word, `${word}s`]
}

/**
 * The mark around a word in what `toTsquery` gives: it cannot stand in a word, nor come out of folding one. The statement
 * turns it into the apostrophe that PostgreSQL expects.
 */
const quoteMark = '\u0001'
const quoteWords = (words: readonly string[]): string =>
  `${quoteMark}${words.join(' ')}${quoteMark}`

/** The query in PostgreSQL's own form (`to_tsquery`), before folding. */
export function toTsquery({ branches }: ParsedQuery, corrections: Corrections = new Map()): string {
  const branchQueries = branches.map((terms) =>
    terms
      .map((term) => {
        const same = listVariants(term, corrections)
        const any =
          same.length > 0 ? same.map((one) => quoteWords([one])) : [quoteWords(term.words)]
        return `${term.isNegated ? '!' : ''}(${any.join(' | ')})`
      })
      .join(' & '),
  )
  return branchQueries.map((branch) => `(${branch})`).join(' | ')
}

/** The words as they would stand in a name: all that are asked for, in order. */
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

/** Words of which a typing error can be made: single, of four letters or more. */
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
 * The words of names that someone most likely meant: one edit away (letter missing, added, other, or two swapped), from
 * eight letters on also two. Those the fewest edits away, at most three.
 */
export function findNearestWords(word: string, names: readonly string[]): string[] {
  const wantedKey = toWordKey(word)
  const editsMax = wantedKey.length >= 8 ? 2 : 1
  const editsByWord = new Map<string, number>()
  for (const candidate of new Set(names.flatMap((name) => name.split(' ')))) {
    const edits = isSwapped(wantedKey, candidate) ? 1 : distance(wantedKey, candidate)
    if (edits <= editsMax && candidate.length >= 4) editsByWord.set(candidate, edits)
  }
  const fewest = Math.min(...editsByWord.values())
  return [...editsByWord]
    .flatMap(([one, edits]) => (edits === fewest ? [one] : []))
    .slice(0, correctionsMax)
}

/** Whether two neighbouring letters have changed places, and nothing else. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const at = [...a].findIndex((letter, index) => letter !== b[index])
  return (
    at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  )
}

/** A word as it compares, close to PostgreSQL's `fold`: lower case, without accents, Latin letters as in English. */
export function toWordKey(word: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whether it is ASCII.
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase()
  return word
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\P{Script=Latin}a-zA-Z]/gu, (letter) => anyAscii(letter))
    .toLowerCase()
}

/** What a snippet highlights: runs of words, each as compared. */
export const listHighlightTerms = (
  { branches }: ParsedQuery,
  corrections: Corrections,
): readonly (readonly string[])[] =>
  branches
    .flat()
    .filter((term) => !term.isNegated)
    .flatMap((term) => {
      const same = listVariants(term, corrections)
      return same.length > 0 ? same.map((one) => [one]) : [term.words]
    })
    .map((words) => words.map(toWordKey))
