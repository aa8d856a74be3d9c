import { indexText } from '../../evidence/text.ts'
import { toWordKey } from './rules.ts'

/** In UTF-16 units, `end` exclusive. */
type UnitRange = { start: number; end: number }
/** `term`: index of the term. */
type TermMatch = UnitRange & { term: number }

export type Excerpt = {
  /** In UTF-16 units of the whole text. */
  start: number
  end: number
  text: string
  /** In code points of `text`. */
  highlights: { start: number; end: number }[]
  /** Number of different terms that it contains. */
  terms: number
}

/** All three in UTF-16 units. */
const excerptMax = 320
const initialContextLength = 32
const contextLengthMax = 2_000

/** Start and end of each word, in UTF-16 units. It creates no strings, because bodies are long. */
function findWords(text: string): { starts: number[]; ends: number[]; isAscii: boolean[] } {
  const words = { starts: [] as number[], ends: [] as number[], isAscii: [] as boolean[] }
  let start = -1
  let isAscii = true
  for (let index = 0; index <= text.length; index += 1) {
    const code = text.charCodeAt(index)
    const isWord = code < 128 ? isAsciiWordCode(code) : isNonAsciiWordUnit(text, index)
    if (isWord) {
      if (start < 0) start = index
      if (code >= 128) isAscii = false
    } else if (start >= 0) {
      words.starts.push(start)
      words.ends.push(index)
      words.isAscii.push(isAscii)
      start = -1
      isAscii = true
    }
  }
  return words
}

/** A to Z, a to z, 0 to 9. */
const isAsciiWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)

const wordCharacter = /[\p{L}\p{N}\p{M}]/u

/** Each half of a surrogate pair counts as the character of the pair. */
function isNonAsciiWordUnit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  const isLow = code >= 0xdc00 && code <= 0xdfff
  const character = text.codePointAt(isLow ? index - 1 : index)
  return character !== undefined && wordCharacter.test(String.fromCodePoint(character))
}

/** All occurrences of the terms, in order. */
function findMatches(text: string, terms: readonly (readonly string[])[]): TermMatch[] {
  const { starts, ends, isAscii } = findWords(text)
  const getKey = (word: number): string => toWordKey(text.slice(starts[word], ends[word]))
  const lengths = new Set(terms.map(([first]) => first?.length))
  const matches: TermMatch[] = []
  for (let word = 0; word < starts.length; word += 1) {
    const start = starts[word] ?? 0
    // Most words do not have the length of any searched word. Folding can change the length of other than ASCII words.
    if (isAscii[word] && !lengths.has((ends[word] ?? 0) - start)) continue
    const firstKey = getKey(word)
    for (const [term, keys] of terms.entries()) {
      if (keys[0] !== firstKey) continue
      const last = word + keys.length - 1
      if (
        last < starts.length &&
        keys.every((key, offset) => offset === 0 || getKey(word + offset) === key)
      )
        matches.push({ start, end: ends[last] ?? 0, term })
    }
  }
  return matches
}

/**
 * The excerpt with the most different terms: the whole text if it is short, otherwise a sentence, or the part of it that fits.
 * Null if no term occurs.
 *
 * @param allowedRanges the parts of the text that may be shown, in UTF-16 units
 */
export function findExcerpt(
  text: string,
  terms: readonly (readonly string[])[],
  allowedRanges: readonly UnitRange[] = [{ start: 0, end: text.length }],
): Excerpt | null {
  const matches = findMatches(text, terms)
  let best: { range: UnitRange; inside: TermMatch[]; terms: number } | null = null
  for (const match of matches) {
    const part = allowedRanges.find(({ start, end }) => start <= match.start && match.end <= end)
    if (part === undefined || (best && match.end <= best.range.end)) continue
    const range = expandToSentences(text, match, part)
    const inside = matches.filter(({ start, end }) => range.start <= start && end <= range.end)
    const count = new Set(inside.map(({ term }) => term)).size
    if (best === null || count > best.terms) best = { range, inside, terms: count }
  }
  if (best === null) return null
  const { start, end } = best.range
  const excerpt = indexText(text.slice(start, end))
  return {
    start,
    end,
    text: excerpt.text,
    terms: best.terms,
    highlights: mergeRanges(best.inside).map((range) => ({
      start: excerpt.toCodePoints(range.start - start),
      end: excerpt.toCodePoints(range.end - start),
    })),
  }
}

