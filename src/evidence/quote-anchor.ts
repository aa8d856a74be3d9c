import { findNearestSpans, takeDisjoint } from './nearest-spans.ts'
import { type IndexedText, indexText, normaliseText } from './text.ts'

/** Selects a passage (W3C Web Annotation Data Model, 4.2.4, Text Quote Selector). */
export type QuoteSelector = {
  quote: string
  /** The text directly before the quote. Distinguishes several occurrences of the quote. */
  prefix?: string | undefined
  /** The text directly after the quote. */
  suffix?: string | undefined
}

/** Offsets in code points from 0, `end` exclusive (W3C Web Annotation Data Model, 4.2.5). */
export type Span = { start: number; end: number }

/** A span with its text. `prefix` and `suffix` are up to 32 code points before and after it. */
export type Passage = Span & { quote: string; prefix: string; suffix: string }

/** The result of `anchorQuote`, which documents the states. */
export type AnchorResult =
  | { state: 'anchored'; passage: Passage }
  | { state: 'missing'; nearest: (Passage & { similarity: number })[] }
  | { state: 'ambiguous'; passages: Passage[]; total: number }
  | { state: 'boilerplate'; passage: Passage }

/** Whether a citation still matches its text; if not, the reason and the text at its offsets. */
export type CitationCheck = { holds: true } | { holds: false; reason: string; found: string }

const contextLengthMax = 32
const passagesMax = 20
const nearestMax = 3
const contextsComparedMax = 1_000

/**
 * Finds a quote in a text. Normalises quote, prefix and suffix with `normaliseText`, then compares
 * code points exactly. Occurrences may overlap. An occurrence is uncitable if it shares at least one
 * code point with an uncitable span.
 *
 * - `anchored`: exactly one citable occurrence has this prefix and suffix.
 * - `ambiguous`: several have; `passages` are the first 20 of `total`, in the order of the text.
 * - `boilerplate`: only uncitable occurrences have; `passage` is the first.
 * - `missing`: no occurrence has. `nearest` lists at most 3 citable passages without overlaps, best
 *   first: those with the same words and another prefix or suffix (similarity 1), or else those of
 *   `findNearestSpans`.
 *
 * @throws {RangeError} for an empty quote, for a text that `normaliseText` refuses, and for an
 * uncitable span outside the text.
 */
export function anchorQuote(
  text: IndexedText,
  selector: QuoteSelector,
  uncitable: readonly Span[],
): AnchorResult {
  const quote = normaliseText(selector.quote)
  if (quote === '') throw new RangeError('The quote is empty.')
  const prefix = normaliseText(selector.prefix ?? '')
  const suffix = normaliseText(selector.suffix ?? '')
  const isCitable = createCitableTest(text, uncitable)
  const passageAt = (unit: number) => buildPassage(text, unit, unit + quote.length)

  const matchStarts = findOccurrences(text.text, prefix + quote + suffix).map(
    (at) => at + prefix.length,
  )
  const citableStarts = matchStarts.filter((at) => isCitable(at, at + quote.length))
  const [first] = citableStarts
  if (first !== undefined) {
    if (citableStarts.length === 1) return { state: 'anchored', passage: passageAt(first) }
    const passages = citableStarts.slice(0, passagesMax).map(passageAt)
    return { state: 'ambiguous', passages, total: citableStarts.length }
  }
  const [uncitableStart] = matchStarts
  if (uncitableStart !== undefined)
    return { state: 'boilerplate', passage: passageAt(uncitableStart) }

  const quoteStarts = findOccurrences(text.text, quote).filter((at) =>
    isCitable(at, at + quote.length),
  )
  const nearestMatches =
    quoteStarts.length > 0
      ? rankByContext(text.text, quoteStarts.slice(0, contextsComparedMax), {
          quote,
          prefix,
          suffix,
        })
      : findNearestSpans(text.text, quote, nearestMax, isCitable)
  return {
    state: 'missing',
    nearest: nearestMatches.map(({ start, end, similarity }) => ({
      ...buildPassage(text, start, end),
      similarity,
    })),
  }
}

/**
 * Compares a stored citation with its text, code point by code point and without normalisation.
 * Holds for every passage that `anchorQuote` returns as anchored or ambiguous. If it does not hold,
 * `found` is the text at the offsets (for a wrong prefix or suffix, the text beside them), or empty
 * if the offsets are outside the text.
 *
 * @throws {RangeError} for an uncitable span outside the text.
 */
