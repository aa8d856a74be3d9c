import type { z } from 'zod'
import type { StatedDate } from '../../records/model/schema.ts'
import type { JsDate, TimelineEntry } from './schema.ts'

type TimelineDate = z.infer<typeof StatedDate>

/**
 * Says of each entry, handed over in the order of the list, whether it happened after everything above it. The list is
 * sorted by last day, so the entry directly above has the last of them.
 *
 * @param previousLastDay last day of the entry above the first one; null when there is none
 * @returns takes first and last day, each `-infinity` or `infinity` where it is open
 */
export function createOrderCheck(
  previousLastDay: string | null,
): (first: string, last: string) => TimelineEntry['after'] {
  let latest = previousLastDay
  return (first, last) => {
    const isAfterAll = isDay(first) && latest !== null && isDay(latest) && first > latest
    const after = latest === null ? null : isAfterAll ? 'certain' : 'possible'
    latest = last
    return after
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
const seasons: Readonly<Record<number, string>> = {
  21: 'spring',
  22: 'summer',
  23: 'autumn',
  24: 'winter',
}

const datePattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%])?$/

/** `2020-05` as `May 2020`; null for what is no plain year, month, day or season, e.g. `202X`. */
function formatPoint(edtf: string): string | null {
  const [, year = '', month, day, mark] = datePattern.exec(edtf) ?? []
  if (year === '') return null
  const name = month === undefined ? '' : (seasons[Number(month)] ?? months[Number(month) - 1])
  const date = [day === undefined ? '' : Number(day), name, Number(year)].filter(Boolean).join(' ')
  const near = mark === '~' || mark === '%' ? `about ${date}` : date
  return mark === '?' || mark === '%' ? `${near} (uncertain)` : near
}

/** A date for people: `May 2020`, `between October 2019 and December 2019`, `May 2020 or earlier`. */
export function formatDate({ edtf, earliest, latest }: TimelineDate): string {
  const [from = '', to] = edtf.split('/')
  const formatBound = (point: string, bound: string | null) =>
    formatPoint(point) ?? formatPoint(bound ?? '') ?? point
  if (to === undefined)
    return (
      formatPoint(edtf) ?? `between ${formatBound(edtf, earliest)} and ${formatBound(edtf, latest)}`
    )
  if (from === '..') return `${formatBound(to, latest)} or earlier`
  if (to === '..') return `${formatBound(from, earliest)} or later`
  return `between ${formatBound(from, earliest)} and ${formatBound(to, latest)}`
}

/** The date in words, and in those of the source where they are others. */
export function formatDateWithSource(on: TimelineDate): string {
  const words = formatDate(on)
  return on.asStated === null || on.asStated === words ? words : `${words} (“${on.asStated}”)`
}

/** Whether it is one day, and the source is sure of it. */
export const isCertainDay = ({ edtf, earliest, latest }: TimelineDate): boolean =>
  earliest !== null && earliest === latest && !/[?~%]/.test(edtf)

const toJsDate = (day: string): JsDate => {
  const [year = 0, month, date] = day.split('-').map(Number)
  return { year, ...(month && { month }), ...(date && { day: date }) }
}

/**
 * Begin and end, as precise as the source is. A month is a month and not its first day; of a date that is open on one
 * side there is only the other.
 */
export function toDateRange({ edtf, earliest, latest }: TimelineDate): {
  start: JsDate
  end: JsDate | null
} {
  const [from = '', to] = edtf.split('/')
  const toPreciseDate = (point: string, bound: string | null): JsDate => {
    const [, year, month, day] = datePattern.exec(point) ?? []
    const isSeason = seasons[Number(month)] !== undefined
    return year === undefined || isSeason
      ? toJsDate(bound ?? '')
      : toJsDate([year, month, day].filter(Boolean).join('-'))
  }
  const isPlain = datePattern.test(edtf) && seasons[Number(edtf.slice(5, 7))] === undefined
  if (to === undefined && isPlain) return { start: toPreciseDate(edtf, earliest), end: null }
  if (from === '..') return { start: toPreciseDate(to ?? '', latest), end: null }
  if (to === '..') return { start: toPreciseDate(from, earliest), end: null }
  return { start: toPreciseDate(from, earliest), end: toPreciseDate(to ?? from, latest) }
}
