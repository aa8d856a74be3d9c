import { distance } from 'fastest-levenshtein'

/**
 * The name nearest to a misspelt word, for "did you mean": the smallest edit distance, ignoring
 * case; the first of `names` among equals. Null when no name is near. A name is near when it has a
 * letter in common and is within 2 edits or a third of the word's length, whichever is more.
 */
export function findNearestName(word: string, names: readonly string[]): string | null {
  const lowerCaseWord = word.toLowerCase()
  let nearestName: string | null = null
  let fewestEdits = Math.max(2, Math.floor(lowerCaseWord.length / 3)) + 1
  for (const name of names) {
    const candidate = name.toLowerCase()
    const edits = distance(lowerCaseWord, candidate)
    const hasNoCommonLetter = edits === Math.max(lowerCaseWord.length, candidate.length)
    if (edits >= fewestEdits || hasNoCommonLetter) continue
    nearestName = name
    fewestEdits = edits
  }
  return nearestName
}
