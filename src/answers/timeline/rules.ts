import type { z } from 'zod'
import type { StatedDate } from '../../records/model/schema.ts'
import type { JsDate, TimelineEntry } from './schema.ts'

type On = z.infer<typeof StatedDate>

/**
 * Says of each entry, handed over in the order of the list, whether it happened after everything above it. The list is
 * sorted by last day, so the entry directly above has the last of them.
 *
 * @param above last day of the entry above the first one; null when there is none
 * @returns takes first and last day, each `-infinity` or `infinity` where it is open
 */
export function inSequence(
  above: string | null,
): (first: string, last: string) => TimelineEntry['after'] {
  let latest = above
  return (first, last) => {
    const isAfterAll = isDay(first) && latest !== null && isDay(latest) && first > latest
    const after = latest === null ? null : isAfterAll ? 'certain' : 'possible'
    latest = last
    return after
  }
}

const isDay = (text: string): boolean => /^\d{4}-/.test(text)

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'],
  ...['October', 'November', 'December'],
]
const seasons: Readonly<Record<number, string>> = {
  21: 'spring',
  22: 'summer',
  23: 'autumn',
  24: 'winter',
}

const Point = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%])?$/

/** `2020-05` as `May 2020`; null for what is no plain year, month, day or season, e.g. `202X`. */
function pointInWords(edtf: string): string | null {
  const [, year = '', month, day, mark] = Point.exec(edtf) ?? []
  if (year === '') return null
  const name = month === undefined ? '' : (seasons[Number(month)] ?? months[Number(month) - 1])
  const date = [day === undefined ? '' : Number(day), name, Number(year)].filter(Boolean).join(' ')
  const near = mark === '~' || mark === '%' ? `about ${date}` : date
  return mark === '?' || mark === '%' ? `${near} (uncertain)` : near
}

/** A date for people: `May 2020`, `between October 2019 and December 2019`, `May 2020 or earlier`. */
export function dateInWords({ edtf, earliest, latest }: On): string {
  const [from = '', to] = edtf.split('/')
  const words = (point: string, bound: string | null) =>
    pointInWords(point) ?? pointInWords(bound ?? '') ?? point
  if (to === undefined)
    return pointInWords(edtf) ?? `between ${words(edtf, earliest)} and ${words(edtf, latest)}`
  if (from === '..') return `${words(to, latest)} or earlier`
  if (to === '..') return `${words(from, earliest)} or later`
  return `between ${words(from, earliest)} and ${words(to, latest)}`
}

/** The date in words, and in those of the source where they are others. */
export function displayDate(on: On): string {
  const words = dateInWords(on)
  return on.asStated === null || on.asStated === words ? words : `${words} (“${on.asStated}”)`
}

/** Whether it is one day, and the source is sure of it. */
export const isOneDay = ({ edtf, earliest, latest }: On): boolean =>
  earliest !== null && earliest === latest && !/[?~%]/.test(edtf)

const parts = (day: string): JsDate => {
  const [year = 0, month, date] = day.split('-').map(Number)
  return { year, ...(month && { month }), ...(date && { day: date }) }
}

/**
 * Begin and end, as precise as the source is. A month is a month and not its first day; of a date that is open on one
 * side there is only the other.
 */
export function stretchOf({ edtf, earliest, latest }: On): { start: JsDate; end: JsDate | null } {
  const [from = '', to] = edtf.split('/')
  const precise = (point: string, bound: string | null): JsDate => {
    const [, year, month, day] = Point.exec(point) ?? []
    const isSeason = seasons[Number(month)] !== undefined
    return year === undefined || isSeason
      ? parts(bound ?? '')
      : parts([year, month, day].filter(Boolean).join('-'))
  }
  const isPlain = Point.test(edtf) && seasons[Number(edtf.slice(5, 7))] === undefined
  if (to === undefined && isPlain) return { start: precise(edtf, earliest), end: null }
  if (from === '..') return { start: precise(to ?? '', latest), end: null }
  if (to === '..') return { start: precise(from, earliest), end: null }
  return { start: precise(from, earliest), end: precise(to ?? from, latest) }
}
