import { describe, expect, test } from 'vitest'
import { toDateRange } from '../../../src/answers/timeline/rules.ts'
import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'
import { formatDateInWords } from '../../../src/evidence/words.ts'

const toDate = (edtf: string) => ({
  edtf,
  asStated: null,
  reasoning: null,
  ...parseEdtfBounds(edtf),
})

describe('parts of years, unknown ends and times of day', () => {
  test.each([
    ['2020-21', 'spring 2020', '2020-03-01', '2020-06-30'],
    ['2020-33', 'first quarter of 2020', '2020-01-01', '2020-03-31'],
    ['2020-36~', 'about fourth quarter of 2020', '2020-10-01', '2020-12-31'],
    ['2020-38', 'second third of 2020', '2020-05-01', '2020-08-31'],
    ['2020-41', 'second half of 2020', '2020-07-01', '2020-12-31'],
    [
      '2019-23/2020-33',
      'between autumn 2019 and first quarter of 2020',
      '2019-09-01',
      '2020-03-31',
    ],
    ['2020-05/', 'May 2020 or later', '2020-05', null],
    ['/2020-05', 'May 2020 or earlier', '2020-05', null],
    ['2020-05-06T23:30:00Z', '6 May 2020', '2020-05-06', null],
    [
      '2004-06-11%/2004-06~',
      'between about 11 June 2004 (uncertain) and about June 2004',
      '2004-06-11',
      '2004-06',
    ],
  ])('%s is "%s"', (edtf, words, start, end) => {
    expect(formatDateInWords(toDate(edtf))).toBe(words)
    const toText = (date: ReturnType<typeof toDateRange>['end']) =>
      date &&
      [date.year, date.month, date.day]
        .filter((part) => part !== undefined)
        .map((part) => String(part).padStart(2, '0'))
        .join('-')
    const range = toDateRange(toDate(edtf))
    expect([toText(range.start), toText(range.end)]).toEqual([start, end])
  })
})
