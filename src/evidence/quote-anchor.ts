import { findNearestSpans, takeDisjoint } from './nearest-spans.ts'
import { type IndexedText, indexText, normaliseText } from './text.ts'

/** How a caller points at a passage (W3C Web Annotation Data Model, 4.2.4, Text Quote Selector). */
export type QuoteSelector = {
  quote: string
  /** Must stand directly before the quote. Narrows the choice where a quote stands often. */
  prefix?: string | undefined
  /** Must stand directly after the quote. */
  suffix?: string | undefined
}

/** Offsets in code points from 0, `end` exclusive (W3C Web Annotation Data Model, 4.2.5). */
export type Span = { start: number; end: number }

/** A place in a text with its words: `prefix` and `suffix` are the up to 32 code points beside. */
export type Passage = Span & { quote: string; prefix: string; suffix: string }

/** What became of a quote; `anchor` says when it is which. */
export type AnchorResult =
  | { state: 'anchored'; passage: Passage }
  | { state: 'missing'; nearest: (Passage & { similarity: number })[] }
  | { state: 'ambiguous'; passages: Passage[]; total: number }
  | { state: 'boilerplate'; passage: Passage }

/** Whether a citation is still borne out by its text; if not, why not, and what stands there. */
export type CitationCheck = { holds: true } | { holds: false; reason: string; found: string }

const contextLengthMax = 32
const passagesMax = 20
const nearestMax = 3
const contextsComparedMax = 1_000

/**
 * Finds where a quote stands, comparing code point by code point after `normaliseText` has put
 * quote, prefix and suffix into the form of a body. Occurrences may overlap. An occurrence counts
 * as uncitable as soon as it shares one code point with an uncitable span.
 *
 * - `anchored`: one citable occurrence has this prefix and suffix, and perhaps uncitable ones.
 * - `ambiguous`: several have; the first 20 of `total`, in the order of the text.
 * - `boilerplate`: only uncitable ones have; the first of them.
 * - `missing`: none has. `nearest` lists at most 3 citable passages, none overlapping, best first:
 *   those with these very words beside another prefix or suffix (similarity 1), or else those that
 *   `nearestSpans` finds.
 *
 * @throws {RangeError} for an empty quote, for what `normaliseText` refuses, and for an uncitable
 * span that lies outside the text.
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
 * Compares a stored citation with its text, code point by code point and with nothing normalised.
 * Holds for every passage that `anchor` gives as anchored or ambiguous. Where it does not hold,
 * `found` is what stands at the offsets (or, of a wrong prefix or suffix, what stands beside them);
 * empty if the offsets are not in the text.
 *
 * @throws {RangeError} for an uncitable span that lies outside the text.
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
    return { holds: false, reason: 'Other words stand at the offsets of the quote.', found }
  }
  if (!text.text.endsWith(prefix, from)) {
    const before = text.slice(Math.max(0, start - indexText(prefix).length), start)
    return { holds: false, reason: 'Other words stand before the quote.', found: before }
  }
  if (!text.text.startsWith(suffix, to)) {
    const after = text.slice(end, Math.min(text.length, end + indexText(suffix).length))
    return { holds: false, reason: 'Other words stand after the quote.', found: after }
  }
  if (!createCitableTest(text, uncitable)(from, to)) {
    return { holds: false, reason: 'The quote stands in a part that may not be cited.', found }
  }
  return { holds: true }
}

/** `from` and `to` are UTF-16 offsets on the borders of characters. */
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

/** A quote rarely stands more often; that many are found by the platform, at a tenth of the cost. */
const indexOfHitsMax = 16
/** For longer ones `indexOf` may compare the same signs over and over. */
const indexOfLengthMax = 1_000

/** Every UTF-16 offset at which `wanted` stands, ascending, overlapping ones too. */
function findOccurrences(text: string, wanted: string): number[] {
  if (wanted.length > indexOfLengthMax) return findOccurrencesKmp(text, wanted, 0)
  const found: number[] = []
  for (let from = 0; found.length < indexOfHitsMax; ) {
    const at = text.indexOf(wanted, from)
    if (at < 0) return found
    found.push(at)
    from = at + 1
  }
  return found.concat(findOccurrencesKmp(text, wanted, (found.at(-1) ?? 0) + 1))
}

/**
 * Those from an offset on. Knuth, Morris and Pratt's search: linear even where both repeat themselves, which `indexOf` in
 * a loop is not.
 */
function findOccurrencesKmp(text: string, wanted: string, begin: number): number[] {
  /** At i: how long the longest proper beginning of `wanted` is that also ends its first i + 1. */
  const borders = new Uint32Array(wanted.length)
  for (let i = 1, border = 0; i < wanted.length; i += 1) {
    while (border > 0 && wanted.charCodeAt(i) !== wanted.charCodeAt(border)) {
      border = borders[border - 1] ?? 0
    }
    if (wanted.charCodeAt(i) === wanted.charCodeAt(border)) border += 1
    borders[i] = border
  }
  const found: number[] = []
  for (let i = begin, matched = 0; i < text.length; i += 1) {
    while (matched > 0 && text.charCodeAt(i) !== wanted.charCodeAt(matched)) {
      matched = borders[matched - 1] ?? 0
    }
    if (text.charCodeAt(i) === wanted.charCodeAt(matched)) matched += 1
    if (matched < wanted.length) continue
    found.push(i + 1 - matched)
    matched = borders[matched - 1] ?? 0
  }
  return found
}

/** Answers, for UTF-16 offsets, whether a span shares nothing with any of the uncitable ones. */
function createCitableTest(text: IndexedText, uncitable: readonly Span[]) {
  const spans = uncitable
    .map(({ start, end }) => ({ from: text.toUnits(start), to: text.toUnits(end) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  /** At i: the furthest end among the spans up to the i-th, since they may overlap. */
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

/** The occurrences, at most 3, whose surroundings share most with the wanted ones; best first. */
function rankByContext(
  text: string,
  starts: number[],
  { quote, prefix, suffix }: { quote: string; prefix: string; suffix: string },
) {
  const shared = (start: number): number => {
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
    .map((start) => ({ start, shared: shared(start) }))
    .sort((a, b) => b.shared - a.shared || a.start - b.start)
  const spans = ranked.map(({ start }) => ({ start, end: start + quote.length, similarity: 1 }))
  return takeDisjoint(spans, nearestMax)
}
