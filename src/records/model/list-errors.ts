import { z } from 'zod'
import { findNearestName } from '../../evidence/nearest-name.ts'

/** `; did you mean "use"?`, or nothing when no word of the list is near. */
function suggestWord(given: unknown, words: readonly string[]): string {
  const nearest = typeof given === 'string' ? findNearestName(given, words) : null
  return nearest === null ? '' : `; did you mean "${nearest}"?`
}

/** For a parameter that takes one or several words of a closed list. */
export const describeUnknownWords = (given: unknown, words: readonly string[]): string =>
  `give one or several of ${words.join(', ')}${suggestWord(given, words)}`

/** For a member that takes one word of a closed list. */
function describeUnknownWord(given: unknown, values: readonly unknown[]): string {
  const words = values.map(String)
  const listed = words.map((word) => `"${word}"`).join('|')
  return `Invalid option: expected one of ${listed}${suggestWord(given, words)}`
}

z.config({
  customError: (issue) =>
    issue.code === 'invalid_value' && Array.isArray(issue.values) && issue.values.length > 1
      ? describeUnknownWord(issue.input, issue.values)
      : undefined,
})
