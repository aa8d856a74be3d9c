import { languages, readCalendar } from '../data.ts'
import { createDateFinder } from './dates.ts'

const wordsLengthMax = 100

/**
 * EDTF of one day with its year, such as `24 September 2021` or `24. September 2021`. Null where the words are not exactly
 * one day. `language` is a BCP 47 tag; null is English.
 */
export function readDay(words: string, language: string | null): string | null {
  if (words.length > wordsLengthMax) return null
  const code = languages.find((one) => one === language?.slice(0, 2).toLowerCase()) ?? 'en'
  const [date, other] = createDateFinder(readCalendar(), null, code)(words, 0, 0)
  const edtf = date?.edtf ?? null
  return other === undefined && edtf !== null && /^\d{4}-\d\d-\d\d$/.test(edtf) ? edtf : null
}
