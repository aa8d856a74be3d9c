import { type DateBounds, parseEdtfBounds } from '../../../../evidence/edtf.ts'
import type { Dictionaries } from '../../words/dictionaries.ts'
import type { SentenceText } from '../sentence-text.ts'
import type { DatePattern, Groups, ResolvedDate } from './date-pattern.ts'
import { createDateWords } from './date-words.ts'
import { createExplicitDates, createYear } from './explicit-dates.ts'
import { createRelativeDates } from './relative-dates.ts'

/** A date in a text. `edtf` is null where it cannot be known: nothing is guessed. */
export type DetectedDate = {
  start: number
  end: number
  words: string
  edtf: string | null
  reasoning: string | null
  /** The words name the day, month or year. Otherwise they count from the day of the article. */
  isExplicit: boolean
}

/** Finds dates in text order. `published`: the day of the article, null where it is not known. */
export function detectDates(
  sentences: readonly SentenceText[],
  published: DateBounds | null,
  { dates }: Dictionaries,
): DetectedDate[] {
  const words = createDateWords(dates)
  const patterns = [...createExplicitDates(words), ...createRelativeDates(words), createYear(words)]
  return sentences.flatMap((sentence) => findDates(sentence, patterns, published))
}

/** Patterns in order of precedence: what one has matched, later ones do not match again. */
function findDates(
  { body, start: offset, end }: SentenceText,
  patterns: readonly DatePattern[],
  published: DateBounds | null,
): DetectedDate[] {
  const sentence = body.slice(offset, end)
  const found: DetectedDate[] = []
  for (const { pattern, isExplicit, resolve } of patterns)
    for (const match of sentence.matchAll(pattern)) {
      const [words] = match
      const range = { start: offset + match.index, end: offset + match.index + words.length }
      if (found.some((other) => range.start < other.end && other.start < range.end)) continue
      const date = keepValid(resolve({ groups: lowerCase(match.groups), sentence, published }))
      found.push({
        ...range,
        words,
        isExplicit,
        edtf: date?.edtf ?? null,
        reasoning: date?.reasoning ?? null,
      })
    }
  return found.sort((a, b) => a.start - b.start)
}

function lowerCase(groups: Readonly<Record<string, string | undefined>> = {}): Groups {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value = '']) => [name, value.toLowerCase()]),
  )
}

/** Null for a day that the calendar does not have: 31 June. */
function keepValid(date: ResolvedDate | null): ResolvedDate | null {
  if (date === null) return null
  try {
    parseEdtfBounds(date.edtf)
    return date
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
