import { foldText } from './fold.ts'

/** Short enough that edited texts still share shingles, long enough that a shared shingle is not chance. */
const wordsPerShingle = 5
/**
 * Each window of this many shingles contributes at least one fingerprint. So two texts that share a run of
 * `wordsPerShingle + shinglesPerWindow - 1` = 16 words share a fingerprint (Schleimer, Wilkerson, Aiken: Winnowing, 2003).
 */
const shinglesPerWindow = 12
/** In UTF-16 units, about 150,000 words. Comparing more would block the event loop for too long. */
export const comparedLengthMax = 1_000_000

const splitWords = (text: string): string[] =>
  foldText(text.slice(0, comparedLengthMax)).text.match(/[\p{L}\p{N}]+/gu) ?? []

/** 52-bit hashes. The shingle at `i` has the words from `i` to before `i + 5`. */
function hashShingles(words: readonly string[]): Float64Array {
  const hashes = words.map((word) => {
    let hash = 0x811c9dc5
    for (let index = 0; index < word.length; index += 1)
      hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
    return hash
  })
  const shingles = new Float64Array(Math.max(0, words.length - wordsPerShingle + 1))
  for (let at = 0; at < shingles.length; at += 1) {
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    for (let index = at; index < at + wordsPerShingle; index += 1) {
      high = mixHash(high ^ (hashes[index] ?? 0))
      low = mixHash(low + (hashes[index] ?? 0))
    }
    shingles[at] = (high >>> 6) * 0x4000000 + (low >>> 6)
  }
  return shingles
}

function mixHash(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return hash ^ (hash >>> 16)
}

/**
 * A sample of the shingles of a text, to find texts that share words with it: about one in six shingles, selected by hash,
 * so that the same words give the same fingerprints in every text. Ignores case, accents and punctuation, and the text
 * after `comparedLengthMax`.
 */
export function computeFingerprints(text: string): number[] {
  const shingles = hashShingles(splitWords(text))
  const fingerprints = new Set<number>()
  const lastWindow = Math.max(0, shingles.length - shinglesPerWindow)
  for (let from = 0; from <= lastWindow; from += 1) {
    let smallest = Number.POSITIVE_INFINITY
    for (let at = from; at < Math.min(shingles.length, from + shinglesPerWindow); at += 1)
      smallest = Math.min(smallest, shingles[at] ?? smallest)
    if (smallest !== Number.POSITIVE_INFINITY) fingerprints.add(smallest)
  }
  return [...fingerprints]
}

/** A text prepared for comparison with other texts. */
export type ShingledText = {
  wordCount: number
  shingles: Float64Array
  shingleSet: ReadonlySet<number>
}

export function shingleText(text: string): ShingledText {
  const words = splitWords(text)
  const shingles = hashShingles(words)
  return { wordCount: words.length, shingles, shingleSet: new Set(shingles) }
}

/** The share of the words of a text that are also in the other text, in runs of at least five words: 0 to 1. */
export function computeCommonShare(
  { wordCount, shingles }: ShingledText,
  other: ShingledText,
): number {
  if (shingles.length === 0) return 0
  let commonWords = 0
  let coveredEnd = 0
  for (const [start, shingle] of shingles.entries())
    if (other.shingleSet.has(shingle)) {
      const end = start + wordsPerShingle
      commonWords += end - Math.max(start, coveredEnd)
      coveredEnd = end
    }
  return commonWords / wordCount
}
