import type { z } from 'zod'
import type { StatedDate } from '../../records/model/schema.ts'
import type { JsDate, TimelineEntry } from './schema.ts'

type TimelineDate = z.infer<typeof StatedDate>

/**
 * Creates a function that decides for each entry, in list order, whether it happened after all entries above it. The list
 * is sorted by last day, so comparing with the entry directly above is enough.
 *
 * @param previousLastDay last day of the entry above the first one; null when there is none
 * @returns takes first and last day; an open side is `-infinity` or `infinity`
 */
export function createOrderCheck(
  previousLastDay: string | null,
): (first: string, last: string) => TimelineEntry['after'] {
  let lastDayAbove = previousLastDay
  return (first, last) => {
    const dayAbove = lastDayAbove
    lastDayAbove = last
    if (dayAbove === null) return null
    return isDay(first) && isDay(dayAbove) && first > dayAbove ? 'certain' : 'possible'
  }
}

const isDay = (text: string): boolean => /^\d{4}-/.test(text)

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
/** Words for the parts of a year, by their EDTF number. */
const yearParts: Readonly<Record<number, string>> = {
  21: 'spring',
  22: 'summer',
  23: 'autumn',
  24: 'winter',
  33: 'first quarter of',
  34: 'second quarter of',
  35: 'third quarter of',
  36: 'fourth quarter of',
  37: 'first third of',
  38: 'second third of',
  39: 'last third of',
  40: 'first half of',
  41: 'second half of',
}

/** A time of day is not shown. */
const datePattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?([?~%])?$/

/** Open (`..`) or unknown (empty): there is no bound. */
const isOpenSide = (side: string): boolean => side === '' || side === '..'

/** `2020-05` becomes `May 2020`. Null if the text is not a plain year, month, day or season, e.g. `202X`. */
function formatPoint(edtf: string): string | null {
  const [, year = '', month, day, mark] = datePattern.exec(edtf) ?? []
  if (year === '') return null
  const name = month === undefined ? '' : (yearParts[Number(month)] ?? months[Number(month) - 1])
  const date = [day === undefined ? '' : Number(day), name, Number(year)].filter(Boolean).join(' ')
  const approximate = mark === '~' || mark === '%' ? `about ${date}` : date
  return mark === '?' || mark === '%' ? `${approximate} (uncertain)` : approximate
}

/** E.g. `May 2020`, `between October 2019 and December 2019`, `May 2020 or earlier`. */
export function formatDateInWords({ edtf, earliest, latest }: TimelineDate): string {
  const [from = '', to] = edtf.split('/')
  const formatBound = (point: string, bound: string | null) =>
    formatPoint(point) ?? formatPoint(bound ?? '') ?? point
  if (to === undefined)
    return (
      formatPoint(edtf) ?? `between ${formatBound(edtf, earliest)} and ${formatBound(edtf, latest)}`
    )
  if (isOpenSide(from)) return `${formatBound(to, latest)} or earlier`
  if (isOpenSide(to)) return `${formatBound(from, earliest)} or later`
  return `between ${formatBound(from, earliest)} and ${formatBound(to, latest)}`
}

/** The date in words, followed by the words of the source if they differ. */
export function formatDateWithSource(on: TimelineDate): string {
  const words = formatDateInWords(on)
  return on.asStated === null || on.asStated === words ? words : `${words} (“${on.asStated}”)`
}

/** Whether the date is a single day that the source does not mark as uncertain. */
export const isCertainDay = ({ edtf, earliest, latest }: TimelineDate): boolean =>
  earliest !== null && earliest === latest && !/[?~%]/.test(edtf)

const toJsDate = (day: string): JsDate => {
  const [year = 0, month, date] = day.split('-').map(Number)
  return { year, ...(month && { month }), ...(date && { day: date }) }
}

/**
 * Start and end, as precise as the source: a month stays a month. Null `end`: the date is one point, or one side is open.
 * Then `start` is the known side.
 */
export function toDateRange({ edtf, earliest, latest }: TimelineDate): {
  start: JsDate
  end: JsDate | null
} {
  const [from = '', to] = edtf.split('/')
  const toPreciseDate = (point: string, bound: string | null): JsDate => {
    const [, year, month, day] = datePattern.exec(point) ?? []
    const isYearPart = yearParts[Number(month)] !== undefined
    return year === undefined || isYearPart
      ? toJsDate(bound ?? '')
      : toJsDate([year, month, day].filter(Boolean).join('-'))
  }
  const isPlain = datePattern.test(edtf) && yearParts[Number(edtf.slice(5, 7))] === undefined
  if (to === undefined && isPlain) return { start: toPreciseDate(edtf, earliest), end: null }
  if (to !== undefined && isOpenSide(from)) return { start: toPreciseDate(to, latest), end: null }
  if (to !== undefined && isOpenSide(to)) return { start: toPreciseDate(from, earliest), end: null }
  return { start: toPreciseDate(from, earliest), end: toPreciseDate(to ?? from, latest) }
}