/** The sentence of a match, or the part of it that fits into an excerpt, without white space at the ends. */
function expandToSentences(text: string, match: TermMatch, allowedRange: UnitRange): UnitRange {
  let { start, end } = allowedRange
  if (end - start > excerptMax) {
    start = findExcerptStart(text, match, allowedRange)
    end = findExcerptEnd(text, start, match, allowedRange)
  }
  while (start < match.start && /\s/.test(text[start] ?? '')) start += 1
  while (end > match.end && /\s/.test(text[end - 1] ?? '')) end -= 1
  return { start, end }
}

function findExcerptStart(text: string, match: TermMatch, allowedRange: UnitRange): number {
  const availableUnits = Math.max(0, excerptMax - (match.end - match.start))
  const from = Math.max(allowedRange.start, match.start - availableUnits)
  const before = text.slice(from, match.start)
  const sentenceStart = Math.max(before.lastIndexOf('\n') + 1, findLastSentenceStart(before))
  return sentenceStart > 0 || from === allowedRange.start
    ? from + sentenceStart
    : from + findFirstWordStart(before)
}

function findExcerptEnd(
  text: string,
  start: number,
  match: TermMatch,
  allowedRange: UnitRange,
): number {
  const availableUnits = Math.max(0, excerptMax - (match.end - start))
  const to = Math.min(allowedRange.end, match.end + availableUnits)
  const after = text.slice(match.end, to)
  const lineEnd = after.indexOf('\n')
  const sentenceEnd = lineEnd >= 0 ? lineEnd : findFirstSentenceEnd(after)
  if (sentenceEnd >= 0) return match.end + sentenceEnd
  return to === allowedRange.end ? to : match.end + findLastWordEnd(after)
}

/** The start of the last sentence; 0 if the text contains no end of a sentence. */
const findLastSentenceStart = (text: string): number => {
  let sentenceStart = 0
  for (const { 0: stop, index } of text.matchAll(/[.!?]["”’)]*\s+(?=\p{Lu})/gu))
    sentenceStart = index + stop.length
  return sentenceStart
}
/** -1 if the text contains no end of a sentence. */
const findFirstSentenceEnd = (text: string): number => {
  const match = /[.!?]["”’)]*(?=\s|$)/u.exec(text)
  return match ? match.index + match[0].length : -1
}
/** Start of the first complete word and end of the last one, in a text that may begin or end within a word. */
const findFirstWordStart = (text: string): number => Math.max(0, text.search(/\s/) + 1)
const findLastWordEnd = (text: string): number => Math.max(0, text.search(/\s\S*$/))

function mergeRanges(ranges: readonly UnitRange[]): UnitRange[] {
  const merged: UnitRange[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

/** The text before and after a passage, long enough to make it unique in the text, up to a limit. */
export function findContext(
  text: string,
  { start, end }: UnitRange,
): { prefix: string; suffix: string } {
  for (let length = initialContextLength; ; length *= 4) {
    const prefix = text.slice(skipLowSurrogate(text, Math.max(0, start - length)), start)
    const suffix = text.slice(end, skipLowSurrogate(text, Math.min(text.length, end + length)))
    const passage = prefix + text.slice(start, end) + suffix
    if (length >= contextLengthMax || text.indexOf(passage) === text.lastIndexOf(passage))
      return { prefix, suffix }
  }
}

/** Moves an index out of a surrogate pair. */
const skipLowSurrogate = (text: string, index: number): number =>
  /[\udc00-\udfff]/.test(text[index] ?? '') ? index + 1 : index