export function checkCitation(
  text: IndexedText,
  citation: Passage,
  uncitable: readonly Span[],
): CitationCheck {
  const { start, end, quote, prefix, suffix } = citation
  const areOffsets = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end
  if (!areOffsets || end > text.length) {
    const reason = `The text has ${text.length} code points, and no span from ${start} to ${end}.`
    return { holds: false, reason, found: '' }
  }
  const from = text.toUnits(start)
  const to = text.toUnits(end)
  const found = text.text.slice(from, to)
  if (found !== quote) {
    return { holds: false, reason: 'The text at the offsets differs from the quote.', found }
  }
  if (!text.text.endsWith(prefix, from)) {
    const before = text.slice(Math.max(0, start - indexText(prefix).length), start)
    return {
      holds: false,
      reason: 'The text before the quote differs from the prefix.',
      found: before,
    }
  }
  if (!text.text.startsWith(suffix, to)) {
    const after = text.slice(end, Math.min(text.length, end + indexText(suffix).length))
    return {
      holds: false,
      reason: 'The text after the quote differs from the suffix.',
      found: after,
    }
  }
  if (!createCitableTest(text, uncitable)(from, to)) {
    return { holds: false, reason: 'The quote is in a part that cannot be cited.', found }
  }
  return { holds: true }
}

/** `from` and `to` are UTF-16 offsets that do not split a surrogate pair. */
function buildPassage(text: IndexedText, from: number, to: number): Passage {
  const start = text.toCodePoints(from)
  const end = text.toCodePoints(to)
  return {
    start,
    end,
    quote: text.text.slice(from, to),
    prefix: text.slice(Math.max(0, start - contextLengthMax), start),
    suffix: text.slice(end, Math.min(text.length, end + contextLengthMax)),
  }
}

/** `indexOf` is ten times as fast. A quote rarely occurs more often than this. */
const indexOfHitsMax = 16
/** In UTF-16 units. For a longer quote `indexOf` may compare the same characters many times. */
const indexOfLengthMax = 1_000

/** Every UTF-16 offset at which `pattern` occurs, ascending, overlapping occurrences included. */
function findOccurrences(text: string, pattern: string): number[] {
  if (pattern.length > indexOfLengthMax) return findOccurrencesKmp(text, pattern, 0)
  const offsets: number[] = []
  for (let from = 0; offsets.length < indexOfHitsMax; ) {
    const offset = text.indexOf(pattern, from)
    if (offset < 0) return offsets
    offsets.push(offset)
    from = offset + 1
  }
  return offsets.concat(findOccurrencesKmp(text, pattern, (offsets.at(-1) ?? 0) + 1))
}

/**
 * The occurrences from an offset on, by the algorithm of Knuth, Morris and Pratt: linear even for
 * repetitive texts and patterns, unlike `indexOf` in a loop.
 */
function findOccurrencesKmp(text: string, pattern: string, begin: number): number[] {
  /** At i: the length of the longest proper prefix of `pattern` that is a suffix of its first i + 1 units. */
  const borders = new Uint32Array(pattern.length)
  for (let i = 1, border = 0; i < pattern.length; i += 1) {
    while (border > 0 && pattern.charCodeAt(i) !== pattern.charCodeAt(border)) {
      border = borders[border - 1] ?? 0
    }
    if (pattern.charCodeAt(i) === pattern.charCodeAt(border)) border += 1
    borders[i] = border
  }
  const offsets: number[] = []
  for (let i = begin, matched = 0; i < text.length; i += 1) {
    while (matched > 0 && text.charCodeAt(i) !== pattern.charCodeAt(matched)) {
      matched = borders[matched - 1] ?? 0
    }
    if (text.charCodeAt(i) === pattern.charCodeAt(matched)) matched += 1
    if (matched < pattern.length) continue
    offsets.push(i + 1 - matched)
    matched = borders[matched - 1] ?? 0
  }
  return offsets
}

/** Returns a function that tells whether a span, in UTF-16 offsets, overlaps no uncitable span. */
function createCitableTest(text: IndexedText, uncitable: readonly Span[]) {
  const spans = uncitable
    .map(({ start, end }) => ({ from: text.toUnits(start), to: text.toUnits(end) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  /** At i: the furthest end of the spans up to the i-th, because spans may overlap. */
  const furthestEnds: number[] = []
  for (const { to } of spans) furthestEnds.push(Math.max(to, furthestEnds.at(-1) ?? 0))

  return (from: number, to: number): boolean => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((spans[middle]?.from ?? 0) < to) low = middle + 1
      else high = middle
    }
    return (furthestEnds[low - 1] ?? 0) <= from
  }
}

/** At most 3 occurrences of a quote, those first whose context has most in common with prefix and suffix. */
function rankByContext(
  text: string,
  starts: number[],
  { quote, prefix, suffix }: { quote: string; prefix: string; suffix: string },
) {
  const countSharedUnits = (start: number): number => {
    let before = 0
    while (before < contextLengthMax && before < prefix.length && before < start) {
      if (text[start - 1 - before] !== prefix[prefix.length - 1 - before]) break
      before += 1
    }
    const end = start + quote.length
    let after = 0
    while (
      after < contextLengthMax &&
      after < suffix.length &&
      text[end + after] === suffix[after]
    ) {
      after += 1
    }
    return before + after
  }
  const ranked = starts
    .map((start) => ({ start, sharedUnits: countSharedUnits(start) }))
    .sort((a, b) => b.sharedUnits - a.sharedUnits || a.start - b.start)
  const spans = ranked.map(({ start }) => ({ start, end: start + quote.length, similarity: 1 }))
  return takeDisjoint(spans, nearestMax)
}
