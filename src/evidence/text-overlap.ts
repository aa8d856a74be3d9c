import { foldText } from './fold.ts'

/** Words of a shingle: short enough to survive an edit here and there, long enough not to be chance. */
const wordsPerShingle = 5
/**
 * Shingles of which one at least is kept. Any run of `shingleWords + windowShingles - 1` = 16 words that two texts share
 * leaves the same fingerprint in both (Schleimer, Wilkerson, Aiken: Winnowing, 2003).
 */
const shinglesPerWindow = 12
/**
 * UTF-16 units of a text that are looked at, some 150,000 words: whoever compares texts of tens of megabytes to their
 * ends holds up everybody else for as long.
 */
export const comparedLengthMax = 1_000_000

const splitWords = (text: string): string[] =>
  foldText(text.slice(0, comparedLengthMax)).text.match(/[\p{L}\p{N}]+/gu) ?? []

/** Of 52 bits, by shingle: the shingle at `i` is the words from `i` to before `i + 5`. */
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
 * A sample of what a text says, to find texts that share words with it: about one of six of its 5-word shingles, chosen
 * by their hash alone, so that the same words leave the same fingerprints wherever they stand. Case, accents and
 * punctuation do not matter. Of a text past `comparedMax`, what stands before.
 */
export function computeFingerprints(text: string): number[] {
  const shingles = hashShingles(splitWords(text))
  const chosen = new Set<number>()
  const last = Math.max(0, shingles.length - shinglesPerWindow)
  for (let from = 0; from <= last; from += 1) {
    let least = Number.POSITIVE_INFINITY
    for (let at = from; at < Math.min(shingles.length, from + shinglesPerWindow); at += 1)
      least = Math.min(least, shingles[at] ?? least)
    if (least !== Number.POSITIVE_INFINITY) chosen.add(least)
  }
  return [...chosen]
}

/** A text made ready to be held against others. */
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

/** How many of the words of one text stand in the other too, in runs of at least five: 0 to 1. */
export function computeCommonShare(
  { wordCount, shingles }: ShingledText,
  other: ShingledText,
): number {
  if (shingles.length === 0) return 0
  let common = 0
  let coveredTo = 0
  for (const [at, shingle] of shingles.entries())
    if (other.shingleSet.has(shingle)) {
      const end = at + wordsPerShingle
      common += end - Math.max(at, coveredTo)
      coveredTo = end
    }
  return common / wordCount
}
