import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEdtfBounds } from '../../src/evidence/edtf.ts'
import {
  formatAmount,
  formatDateAdverb,
  formatDateAttribute,
  formatSince,
  joinWithAnd,
} from '../../src/evidence/words.ts'

const toDate = (edtf: string, asStated: string | null = null) => ({
  edtf,
  asStated,
  ...parseEdtfBounds(edtf),
})

describe('dates in sentences', () => {
  test.each([
    // Date, words of the source, adverb, after a noun, since when.
    ['2020', null, 'in 2020', 'of 2020', 'since 2020'],
    ['2020-05', 'last May', 'in May 2020', 'of May 2020', 'since May 2020'],
    ['2020-05-06', null, 'on 6 May 2020', 'of 6 May 2020', 'since 6 May 2020'],
    ['2020-05-06T23:30:00Z', null, 'on 6 May 2020', 'of 6 May 2020', 'since 6 May 2020'],
    ['2020-05-XX', null, 'in May 2020', 'of May 2020', 'since May 2020'],
    ['2020-XX-XX', null, 'in 2020', 'of 2020', 'since 2020'],
    ['202X', null, 'in the 2020s', 'of the 2020s', 'since the 2020s'],
    ['2020-21', null, 'in spring 2020', 'of spring 2020', 'since spring 2020'],
    [
      '2020-33',
      null,
      'in the first quarter of 2020',
      'of the first quarter of 2020',
      'since the first quarter of 2020',
    ],
    ['2019-10/2019-12', 'late 2019', 'in late 2019', 'of late 2019', 'since late 2019'],
    [
      '2019-10/2019-12',
      null,
      'between October and December 2019',
      'dated between October and December 2019',
      'since a day between October and December 2019',
    ],
    [
      '2019-07/2020-03',
      'between July 2019 and early 2020',
      'between July 2019 and early 2020',
      'dated between July 2019 and early 2020',
      'since a day between July 2019 and early 2020',
    ],
    [
      '2019-05/2019-12',
      'from May to late 2019',
      'between May and late 2019',
      'dated between May and late 2019',
      'since a day between May and late 2019',
    ],
    [
      '2020-05-01/2020-05-06',
      null,
      'between 1 and 6 May 2020',
      'dated between 1 and 6 May 2020',
      'since a day between 1 and 6 May 2020',
    ],
    [
      '2020-05-30/2020-06-02',
      null,
      'between 30 May and 2 June 2020',
      'dated between 30 May and 2 June 2020',
      'since a day between 30 May and 2 June 2020',
    ],
    [
      '2020/2021-05',
      'After reports surfaced',
      'between 2020 and May 2021',
      'dated between 2020 and May 2021',
      'since a day between 2020 and May 2021',
    ],
    ['../2020-05', null, 'by May 2020', 'dated by May 2020', 'since May 2020 or earlier'],
    [
      '2020-05/..',
      null,
      'in or after May 2020',
      'dated in or after May 2020',
      'since May 2020 or later',
    ],
    [
      '2020-05-06/..',
      null,
      'on or after 6 May 2020',
      'dated on or after 6 May 2020',
      'since 6 May 2020 or later',
    ],
    ['2020-05~', null, 'around May 2020', 'dated around May 2020', 'since about May 2020'],
    ['2020?', null, 'perhaps in 2020', 'dated perhaps in 2020', 'since about 2020'],
    ['2020%', null, 'perhaps around 2020', 'dated perhaps around 2020', 'since about 2020'],
  ])('%s (%s)', (edtf, asStated, adverb, attribute, since) => {
    const date = toDate(edtf, asStated)
    expect([formatDateAdverb(date), formatDateAttribute(date), formatSince(date)]).toEqual([
      adverb,
      attribute,
      since,
    ])
  })

  test('no EDTF is left in the words of any date', () => {
    const point = fc.constantFrom(
      '2019',
      '2019-07',
      '2019-07-15',
      '2019-XX-XX',
      '20XX',
      '2019-24',
      '2019-40',
      '2019~',
      '2019-07?',
    )
    const edtf = fc
      .tuple(point, fc.constantFrom(null, '..', '2031', '2031-02', '2031-02-03'))
      .map(([from, to]) => (to === null ? from : `${from}/${to}`))
    fc.assert(
      fc.property(edtf, (text) => {
        const date = toDate(text)
        for (const words of [formatDateAdverb(date), formatDateAttribute(date), formatSince(date)])
          expect(words).not.toMatch(/\d-\d|\/|\.\.|[?~%]|X/)
      }),
    )
  })
})

describe('amounts and lists', () => {
  test.each([
    [7, 7, null, null, 'seven'],
    [19_675, 19_675, null, null, '19,675'],
    [1_000, 5_000, null, null, 'between 1,000 and 5,000'],
    [20_000, null, null, null, 'at least 20,000'],
    [20_000, null, 'low', null, 'more than 20,000'],
    [null, 18, null, null, 'up to 18'],
    [null, 18, 'high', null, 'less than 18'],
    [18_000, 20_000, 'high', 'almost 20,000', 'almost 20,000'],
    [18_000, 20_000, 'high', 'fast 20.000', 'between 18,000 and 20,000'],
    [2.5, 2.5, null, null, '2.5'],
    [null, null, null, null, null],
  ] as const)('%s to %s without %s (%s) is %s', (low, high, excludes, asStated, words) => {
    expect(formatAmount({ low, high, excludes, asStated })).toBe(words)
  })

  test.each([
    [[], ''],
    [['A'], 'A'],
    [['A', 'A'], 'A'],
    [['A', 'B'], 'A and B'],
    [['A', 'B', 'C'], 'A, B and C'],
  ])('%j', (names, words) => {
    expect(joinWithAnd(names)).toBe(words)
  })
})
