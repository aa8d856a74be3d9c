import { z } from 'zod'
import { findNearestName } from '../../evidence/nearest-name.ts'

/** Errors about closed lists name the nearest word. */
export function describeUnknownWord(given: unknown, words: readonly unknown[]): string {
  const known = words.map(String)
  const nearest = typeof given === 'string' ? findNearestName(given, known) : null
  const hint = nearest === null ? '' : `; did you mean "${nearest}"?`
  return `Invalid option: expected one of ${known.map((word) => `"${word}"`).join('|')}${hint}`
}

z.config({
  customError: (issue) =>
    issue.code === 'invalid_value' && Array.isArray(issue.values) && issue.values.length > 1
      ? describeUnknownWord(issue.input, issue.values)
      : undefined,
})
