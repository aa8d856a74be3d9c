import { distance } from 'fastest-levenshtein'

/**
 * The known name that someone most likely meant by a misspelt word, for "did you mean": the closest
 * by edit distance without regard to case, the first of `known` among equals. Null when none is
 * near: within 2 edits or a third of the word's length, whichever is more, and with a letter in
 * common.
 */
export function findNearestName(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase()
  let nearest: string | null = null
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const name of known) {
    const candidate = name.toLowerCase()
    const edits = distance(wanted, candidate)
    if (edits >= fewest || edits === Math.max(wanted.length, candidate.length)) continue
    nearest = name
    fewest = edits
  }
  return nearest
}
