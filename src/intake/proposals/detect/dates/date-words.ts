import type { Dictionaries } from '../../words/dictionaries.ts'

/** Sources of regular expressions for the parts of a date, each with a named group, and what their words mean. */
export type DateWords = {
  month: string
  year: string
  day: string
  part: string
  number: string
  weekday: string
  /** From 1. */
  monthNumber(name: string | undefined): number
  /** From 0, Monday. */
  weekdayNumber(name: string | undefined): number
  /** The first and the last month of a part of a year. */
  monthsOfPart(name: string | undefined): readonly [number, number]
  count(word: string | undefined): number
}

export function createDateWords(words: Dictionaries['dates']): DateWords {
  // With a capital, so that "may" and "march" are no months. A short form may have a full stop.
  const months = joinAlternatives(words.months.map(capitalise))
  const shortMonths = joinAlternatives(words.monthsShort.map(capitalise))
  const monthNames = [...words.months, ...words.monthsShort]
  return {
    month: `(?<month>${months}|(?:${shortMonths})\\b\\.?)`,
    year: '(?<year>(?:18|19|20)\\d\\d)',
    day: '(?<day>[12]\\d|3[01]|0?[1-9])(?:st|nd|rd|th)?',
    part: `(?<part>${joinAlternatives(Object.keys(words.parts))})`,
    number: `(?<number>\\d{1,3}|${joinAlternatives(Object.keys(words.numbers))})`,
    weekday: `(?<weekday>${joinAlternatives(words.weekdays.map(capitalise))})`,
    monthNumber: (name = '') => (monthNames.indexOf(name.replace('.', '')) % 12) + 1,
    weekdayNumber: (name = '') => words.weekdays.indexOf(name),
    monthsOfPart: (name = '') => words.parts[name] ?? [1, 12],
    count: (word = '') => words.numbers[word] ?? Number(word),
  }
}

const joinAlternatives = (words: readonly string[]): string =>
  words.map((word) => RegExp.escape(word)).join('|')

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
