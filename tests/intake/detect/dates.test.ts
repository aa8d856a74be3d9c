import { describe, expect, test } from 'vitest'
import type { DateBounds } from '../../../src/evidence/edtf.ts'
import { detectDates } from '../../../src/intake/proposals/detect/dates/detect-dates.ts'
import { readArticle, readSentences, words } from './read-text.ts'

const day = (iso: string): DateBounds => ({ earliest: iso, latest: iso })

const readDates = (text: string, published: DateBounds | null = day('2021-04-13')) =>
  detectDates(readSentences(text), published, words).map((date) => [date.words, date.edtf])

describe('a date that its words name', () => {
  test.each([
    ['It is 2020-05-06 now.', [['2020-05-06', '2020-05-06']]],
    ['On May 6, 2020 it was.', [['May 6, 2020', '2020-05-06']]],
    ['On 6th of May 2020 it was.', [['6th of May 2020', '2020-05-06']]],
    ['On Sep. 6, 2020 it was.', [['Sep. 6, 2020', '2020-09-06']]],
    ['On 31 June 2019 it was.', [['31 June 2019', null]]],
    ['On 29 February 2020 it was.', [['29 February 2020', '2020-02-29']]],
    ['On 29 February 2021 it was.', [['29 February 2021', null]]],
    ['It was early May 2019.', [['early May 2019', '2019-05']]],
    ['It was in May 2019.', [['May 2019', '2019-05']]],
    ['It was between 2015 and 2018.', [['between 2015 and 2018', '2015/2018']]],
    ['It was in late 2019.', [['in late 2019', '2019-10/2019-12']]],
    ['It was in the spring of 2019.', [['in the spring of 2019', '2019-03/2019-06']]],
    ['It was the 1990s.', [['the 1990s', '199X']]],
    ['It was 2019.', [['2019', '2019']]],
    ['It was 1799 and 2100.', []],
    ['It was A2019 and 20190.', []],
    [
      'It may march in 2019 and 2020.',
      [
        ['2019', '2019'],
        ['2020', '2020'],
      ],
    ],
  ])('%s', (text, expected) => {
    expect(readDates(text, null)).toEqual(expected)
  })
})

describe('a date that counts from Tuesday, 13 April 2021', () => {
  test.each([
    ['last Monday', '2021-04-12'],
    ['last Tuesday', '2021-04-06'],
    ['on Tuesday', '2021-04-13'],
    ["last week's Monday", '2021-04-12'],
    ['last May', '2020-05'],
    ['last March', '2020-03/2021-03'],
    ['in March', '2021-03'],
    ['in May', '2020-05'],
    ['on April 12', '2021-04-12'],
    ['on 14 April', '2020-04-14'],
    ['earlier this year', '2021-01-01/2021-04-13'],
    ['earlier this month', '2021-04-01/2021-04-13'],
    ['this week', '2021-04-07/2021-04-19'],
    ['last week', '2021-03-31/2021-04-12'],
    ['late last year', '2020-10/2020-12'],
    ['early this year', '2021-01/2021-03'],
    ['last year', '2020'],
    ['this year', '2021'],
    ['the previous month', '2021-03'],
    ['two years ago', '2019'],
    ['4 months ago', '2020-12'],
    ['a week earlier', '2021-04-06'],
    ['ten days ago', '2021-04-03'],
    ['yesterday', '2021-04-12'],
    ['today', '2021-04-13'],
  ])('%s', (phrase, expected) => {
    expect(readDates(`Canada issued it ${phrase}.`)).toEqual([[phrase, expected]])
    expect(readDates(`Canada issued it ${phrase}.`, null)).toEqual([[phrase, null]])
  })

  test.each(['on Friday', 'in June', 'on May 6', 'on 6 May'])(
    'is not known in the future: %s',
    (phrase) => {
      expect(readDates(`Canada will issue it ${phrase}.`)).toEqual([[phrase, null]])
    },
  )
})

describe('of an article with a range of days', () => {
  const published = { earliest: '2021-01-01', latest: '2021-05-31' }

  test.each([
    ['the same for all days', 'last year', '2020'],
    ['a span of days', 'on Friday', '2021-01-01/2021-05-28'],
    ['a span of months', 'last month', '2020-12-01/2021-04-30'],
  ])('%s', (_, phrase, expected) => {
    expect(readDates(`Canada issued it ${phrase}.`, published)).toEqual([[phrase, expected]])
  })

  test.each([
    { earliest: null, latest: '2021-05-31' },
    { earliest: '2021-01-01', latest: null },
  ])('an open range gives nothing: %j', (open) => {
    expect(readDates('Canada issued it last year.', open)).toEqual([['last year', null]])
  })
})

test('dates are in text order, and none is a part of another', () => {
  expect(readDates('In 2019, on May 6, 2020 and last May it was so.')).toEqual([
    ['2019', '2019'],
    ['May 6, 2020', '2020-05-06'],
    ['last May', '2020-05'],
  ])
})

test('a new name that is a part of a date is no actor', () => {
  const readNames = (text: string) => readArticle(text).mentions.map(({ entity }) => entity.name)
  expect(readNames('It met Minister May there.')).toEqual(['May'])
  expect(readNames('It met Minister May 2020 there.')).toEqual([])
})
