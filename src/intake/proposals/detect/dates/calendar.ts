/** A day of the Gregorian calendar. Months count from 1. */
export type CalendarDay = { year: number; month: number; day: number }

const pad = (number: number, length: number): string => String(number).padStart(length, '0')

export function parseDay(iso: string): CalendarDay {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { year, month, day }
}

export const formatYear = (year: number): string => pad(year, 4)

export const formatMonth = (year: number, month: number): string =>
  `${formatYear(year)}-${pad(month, 2)}`

/** A day that the calendar may not have: 31 June. */
export const formatDay = ({ year, month, day }: CalendarDay): string =>
  `${formatMonth(year, month)}-${pad(day, 2)}`

/** An EDTF interval of months. */
export const formatMonths = (year: number, [first, last]: readonly [number, number]): string =>
  `${formatMonth(year, first)}/${formatMonth(year, last)}`

/** The ISO day some days after another. A negative number goes back. */
export function addDays({ year, month, day }: CalendarDay, days: number): string {
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)
}

/** The month some months after that of a day. A negative number goes back. */
export function addMonths({ year, month }: CalendarDay, months: number): string {
  const count = year * 12 + month - 1 + months
  return formatMonth(Math.floor(count / 12), (count % 12) + 1)
}

/** The last such weekday before a day, or that day itself if it may count. Monday is 0. */
export function findLastWeekday(
  weekday: number,
  today: CalendarDay,
  { mayBeToday }: { mayBeToday: boolean },
): string {
  const { year, month, day } = today
  const current = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
  const back = (current - weekday + 7) % 7
  return addDays(today, -(back === 0 && !mayBeToday ? 7 : back))
}

/** `last May`: of the year before. After May it may also be May of this year. */
export function findLastMonth(month: number, today: CalendarDay): string {
  const before = formatMonth(today.year - 1, month)
  return month >= today.month ? before : `${before}/${formatMonth(today.year, month)}`
}

/** The latest such month that has begun. */
export function findLatestMonth(month: number, today: CalendarDay): string {
  return formatMonth(month > today.month ? today.year - 1 : today.year, month)
}

/** The latest such day that is not after today. */
export function findLatestDay(month: number, day: number, today: CalendarDay): string {
  const isLater = month > today.month || (month === today.month && day > today.day)
  return formatDay({ year: isLater ? today.year - 1 : today.year, month, day })
}
