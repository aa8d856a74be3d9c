import { fold } from './fold.ts'

/** Words of a shingle: short enough to survive an edit here and there, long enough not to be chance. */
const shingleWords = 5
/**
 * Shingles of which one at least is kept. Any run of `shingleWords + windowShingles - 1` = 16 words that two texts share
 * leaves the same fingerprint in both (Schleimer, Wilkerson, Aiken: Winnowing, 2003).
 */
const windowShingles = 12
/**
 * UTF-16 units of a text that are looked at, some 150,000 words: whoever compares texts of tens of megabytes to their
 * ends holds up everybody else for as long.
 */
export const comparedMax = 1_000_000

const wordsOf = (text: string): string[] =>
  fold(text.slice(0, comparedMax)).text.match(/[\p{L}\p{N}]+/gu) ?? []

/** Of 52 bits, by shingle: the shingle at `i` is the words from `i` to before `i + 5`. */
function shinglesOf(words: readonly string[]): Float64Array {
  const hashes = words.map((word) => {
    let hash = 0x811c9dc5
    for (let index = 0; index < word.length; index += 1)
      hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
    return hash
  })
  const shingles = new Float64Array(Math.max(0, words.length - shingleWords + 1))
  for (let at = 0; at < shingles.length; at += 1) {
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    for (let index = at; index < at + shingleWords; index += 1) {
      high = mixed(high ^ (hashes[index] ?? 0))
      low = mixed(low + (hashes[index] ?? 0))
    }
    shingles[at] = (high >>> 6) * 0x4000000 + (low >>> 6)
  }
  return shingles
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return hash ^ (hash >>> 16)
}

/**
 * A sample of what a text says, to find texts that share words with it: about one of six of its 5-word shingles, chosen
 * by their hash alone, so that the same words leave the same fingerprints wherever they stand. Case, accents and
 * punctuation do not matter. Of a text past `comparedMax`, what stands before.
 */
export function fingerprints(text: string): number[] {
  const shingles = shinglesOf(wordsOf(text))
  const chosen = new Set<number>()
  const last = Math.max(0, shingles.length - windowShingles)
  for (let from = 0; from <= last; from += 1) {
    let least = Number.POSITIVE_INFINITY
    for (let at = from; at < Math.min(shingles.length, from + windowShingles); at += 1)
      least = Math.min(least, shingles[at] ?? least)
    if (least !== Number.POSITIVE_INFINITY) chosen.add(least)
  }
  return [...chosen]
}

/** A text made ready to be held against others. */
export type Comparable = { words: number; shingles: Float64Array; known: ReadonlySet<number> }

export function comparable(text: string): Comparable {
  const words = wordsOf(text)
  const shingles = shinglesOf(words)
  return { words: words.length, shingles, known: new Set(shingles) }
}

/** How many of the words of one text stand in the other too, in runs of at least five: 0 to 1. */
export function commonShare({ words, shingles }: Comparable, other: Comparable): number {
  if (shingles.length === 0) return 0
  let common = 0
  let coveredTo = 0
  for (const [at, shingle] of shingles.entries())
    if (other.known.has(shingle)) {
      const end = at + shingleWords
      common += end - Math.max(at, coveredTo)
      coveredTo = end
    }
  return common / words
}
