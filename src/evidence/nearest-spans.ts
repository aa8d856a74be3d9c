import search from 'approx-string-match'
import { distance } from 'fastest-levenshtein'
import { foldText } from './fold.ts'

/** A passage similar to a quote: UTF-16 offsets at word boundaries; `similarity` from 0 to 1. */
type NearMatch = { start: number; end: number; similarity: number }

/** Offsets into the folded text between which a similar passage is likely to start. */
type SearchRegion = { from: number; to: number }

/** In UTF-16 units of the folded quote. For a longer quote nothing is searched. */
const patternLengthMax = 12_000
/** Of a longer quote, only a piece of this length at each end is searched letter by letter. */
const pieceLengthMax = 64
const similarityMin = 0.6

/**
 * Finds the passages most similar to a quote that does not occur verbatim: at most `limit`, best
 * first, without overlaps, and only passages for which `isCitable` returns true.
 *
 * Compares folded texts (`foldText`), so case, accents, spacing and typography do not matter.
 * `similarity` is 1 - (edit distance / length of the longer text), at least 0.6. A similarity of 1
 * means the same letters, not the same code points.
 *
 * Filters, then verifies, so that the time is bounded for any text: `findLikelyRegions` selects a
 * few regions in one pass, and Myers' algorithm (approx-string-match) searches only these. On a
 * whole text that package searches the start of every match again, which takes seconds in a
 * repetitive text. The cost of the filter: a short quote that shares almost no runs of letters with
 * the text is not found.
 */
export function findNearestSpans(
  text: string,
  quote: string,
  limit: number,
  isCitable: (start: number, end: number) => boolean,
): NearMatch[] {
  const body = foldText(text)
  const pattern = foldText(quote).text.trim()
  if (pattern.length === 0 || pattern.length > patternLengthMax) return []

  const matches: NearMatch[] = []
  for (const region of findLikelyRegions(body.text, pattern)) {
    for (const match of findMatchesInRegion(body.text, pattern, region)) {
      const { start, end } = expandToWords(
        text,
        body.starts[match.start] ?? 0,
        body.ends[match.end - 1] ?? 0,
      )
      if (start >= end || !isCitable(start, end)) continue
      const words = foldText(text.slice(start, end)).text
      const longer = Math.max(words.length, pattern.length)
      const similarity = 1 - distance(words, pattern) / longer
      if (similarity >= similarityMin) matches.push({ start, end, similarity })
    }
  }
  matches.sort((a, b) => b.similarity - a.similarity || a.start - b.start)
  return takeDisjoint(matches, limit)
}

/** Takes spans in the order of the list, skips those that overlap a taken one, stops at `limit`. */
export function takeDisjoint<S extends { start: number; end: number }>(
  spans: readonly S[],
  limit: number,
): S[] {
  const taken: S[] = []
  for (const span of spans) {
    if (taken.length === limit) break
    if (taken.every(({ start, end }) => span.end <= start || end <= span.start)) taken.push(span)
  }
  return taken
}

/** The allowed number of edits: a share of 0.4; 0.25 for a short text, where more would be chance. */
const computeErrorsMax = (length: number): number => Math.floor(length * (length < 12 ? 0.25 : 0.4))

/**
 * Where the pattern may start, likeliest first. Every n-gram of 3 letters (fewer for a short
 * pattern) that text and pattern share votes for the start that it implies. Starts are counted in
 * bands as wide as the allowed errors; a region is two adjacent bands. A match with k errors keeps
 * all n-grams but 3k (Ukkonen's q-gram lemma), so regions with fewer votes are skipped.
 */
function findLikelyRegions(body: string, pattern: string): SearchRegion[] {
  const size = pattern.length < 12 ? Math.min(2, pattern.length) : 3
  const errors = computeErrorsMax(pattern.length)
  const width = Math.max(4, errors)
  const regionsMax = Math.min(512, Math.max(3, Math.floor(4_096 / pattern.length)))
  const ngrams = indexNgrams(pattern, size)

  // The start may be before the text, if the beginning of the match is missing: shift the bands.
  const votes = new Uint32Array(Math.ceil((body.length + pattern.length) / width) + 1)
  for (let at = 0; at + size <= body.length; at += 1) {
    for (const patternOffset of ngrams.positions[hashNgram(body, at, size)] ?? []) {
      const band = Math.floor((at - patternOffset + pattern.length) / width)
      votes[band] = (votes[band] ?? 0) + 1
    }
  }

  const votesMin = Math.max(1, ngrams.count - errors * size)
  const bands: { band: number; votes: number }[] = []
  for (let band = 0; band + 1 < votes.length; band += 1) {
    const sum = (votes[band] ?? 0) + (votes[band + 1] ?? 0)
    if (sum >= votesMin) bands.push({ band, votes: sum })
  }
  bands.sort((a, b) => b.votes - a.votes || a.band - b.band)

  const takenBands = new Set<number>()
  const regions: SearchRegion[] = []
  for (const { band } of bands) {
    if (regions.length === regionsMax) break
    if (takenBands.has(band - 1) || takenBands.has(band + 1)) continue
    takenBands.add(band)
    const from = band * width - pattern.length
    regions.push({ from, to: from + 2 * width })
  }
  return regions
}

