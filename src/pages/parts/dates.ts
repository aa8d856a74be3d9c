import { locale, texts } from '../texts.ts'
import { type Html, html } from './html.ts'

/** A date as the API gives it. */
export type StatedDate = {
  edtf: string
  asStated: string | null
  reasoning: string | null
  earliest: string | null
  latest: string | null
}

export const isStatedDate = (value: unknown): value is StatedDate =>
  typeof value === 'object' && value !== null && 'edtf' in value && 'earliest' in value

const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
const dayFormat = format({ day: 'numeric', month: 'long', year: 'numeric' })
const monthFormat = format({ month: 'long', year: 'numeric' })
const instantFormat = format({ dateStyle: 'long', timeStyle: 'short' })

const toDate = (day: string): Date => new Date(`${day}T00:00:00Z`)

const formatDay = (day: string): string => dayFormat.format(toDate(day))
export const formatInstant = (instant: string): string =>
  `${instantFormat.format(new Date(instant))} UTC`

/** The days that a date can mean, in words: `6 May 2020`, `May 2020`, `October to December 2019`, `until 31 May 2020`. */
export function formatSpan({ earliest, latest }: Pick<StatedDate, 'earliest' | 'latest'>): string {
  if (earliest === null && latest === null) return texts.timeline.noDate
  if (earliest === null) return `until ${formatDay(latest ?? '')}`
  if (latest === null) return `from ${formatDay(earliest)}`
  if (earliest === latest) return formatDay(earliest)
  if (!startsMonth(earliest) || !endsMonth(latest))
    return `between ${formatDay(earliest)} and ${formatDay(latest)}`
  return formatMonths(earliest, latest)
}

function formatMonths(earliest: string, latest: string): string {
  const [firstYear, firstMonth] = earliest.split('-')
  const [lastYear, lastMonth] = latest.split('-')
  const isWholeYears = firstMonth === '01' && lastMonth === '12'
  if (isWholeYears)
    return firstYear === lastYear ? `${Number(firstYear)}` : `${Number(firstYear)} to ${lastYear}`
  const last = monthFormat.format(toDate(latest))
  if (earliest.slice(0, 7) === latest.slice(0, 7)) return last
  const first = monthFormat.format(toDate(earliest))
  return firstYear === lastYear ? `${first.split(' ')[0]} to ${last}` : `${first} to ${last}`
}

const startsMonth = (day: string): boolean => day.endsWith('-01')
const endsMonth = (day: string): boolean => {
  const next = toDate(day)
  next.setUTCDate(next.getUTCDate() + 1)
  return next.getUTCDate() === 1
}

/** Whether the source itself calls the date uncertain or approximate (EDTF `?`, `~`, `%`). */
const isUncertain = (edtf: string): boolean => /[?~%]/.test(edtf)

/** A date with the words of the source. */
export function renderDate(date: StatedDate): Html {
  const span = formatSpan(date)
  const isOneDay = date.earliest !== null && date.earliest === date.latest
  const words = isOneDay
    ? html`<time datetime="${date.earliest}">${span}</time>`
    : html`<span class="span-of-days">${span}</span>`
  return html`<span class="date" title="${date.reasoning ?? date.edtf}">${words}${
    isUncertain(date.edtf) ? ' (uncertain)' : null
  }</span>${
    date.asStated === null ? null : html` <span class="as-stated">“${date.asStated}”</span>`
  }`
}
