import search from 'approx-string-match'
import { distance } from 'fastest-levenshtein'
import { foldText } from './fold.ts'

/** A passage like a quote: UTF-16 offsets on the borders of words; `similarity` from 0 to 1. */
type NearMatch = { start: number; end: number; similarity: number }

/** Offsets into the folded text, between which a passage is likely to start. */
type SearchRegion = { from: number; to: number }

/** The longest folded quote that is looked for, in UTF-16 units; a longer one has nothing near. */
const patternLengthMax = 12_000
/** How much of a quote's beginning and of its end is searched for letter by letter. */
const pieceLengthMax = 64
const similarityMin = 0.6

/**
 * Finds the passages most like a quote that does not stand in the text word by word: at most
 * `limit`, none overlapping another, best first, all such that `isCitable` holds.
 *
 * Compares after `fold`, so that case, accents, spacing and typography count for nothing.
 * `similarity` is 1 - (edit distance / length of the longer), from 0.6; 1 therefore means the same
 * letters, not the same code points.
 *
 * Filter, then verify, so that the time is bounded whatever the text: `likelyRegions` picks a few
 * places in one pass over the text, and only there Myers' algorithm (approx-string-match) searches.
 * Searching the whole text with it is quick as well, but that package then looks for the start of
 * each match anew, which takes seconds where a text repeats itself. The price of filtering: a short
 * quote that shares next to no letters in a row with the text is not found.
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

/** The first `limit` spans of a list of which none overlaps another, each as early as it can be. */
export function takeDisjoint<S extends { start: number; end: number }>(
  spans: readonly S[],
  limit: number,
): S[] {
  const chosen: S[] = []
  for (const span of spans) {
    if (chosen.length === limit) break
    if (chosen.every(({ start, end }) => span.end <= start || end <= span.start)) chosen.push(span)
  }
  return chosen
}

/** How many letters may differ: 0.4 of them; of a short piece 0.25, so that it means something. */
const computeErrorsMax = (length: number): number => Math.floor(length * (length < 12 ? 0.25 : 0.4))

/**
 * Where the pattern may start, likeliest first. Every run of 3 letters (fewer in a short pattern)
 * that text and pattern share votes for the start that it implies, and starts are counted in bands
 * as wide as the errors allowed; a region is two neighbouring bands. A match with k errors keeps
 * all runs but 3k (Ukkonen's q-gram lemma), so a region with fewer votes is not worth a search.
 */
function findLikelyRegions(body: string, pattern: string): SearchRegion[] {
  const size = pattern.length < 12 ? Math.min(2, pattern.length) : 3
  const errors = computeErrorsMax(pattern.length)
  const width = Math.max(4, errors)
  const regionsMax = Math.min(512, Math.max(3, Math.floor(4_096 / pattern.length)))
  const ngrams = indexNgrams(pattern, size)

  // A match may start before the text does, if its beginning is missing: bands count from there.
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

  const taken = new Set<number>()
  const regions: SearchRegion[] = []
  for (const { band } of bands) {
    if (regions.length === regionsMax) break
    if (taken.has(band - 1) || taken.has(band + 1)) continue
    taken.add(band)
    const from = band * width - pattern.length
    regions.push({ from, to: from + 2 * width })
  }
  return regions
}

/** The runs of `size` letters of a pattern, by hash; of one that recurs, the first 8 positions. */
function indexNgrams(pattern: string, size: number) {
  const positions: (number[] | undefined)[] = Array.from({ length: 2 ** 16 })
  let count = 0
  for (let at = 0; at + size <= pattern.length; at += 1) {
    const hash = hashNgram(pattern, at, size)
    const same = positions[hash] ?? []
    if (same.length === 8) continue
    same.push(at)
    positions[hash] = same
    count += 1
  }
  return { positions, count }
}

/** Of 16 bits. Two runs of one hash only cost a wasted vote. */
function hashNgram(text: string, at: number, size: number): number {
  let hash = 0
  for (let i = at; i < at + size; i += 1) hash = Math.imul(hash, 0x9e3b) + text.charCodeAt(i)
  return (hash ^ (hash >>> 16)) & 0xffff
}

/** The candidates in a region, as spans of the folded text: at most 8. */
function findMatchesInRegion(body: string, pattern: string, region: SearchRegion) {
  const errors = computeErrorsMax(Math.min(pattern.length, pieceLengthMax))
  const head = pattern.slice(0, pieceLengthMax)
  const heads = searchPiece(body, head, region.from - errors, region.to + head.length + errors)
  if (pattern.length <= pieceLengthMax) return heads.slice(0, 8)

  // Of a long quote only both ends are located: what lies between is compared as a whole.
  const start = heads[0]?.start ?? Math.max(0, Math.floor((region.from + region.to) / 2))
  const expected = Math.min(body.length, start + pattern.length)
  const slack = Math.min(512, computeErrorsMax(pattern.length))
  const tails = searchPiece(
    body,
    pattern.slice(-pieceLengthMax),
    expected - pieceLengthMax - slack,
    expected + slack,
  )
  const offBy = ({ end }: { end: number }) => Math.abs(end - expected)
  const end = tails.sort((a, b) => offBy(a) - offBy(b))[0]?.end ?? expected
  return start < end ? [{ start, end }] : []
}

/** The matches of a piece that have the fewest errors, from `from` to before `to` of the text. */
function searchPiece(body: string, piece: string, from: number, to: number) {
  const offset = Math.max(0, from)
  return search(
    body.slice(offset, Math.max(offset, to)),
    piece,
    computeErrorsMax(piece.length),
  ).map(({ start, end }) => ({ start: start + offset, end: end + offset }))
}

/** Made when the first quote is looked for: it reads tables that a start need not wait for. */
let segmenter: Intl.Segmenter | undefined
const wordLengthMax = 64

/**
 * Drops the white space at both ends of a span and widens it to whole words (UAX #29), unless such
 * a word is longer than 64 units.
 */
function expandToWords(text: string, start: number, end: number) {
  const words = text.slice(start, end)
  const from = start + words.length - words.trimStart().length
  const to = end - (words.length - words.trimEnd().length)
  if (from >= to) return { start: from, end: from }
  return { start: findWordAt(text, from)?.start ?? from, end: findWordAt(text, to - 1)?.end ?? to }
}

/** The word that the unit at `at` is part of; null if it is part of none, or of an overlong one. */
function findWordAt(text: string, at: number): { start: number; end: number } | null {
  const from = Math.max(0, at - wordLengthMax)
  const to = Math.min(text.length, at + wordLengthMax)
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' })
  const segment = segmenter.segment(text.slice(from, to)).containing(at - from)
  if (!segment?.isWordLike) return null
  const start = from + segment.index
  const end = start + segment.segment.length
  const isCut = (start === from && from > 0) || (end === to && to < text.length)
  return isCut ? null : { start, end }
}
