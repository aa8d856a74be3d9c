import { indexText } from '../../evidence/text.ts'
import { wordKey, wordPattern } from './rules.ts'

/** A stretch of a text in UTF-16 units. */
type Range = { start: number; end: number }
type Match = Range & { term: number }

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
const contextMax = 32
const contextLimit = 2_000

/** Where the words stand: each run of words, in order. */
function matchesIn(text: string, terms: readonly (readonly string[])[]): Match[] {
  const words = [...text.matchAll(wordPattern)].map(({ 0: word, index }) => ({
    ...{ key: wordKey(word), start: index },
    end: index + word.length,
  }))
  const matches: Match[] = []
  const byFirst = Map.groupBy(
    terms.map((keys, term) => ({ keys, term })),
    ({ keys }) => keys[0],
  )
  for (const [at, first] of words.entries())
    for (const { keys, term } of byFirst.get(first.key) ?? []) {
      const last = words[at + keys.length - 1]
      if (last && keys.every((key, step) => words[at + step]?.key === key))
        matches.push({ start: first.start, end: last.end, term })
    }
  return matches
}

/**
 * The best stretch of a text, or null when none of the terms stands in it: a whole text when it is short, else a sentence,
 * else as much of it as fits. `within` are the parts of the text that may be shown.
 */
export function excerptOf(
  text: string,
  terms: readonly (readonly string[])[],
  within: readonly Range[] = [{ start: 0, end: text.length }],
): Excerpt | null {
  const matches = matchesIn(text, terms)
  let best: { range: Range; inside: Match[]; terms: number } | null = null
  for (const match of matches) {
    const part = within.find(({ start, end }) => start <= match.start && match.end <= end)
    if (part === undefined || (best && match.end <= best.range.end)) continue
    const range = around(text, match, part)
    const inside = matches.filter(({ start, end }) => range.start <= start && end <= range.end)
    const count = new Set(inside.map(({ term }) => term)).size
    if (best === null || count > best.terms) best = { range, inside, terms: count }
  }
  if (best === null) return null
  const { start, end } = best.range
  const excerpt = indexText(text.slice(start, end))
  return {
    ...{ start, end, text: excerpt.text, terms: best.terms },
    highlights: merged(best.inside).map((one) => ({
      start: excerpt.toCodePoints(one.start - start),
      end: excerpt.toCodePoints(one.end - start),
    })),
  }
}

/** The sentences around a match, as many as fit; white space at the ends is left out. */
function around(text: string, match: Match, part: Range): Range {
  const room = Math.max(0, excerptMax - (match.end - match.start))
  let start = part.start
  let end = part.end
  if (end - start > excerptMax) {
    const before = text.slice(Math.max(start, match.start - room), match.start)
    const after = text.slice(match.end, Math.min(end, match.end + room))
    const sentence = Math.max(before.lastIndexOf('\n') + 1, lastSentenceEnd(before))
    const reachesStart = match.start - before.length === part.start
    start =
      match.start - before.length + (sentence > 0 || reachesStart ? sentence : wordStart(before))
    const left = Math.max(0, excerptMax - (match.end - start))
    const rest = after.slice(0, left)
    const line = rest.indexOf('\n')
    const stop = line >= 0 ? line : firstSentenceEnd(rest)
    const reachesEnd = match.end + rest.length === part.end
    end = match.end + (stop >= 0 ? stop : reachesEnd ? rest.length : wordEnd(rest))
  }
  while (start < match.start && /\s/.test(text[start] ?? '')) start += 1
  while (end > match.end && /\s/.test(text[end - 1] ?? '')) end -= 1
  return { start, end }
}

const lastSentenceEnd = (text: string): number => {
  let at = 0
  for (const { 0: stop, index } of text.matchAll(/[.!?]["”’)]*\s+(?=\p{Lu})/gu))
    at = index + stop.length
  return at
}
const firstSentenceEnd = (text: string): number => {
  const found = /[.!?]["”’)]*(?=\s|$)/u.exec(text)
  return found ? found.index + found[0].length : -1
}
/** The first word that is whole, and the end of the last one, in a text that was cut somewhere. */
const wordStart = (text: string): number => Math.max(0, text.search(/\s/) + 1)
const wordEnd = (text: string): number => Math.max(0, text.search(/\s\S*$/))

function merged(ranges: readonly Range[]): Range[] {
  const all: Range[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else all.push({ start, end })
  }
  return all
}

/** The words directly before and after, as many as it takes to tell the passage from others like it. */
export function contextOf(text: string, { start, end }: Range): { prefix: string; suffix: string } {
  for (let length = contextMax; ; length *= 4) {
    const prefix = text.slice(wellFormed(text, Math.max(0, start - length)), start)
    const suffix = text.slice(end, wellFormed(text, Math.min(text.length, end + length)))
    const whole = prefix + text.slice(start, end) + suffix
    if (length >= contextLimit || text.indexOf(whole) === text.lastIndexOf(whole))
      return { prefix, suffix }
  }
}

/** Never between the halves of a surrogate pair. */
const wellFormed = (text: string, at: number): number =>
  /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at