/** The positions of the n-grams of a pattern by hash, at most the first 8 for each hash. */
function indexNgrams(pattern: string, size: number) {
  const positions: (number[] | undefined)[] = Array.from({ length: 2 ** 16 })
  let count = 0
  for (let at = 0; at + size <= pattern.length; at += 1) {
    const hash = hashNgram(pattern, at, size)
    const hashPositions = positions[hash] ?? []
    if (hashPositions.length === 8) continue
    hashPositions.push(at)
    positions[hash] = hashPositions
    count += 1
  }
  return { positions, count }
}

/** 16 bits. A hash collision only costs a wasted vote. */
function hashNgram(text: string, at: number, size: number): number {
  let hash = 0
  for (let i = at; i < at + size; i += 1) hash = Math.imul(hash, 0x9e3b) + text.charCodeAt(i)
  return (hash ^ (hash >>> 16)) & 0xffff
}

/** At most 8 candidate spans of the folded text. */
function findMatchesInRegion(body: string, pattern: string, region: SearchRegion) {
  const errors = computeErrorsMax(Math.min(pattern.length, pieceLengthMax))
  const head = pattern.slice(0, pieceLengthMax)
  const heads = searchPiece(body, head, region.from - errors, region.to + head.length + errors)
  if (pattern.length <= pieceLengthMax) return heads.slice(0, 8)

  // Of a long quote only the two ends are searched; the caller compares the whole passage.
  const start = heads[0]?.start ?? Math.max(0, Math.floor((region.from + region.to) / 2))
  const expectedEnd = Math.min(body.length, start + pattern.length)
  const slack = Math.min(512, computeErrorsMax(pattern.length))
  const tails = searchPiece(
    body,
    pattern.slice(-pieceLengthMax),
    expectedEnd - pieceLengthMax - slack,
    expectedEnd + slack,
  )
  const deviation = ({ end }: { end: number }) => Math.abs(end - expectedEnd)
  const end = tails.sort((a, b) => deviation(a) - deviation(b))[0]?.end ?? expectedEnd
  return start < end ? [{ start, end }] : []
}

/** The matches of a piece with the fewest errors, from `from` to before `to` of the text. */
function searchPiece(body: string, piece: string, from: number, to: number) {
  const offset = Math.max(0, from)
  return search(
    body.slice(offset, Math.max(offset, to)),
    piece,
    computeErrorsMax(piece.length),
  ).map(({ start, end }) => ({ start: start + offset, end: end + offset }))
}

/** Created on first use, because it loads tables that would slow down the start of the program. */
let segmenter: Intl.Segmenter | undefined
const wordLengthMax = 64

/**
 * Trims white space at both ends of a span and extends the span to whole words (UAX #29) of at most
 * 64 units.
 */
function expandToWords(text: string, start: number, end: number) {
  const passage = text.slice(start, end)
  const from = start + passage.length - passage.trimStart().length
  const to = end - (passage.length - passage.trimEnd().length)
  if (from >= to) return { start: from, end: from }
  return { start: findWordAt(text, from)?.start ?? from, end: findWordAt(text, to - 1)?.end ?? to }
}

/** The word at a UTF-16 offset; null where there is none, or one of more than 64 units. */
function findWordAt(text: string, at: number): { start: number; end: number } | null {
  const from = Math.max(0, at - wordLengthMax)
  const to = Math.min(text.length, at + wordLengthMax)
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' })
  const segment = segmenter.segment(text.slice(from, to)).containing(at - from)
  if (!segment?.isWordLike) return null
  const start = from + segment.index
  const end = start + segment.segment.length
  const isTruncated = (start === from && from > 0) || (end === to && to < text.length)
  return isTruncated ? null : { start, end }
}
