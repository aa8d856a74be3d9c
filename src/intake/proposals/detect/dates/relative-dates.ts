import {
  addDays,
  addMonths,
  type CalendarDay,
  findLastMonth,
  findLastWeekday,
  findLatestDay,
  findLatestMonth,
  formatMonths,
  formatYear,
} from './calendar.ts'
import { createPattern, type DatePattern, pastDate, relativeDate } from './date-pattern.ts'
import type { DateWords } from './date-words.ts'

/** Dates that count from the day of the article. */
export function createRelativeDates(words: DateWords): DatePattern[] {
  return [
    ...createWeekdays(words),
    ...createMonthsWithoutYear(words),
    ...createDaysWithoutYear(words),
    ...createPartsOfCurrentPeriod(),
    ...createPartsOfYear(words),
    ...createCounts(words),
  ]
}

/** `last Monday`, `on Monday`. */
function createWeekdays({ weekday, weekdayNumber }: DateWords): DatePattern[] {
  return [
    relativeDate(
      createPattern(`(?:last|this past) ${weekday}`),
      (today, groups) =>
        findLastWeekday(weekdayNumber(groups.weekday), today, { mayBeToday: false }),
      (groups) => `"last ${groups.weekday}" is read as the one before the article`,
    ),
    pastDate(
      createPattern(`(?:on |last week's )?${weekday}(?!\\s+(?:morning|night)\\s+\\d)`),
      (today, groups) =>
        findLastWeekday(weekdayNumber(groups.weekday), today, { mayBeToday: true }),
      () => 'A weekday alone is the last one up to the day of the article',
    ),
  ]
}

/** `last May`, `in May`. */
function createMonthsWithoutYear({ month, monthNumber }: DateWords): DatePattern[] {
  return [
    relativeDate(
      createPattern(`last ${month}`),
      (today, groups) => findLastMonth(monthNumber(groups.month), today),
      () => '"Last" and a month is the last such month that is over, or the one of the year before',
    ),
    pastDate(
      createPattern(`(?:this|in) ${month}(?! \\d)(?:,? this year)?`),
      (today, groups) => findLatestMonth(monthNumber(groups.month), today),
      () => 'A month alone is the last one up to the day of the article',
    ),
  ]
}

/** `on May 6`, `on 6 May`. */
function createDaysWithoutYear({ month, day, monthNumber }: DateWords): DatePattern[] {
  return [`(?:on )?${month} ${day}`, `(?:on )?${day} ${month}`].map((source) =>
    pastDate(
      createPattern(source),
      (today, groups) => findLatestDay(monthNumber(groups.month), Number(groups.day), today),
      () => 'A day without a year is the last such day up to that of the article',
    ),
  )
}

/** `earlier this year`, `this week`. */
function createPartsOfCurrentPeriod(): DatePattern[] {
  return [
    relativeDate(
      createPattern('(?:earlier|later) this year', 'giu'),
      (today) => `${formatYear(today.year)}-01-01/${addDays(today, 0)}`,
      () => 'From the beginning of the year to the day of the article',
    ),
    relativeDate(
      createPattern('earlier this month', 'giu'),
      (today) => `${addMonths(today, 0)}-01/${addDays(today, 0)}`,
      () => 'From the beginning of the month to the day of the article',
    ),
    relativeDate(
      createPattern('(?:earlier )?this week', 'giu'),
      (today) => weekAround(today, 0),
      () => 'Within the week around the day of the article',
    ),
  ]
}

/** `late last year`, `early this year`. */
function createPartsOfYear({ monthsOfPart }: DateWords): DatePattern[] {
  return [
    relativeDate(
      createPattern('late last year', 'giu'),
      (today) => formatMonths(today.year - 1, monthsOfPart('late')),
      () => '"Late" is read as the last months of the year before',
    ),
    relativeDate(
      createPattern('early this year', 'giu'),
      (today) => formatMonths(today.year, monthsOfPart('early')),
      () => '"Early" is read as the first months of the year',
    ),
  ]
}

/** `last year`, `two weeks ago`, `yesterday`. */
function createCounts({ number, count }: DateWords): DatePattern[] {
  return [
    relativeDate(
      createPattern('(?<which>last|this|the previous) (?<unit>year|month|week)', 'giu'),
      (today, { which, unit }) => {
        const back = which === 'this' ? 0 : 1
        return unit === 'week' ? weekAround(today, back) : goBack(today, back, unit)
      },
      ({ which, unit }) => `"${which} ${unit}" counts from the day of the article`,
    ),
    relativeDate(
      createPattern(`${number} (?<unit>year|month|week|day)s? (?:ago|earlier)`, 'giu'),
      (today, groups) => goBack(today, count(groups.number), groups.unit),
      () => 'Counts from the day of the article',
    ),
    relativeDate(
      createPattern('yesterday', 'giu'),
      (today) => addDays(today, -1),
      () => 'The day before the article',
    ),
    relativeDate(
      createPattern('today', 'giu'),
      (today) => addDays(today, 0),
      () => 'The day of the article',
    ),
  ]
}

/** The days that may be in the same week, some weeks ago. */
function weekAround(today: CalendarDay, weeksBack: number): string {
  const days = -7 * weeksBack
  return `${addDays(today, days - 6)}/${addDays(today, days + 6)}`
}

function goBack(today: CalendarDay, count: number, unit: string | undefined): string {
  if (unit === 'year') return formatYear(today.year - count)
  if (unit === 'month') return addMonths(today, -count)
  return addDays(today, unit === 'week' ? -7 * count : -count)
}
