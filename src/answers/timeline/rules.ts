import type { z } from 'zod'
import { formatDateInWords, isOpenSide, toCalendarDate } from '../../evidence/words.ts'
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
  const toPreciseDate = (point: string, bound: string | null): JsDate =>
    toJsDate(toCalendarDate(point) ?? bound ?? '')
  if (to === undefined && toCalendarDate(edtf) !== null)
    return { start: toPreciseDate(edtf, earliest), end: null }
  if (to !== undefined && isOpenSide(from)) return { start: toPreciseDate(to, latest), end: null }
  if (to !== undefined && isOpenSide(to)) return { start: toPreciseDate(from, earliest), end: null }
  return { start: toPreciseDate(from, earliest), end: toPreciseDate(to ?? from, latest) }
}
