import type { DateBounds } from '../../../../evidence/edtf.ts'
import { resolveFromArticle } from './article-date.ts'
import type { CalendarDay } from './calendar.ts'

/** An EDTF date. `reasoning` is null where the words themselves say it. */
export type ResolvedDate = { edtf: string; reasoning: string | null }

/** Named groups of a match, in lower case. */
export type Groups = Readonly<Record<string, string>>

type DateMatch = {
  groups: Groups
  /** The text of the sentence. */
  sentence: string
  /** The day of the article. Null where it is not known. */
  published: DateBounds | null
}

/** A form of dates in text, and how to read it. */
export type DatePattern = {
  pattern: RegExp
  /** The words name the day, month or year. Otherwise they count from the day of the article. */
  isExplicit: boolean
  /** Null where the date cannot be known. */
  resolve(match: DateMatch): ResolvedDate | null
}

/** A pattern as a regular expression that begins and ends at the border of a word. */
export function createPattern(source: string, flags = 'gu'): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}-])${source}(?![\\p{L}\\p{N}])`, flags)
}

/** A date whose words name it. */
export function explicitDate(
  pattern: RegExp,
  read: (groups: Groups) => string,
  explain: (groups: Groups) => string | null = () => null,
): DatePattern {
  return {
    pattern,
    isExplicit: true,
    resolve: ({ groups }) => ({ edtf: read(groups), reasoning: explain(groups) }),
  }
}

/** A date that counts from the day of the article. */
export function relativeDate(
  pattern: RegExp,
  calculate: (today: CalendarDay, groups: Groups) => string,
  explain: (groups: Groups) => string,
): DatePattern {
  return {
    pattern,
    isExplicit: false,
    resolve: ({ groups, published }) =>
      resolveFromArticle((today) => calculate(today, groups), explain(groups), published),
  }
}

/** A relative date that is read as the past: unknown in a sentence about the future. */
export function pastDate(...definition: Parameters<typeof relativeDate>): DatePattern {
  const past = relativeDate(...definition)
  return {
    ...past,
    resolve: (match) => (isAboutFuture(match.sentence) ? null : past.resolve(match)),
  }
}

const isAboutFuture = (sentence: string): boolean =>
  /\b(will|is to|are to|plans? to|due to)\b/i.test(sentence)
