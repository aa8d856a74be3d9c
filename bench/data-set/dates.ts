import { type RandomSource, randomInteger } from './random.ts'

/** A date as a source may give it, within one year. */
export type GeneratedDate = { edtf: string; asStated: string; earliest: string; latest: string }

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const padTwoDigits = (number: number) => String(number).padStart(2, '0')
const lastDayOfMonth = (year: number, month: number) =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Mostly a day or a month; sometimes only the year, or a stretch of months. */
export function generateDate(random: RandomSource, year: number): GeneratedDate {
  const month = 1 + randomInteger(random, 12)
  const precision = random()
  if (precision < 0.05)
    return {
      edtf: `${year}`,
      asStated: `in ${year}`,
      earliest: `${year}-01-01`,
      latest: `${year}-12-31`,
    }
  const last = precision < 0.12 ? Math.min(12, month + 2) : month
  const from = `${year}-${padTwoDigits(month)}`
  const to = `${year}-${padTwoDigits(last)}`
  const wholeMonths = { earliest: `${from}-01`, latest: `${to}-${lastDayOfMonth(year, last)}` }
  if (last > month)
    return {
      edtf: `${from}/${to}`,
      asStated: `between ${months[month - 1]} and ${months[last - 1]}`,
      ...wholeMonths,
    }
  if (precision < 0.4)
    return { edtf: from, asStated: `in ${months[month - 1]} ${year}`, ...wholeMonths }
  const day = 1 + randomInteger(random, 28)
  const edtf = `${from}-${padTwoDigits(day)}`
  return { edtf, asStated: `on ${day} ${months[month - 1]} ${year}`, earliest: edtf, latest: edtf }
}
