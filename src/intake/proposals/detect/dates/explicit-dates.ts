import { formatDay, formatMonth, formatMonths } from './calendar.ts'
import { createPattern, type DatePattern, explicitDate, type Groups } from './date-pattern.ts'
import type { DateWords } from './date-words.ts'

/** Dates whose words name the day, the month or a part of a year. */
export function createExplicitDates(words: DateWords): DatePattern[] {
  return [...createDays(words), ...createMonths(words), ...createPeriods(words)]
}

/** A year alone. It comes after all other patterns: they may contain a year. */
export function createYear({ year }: DateWords): DatePattern {
  return explicitDate(createPattern(year), (groups) => groups.year ?? '')
}

/** `2020-05-06`, `May 6, 2020`, `6 May 2020`. */
function createDays({ month, day, year, monthNumber }: DateWords): DatePattern[] {
  const readDay = (groups: Groups) =>
    formatDay({
      year: Number(groups.year),
      month: monthNumber(groups.month),
      day: Number(groups.day),
    })
  return [
    explicitDate(
      createPattern('(?<iso>(?:18|19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))'),
      ({ iso = '' }) => iso,
    ),
    explicitDate(createPattern(`${month} ${day},? ${year}`), readDay),
    explicitDate(createPattern(`${day} (?:of )?${month},? ${year}`), readDay),
  ]
}

/** `early May 2020`, `May 2020`. */
function createMonths({ month, year, monthNumber }: DateWords): DatePattern[] {
  const readMonth = (groups: Groups) => formatMonth(Number(groups.year), monthNumber(groups.month))
  return [
    explicitDate(
      createPattern(`(?:early|mid|late)[ -]${month},? ${year}`),
      readMonth,
      () => 'Which part of the month is kept in its words only.',
    ),
    explicitDate(createPattern(`${month},? (?:of )?${year}`), readMonth),
  ]
}

/** `between 2015 and 2018`, `late 2019`, `the 1990s`. */
function createPeriods({ part, year, monthsOfPart }: DateWords): DatePattern[] {
  return [
    explicitDate(
      createPattern(`between ${year} and (?<until>(?:18|19|20)\\d\\d)`),
      (groups) => `${groups.year}/${groups.until}`,
      () => 'Some day within.',
    ),
    explicitDate(
      createPattern(`(?:in )?(?:the )?${part}[ -](?:of )?${year}`, 'giu'),
      (groups) => formatMonths(Number(groups.year), monthsOfPart(groups.part)),
      (groups) =>
        `"${groups.part}" is read as months ${monthsOfPart(groups.part).join(' to ')} of the year.`,
    ),
    explicitDate(
      createPattern('the (?<decade>(?:18|19|20)\\d)0s'),
      (groups) => `${groups.decade}X`,
    ),
  ]
}
