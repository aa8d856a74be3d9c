import { indexText } from '../../evidence/text.ts'
import { toWordKey } from './rules.ts'

/** A stretch of a text in UTF-16 units. */
type UnitRange = { start: number; end: number }
type TermMatch = UnitRange & { term: number }

export type Excerpt = {
  /** UTF-16 units of the whole text. */
  start: number
  end: number
  text: string
  /** Code points of `text`. */
  highlights: { start: number; end: number }[]
  /** How many different things that were asked for stand in it. */
  terms: number
}

/** UTF-16 units that an excerpt has at most. */
const excerptMax = 320
const initialContextLength = 32
const contextLengthMax = 2_000

/** Every word of a text, without making a string of it: where it starts and ends, in UTF-16 units. */
function findWords(text: string): { starts: number[]; ends: number[]; isAscii: boolean[] } {
  const words = { starts: [] as number[], ends: [] as number[], isAscii: [] as boolean[] }
  let start = -1
  let ascii = true
  for (let at = 0; at <= text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isWord =
      code < 128
        ? (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
        : isNonAsciiWordUnit(text, at)
    if (isWord) {
      if (start < 0) start = at
      if (code >= 128) ascii = false
    } else if (start >= 0) {
      words.starts.push(start)
      words.ends.push(at)
      words.isAscii.push(ascii)
      start = -1
      ascii = true
    }
  }
  return words
}

const wordCharacter = /[\p{L}\p{N}\p{M}]/u

/** The halves of a surrogate pair are what the pair is. */
function isNonAsciiWordUnit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  const isLow = code >= 0xdc00 && code <= 0xdfff
  const character = text.codePointAt(isLow ? at - 1 : at)
  return character !== undefined && wordCharacter.test(String.fromCodePoint(character))
}

/** Where the words stand: each run of words, in order. */
function findMatches(text: string, terms: readonly (readonly string[])[]): TermMatch[] {
  const { starts, ends, isAscii } = findWords(text)
  const keyOf = (word: number): string => toWordKey(text.slice(starts[word], ends[word]))
  const lengths = new Set(terms.map(([first]) => first?.length))
  const matches: TermMatch[] = []
  for (let word = 0; word < starts.length; word += 1) {
    const start = starts[word] ?? 0
    // Most words are not even of the length of one that is looked for.
    if (isAscii[word] && !lengths.has((ends[word] ?? 0) - start)) continue
    const key = keyOf(word)
    for (const [term, keys] of terms.entries()) {
      if (keys[0] !== key) continue
      const last = word + keys.length - 1
      if (
        last < starts.length &&
        keys.every((one, step) => step === 0 || keyOf(word + step) === one)
      )
        matches.push({ start, end: ends[last] ?? 0, term })
    }
  }
  return matches
}

/**
 * The best stretch of a text, or null when none of the terms stands in it: a whole text when it is short, else a sentence,
 * else as much of it as fits. `within` are the parts of the text that may be shown.
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
    highlights: mergeRanges(best.inside).map((one) => ({
      start: excerpt.toCodePoints(one.start - start),
      end: excerpt.toCodePoints(one.end - start),
    })),
  }
}

/** The sentences around a match, as many as fit; white space at the ends is left out. */
function expandToSentences(text: string, match: TermMatch, allowedRange: UnitRange): UnitRange {
  const unitsLeft = Math.max(0, excerptMax - (match.end - match.start))
  let start = allowedRange.start
  let end = allowedRange.end
  if (end - start > excerptMax) {
    const before = text.slice(Math.max(start, match.start - unitsLeft), match.start)
    const after = text.slice(match.end, Math.min(end, match.end + unitsLeft))
    const sentence = Math.max(before.lastIndexOf('\n') + 1, findLastSentenceEnd(before))
    const reachesStart = match.start - before.length === allowedRange.start
    start =
      match.start -
      before.length +
      (sentence > 0 || reachesStart ? sentence : findFirstWordStart(before))
    const left = Math.max(0, excerptMax - (match.end - start))
    const rest = after.slice(0, left)
    const line = rest.indexOf('\n')
    const stop = line >= 0 ? line : findFirstSentenceEnd(rest)
    const reachesEnd = match.end + rest.length === allowedRange.end
    end = match.end + (stop >= 0 ? stop : reachesEnd ? rest.length : findLastWordEnd(rest))
  }
  while (start < match.start && /\s/.test(text[start] ?? '')) start += 1
  while (end > match.end && /\s/.test(text[end - 1] ?? '')) end -= 1
  return { start, end }
}

const findLastSentenceEnd = (text: string): number => {
  let at = 0
  for (const { 0: stop, index } of text.matchAll(/[.!?]["”’)]*\s+(?=\p{Lu})/gu))
    at = index + stop.length
  return at
}
const findFirstSentenceEnd = (text: string): number => {
  const found = /[.!?]["”’)]*(?=\s|$)/u.exec(text)
  return found ? found.index + found[0].length : -1
}
/** The first word that is whole, and the end of the last one, in a text that was cut somewhere. */
const findFirstWordStart = (text: string): number => Math.max(0, text.search(/\s/) + 1)
const findLastWordEnd = (text: string): number => Math.max(0, text.search(/\s\S*$/))

function mergeRanges(ranges: readonly UnitRange[]): UnitRange[] {
  const all: UnitRange[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else all.push({ start, end })
  }
  return all
}

/** The words directly before and after, as many as it takes to tell the passage from others like it. */
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

/** Never between the halves of a surrogate pair. */
const skipLowSurrogate = (text: string, at: number): number =>
  /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at
