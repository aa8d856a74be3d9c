import { type DateBounds, parseEdtfBounds } from '../../../../evidence/edtf.ts'
import { type CalendarDay, parseDay } from './calendar.ts'

/**
 * A date that counts from the day of the article, calculated for the first and the last day that this can be. Null where
 * one of them is not known.
 */
export function resolveFromArticle(
  calculate: (today: CalendarDay) => string,
  explanation: string,
  published: DateBounds | null,
): { edtf: string; reasoning: string } | null {
  if (published?.earliest == null || published.latest === null) return null
  const { earliest, latest } = published
  const first = calculate(parseDay(earliest))
  const last = calculate(parseDay(latest))
  const article = earliest === latest ? earliest : `${earliest} to ${latest}`
  const reasoning = `${explanation}; the article is of ${article}.`
  if (first === last) return { edtf: first, reasoning }
  return { edtf: spanDates(first, last), reasoning: `Some day within: ${reasoning}` }
}

/** An EDTF interval from the first day of either date to the last day of either. */
function spanDates(a: string, b: string): string {
  const bounds = [parseEdtfBounds(a), parseEdtfBounds(b)]
  const [start] = bounds.map(({ earliest }) => earliest ?? '').sort()
  const end = bounds
    .map(({ latest }) => latest ?? '')
    .sort()
    .at(-1)
  return `${start}/${end}`
}
