import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  findLastMonth,
  findLastWeekday,
  findLatestDay,
  findLatestMonth,
  formatDay,
  formatMonths,
  parseDay,
} from '../../../src/intake/proposals/detect/dates/calendar.ts'

/** A Tuesday. */
const today = parseDay('2021-04-13')

test.each([
  ['2020-03-01', -1, '2020-02-29'],
  ['2021-01-01', -1, '2020-12-31'],
  ['2021-12-31', 1, '2022-01-01'],
  ['2021-04-13', 0, '2021-04-13'],
])('%s and %i days', (day, days, expected) => {
  expect(addDays(parseDay(day), days)).toBe(expected)
})

test.each([
  ['2021-01-31', -1, '2020-12'],
  ['2021-12-01', 1, '2022-01'],
  ['2021-04-13', -16, '2019-12'],
  ['2021-04-13', 0, '2021-04'],
])('the month of %s and %i months', (day, months, expected) => {
  expect(addMonths(parseDay(day), months)).toBe(expected)
})

describe('before Tuesday, 13 April 2021', () => {
  test.each([
    ['Monday', 0, '2021-04-12', '2021-04-12'],
    ['Tuesday', 1, '2021-04-13', '2021-04-06'],
    ['Wednesday', 2, '2021-04-07', '2021-04-07'],
    ['Sunday', 6, '2021-04-11', '2021-04-11'],
  ])('the last %s', (_, weekday, withToday, withoutToday) => {
    expect(findLastWeekday(weekday, today, { mayBeToday: true })).toBe(withToday)
    expect(findLastWeekday(weekday, today, { mayBeToday: false })).toBe(withoutToday)
  })

  test.each([
    ['March, which may be of either year', 3, '2020-03/2021-03', '2021-03'],
    ['April, which is not over', 4, '2020-04', '2021-04'],
    ['May', 5, '2020-05', '2020-05'],
  ])('%s', (_, month, last, latest) => {
    expect(findLastMonth(month, today)).toBe(last)
    expect(findLatestMonth(month, today)).toBe(latest)
  })

  test.each([
    [4, 12, '2021-04-12'],
    [4, 13, '2021-04-13'],
    [4, 14, '2020-04-14'],
    [5, 1, '2020-05-01'],
    [3, 31, '2021-03-31'],
  ])('month %i, day %i', (month, day, expected) => {
    expect(findLatestDay(month, day, today)).toBe(expected)
  })
})

test('numbers have leading zeros', () => {
  expect(formatDay({ year: 987, month: 6, day: 5 })).toBe('0987-06-05')
  expect(formatMonths(2020, [1, 3])).toBe('2020-01/2020-03')
})
