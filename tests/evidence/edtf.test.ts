import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type Certainty,
  certaintyDuring,
  certaintyOverlap,
  compareDates,
  type DateBounds,
  certaintyBefore as isBefore,
  parseEdtfBounds,
} from '../../src/evidence/edtf.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('parseEdtfBounds', () => {
  test.each([
    ['0001', '0001-01-01', '0001-12-31'],
    ['9999', '9999-01-01', '9999-12-31'],
    ['9999-12-31', '9999-12-31', '9999-12-31'],
    ['0099-02', '0099-02-01', '0099-02-28'],
    ['2020', '2020-01-01', '2020-12-31'],
    ['2020-05', '2020-05-01', '2020-05-31'],
    ['2020-05-06', '2020-05-06', '2020-05-06'],
    ['2020-02', '2020-02-01', '2020-02-29'],
    ['2021-02', '2021-02-01', '2021-02-28'],
    ['2000-02-29', '2000-02-29', '2000-02-29'],
    ['2020-12-31', '2020-12-31', '2020-12-31'],
    ['2021?', '2021-01-01', '2021-12-31'],
    ['2020~', '2020-01-01', '2020-12-31'],
    ['2020%', '2020-01-01', '2020-12-31'],
    ['2020-05-06?', '2020-05-06', '2020-05-06'],
    ['202X', '2020-01-01', '2029-12-31'],
    ['20XX', '2000-01-01', '2099-12-31'],
    ['2020-XX', '2020-01-01', '2020-12-31'],
    ['2020-02-XX', '2020-02-01', '2020-02-29'],
    ['2021-XX-XX', '2021-01-01', '2021-12-31'],
    ['2019-10/2019-12', '2019-10-01', '2019-12-31'],
    ['2019~/2020-02?', '2019-01-01', '2020-02-29'],
    ['2020-05-06/2020-05-06', '2020-05-06', '2020-05-06'],
    ['2020-05/2020', '2020-05-01', '2020-12-31'],
    ['2020/2020-05', '2020-01-01', '2020-05-31'],
    ['2020-05/..', '2020-05-01', null],
    ['../2020-05', null, '2020-05-31'],
    ['2020-21', '2020-03-01', '2020-06-30'],
    ['2020-22', '2020-06-01', '2020-09-30'],
    ['2020-23', '2020-09-01', '2020-12-31'],
    ['2020-24', '2020-01-01', '2021-03-31'],
    ['0050-24', '0050-01-01', '0051-03-31'],
    ['2020-22~', '2020-06-01', '2020-09-30'],
    ['2020-33', '2020-01-01', '2020-03-31'],
    ['2020-34', '2020-04-01', '2020-06-30'],
    ['2020-35', '2020-07-01', '2020-09-30'],
    ['2020-36', '2020-10-01', '2020-12-31'],
    ['2020-36?', '2020-10-01', '2020-12-31'],
    ['2020-37', '2020-01-01', '2020-04-30'],
    ['2020-38', '2020-05-01', '2020-08-31'],
    ['2020-39', '2020-09-01', '2020-12-31'],
    ['2020-40', '2020-01-01', '2020-06-30'],
    ['2020-41', '2020-07-01', '2020-12-31'],
    ['2020-05/', '2020-05-01', null],
    ['/2020-05', null, '2020-05-31'],
    ['2019-23/2020-21', '2019-09-01', '2020-06-30'],
    ['2020-24/..', '2020-01-01', null],
    ['/2020-33', null, '2020-03-31'],
    ['2020-33/2020-08~', '2020-01-01', '2020-08-31'],
    ['2020-05-XX/202X', '2020-05-01', '2029-12-31'],
    ['2004-06-11%/2004-06~', '2004-06-11', '2004-06-30'],
    ['1984-06-02?/2004-08-08~', '1984-06-02', '2004-08-08'],
    ['2020-05-06T10:00:00', '2020-05-06', '2020-05-06'],
    ['2020-05-06T23:30:00Z', '2020-05-06', '2020-05-06'],
    ['2020-05-06T23:30:00-04:00', '2020-05-06', '2020-05-06'],
    ['2020-05-06T00:30:00+05:30', '2020-05-06', '2020-05-06'],
  ])('%s is %s to %s', (edtf, earliest, latest) => {
    expect(parseEdtfBounds(edtf)).toEqual({ earliest, latest })
  })

  test.each([
    ['nothing', '', /is not an EDTF date/],
    ['white space', ' 2020', /is not an EDTF date/],
    ['words', 'last May', /is not an EDTF date/],
    ['a line end', '2020\n', /is not an EDTF date/],
    ['a month that does not exist', '2020-13', /is not an EDTF date/],
    ['30 February', '2020-02-30', /is not an EDTF date/],
    ['31 April', '2020-04-31', /is not an EDTF date/],
    ['29 February in a common year', '2021-02-29', /not a leap year/],
    ['29 February in a century year that is not a leap year', '1900-02-29', /not a leap year/],
    ['29 February in an interval', '2020-02-29/2021-02-29', /not a leap year/],
    ['a reversed interval of years', '2020/2019', /ends before it starts/],
    ['a reversed interval of days', '2020-05-06/2020-05-05', /ends before it starts/],
    ['a reversed interval over a year end', '2020-12/2020-01', /ends before it starts/],
    ['open at both ends', '../..', /names no date/],
    ['unknown at both ends', '/', /names no date/],
    ['an open start and an unknown end', '../', /names no date/],
    ['an unknown start and an open end', '/..', /names no date/],
    ['an interval of three', '2019/2020/2021', /is not an EDTF date/],
    ['a reversed interval of seasons', '2020-23/2020-21', /ends before it starts/],
    ['a quarter after the last', '2020-42', /is not an EDTF date/],
    ['a season of the southern hemisphere', '2020-29', /is not an EDTF date/],
    ['two marks on a season', '2020-21?~', /is not an EDTF date/],
    ['a mark on one part', '2020-?05', /is not an EDTF date/],
    ['a quarter of the year 0', '0000-33', /years 0001 to 9999/],
    ['29 February at noon', '2021-02-29T12:00:00Z', /not a leap year/],
    ['nothing but an open end', '..', /is not an EDTF date/],
    ['one of a set', '[2020,2021]', /is not an EDTF date/],
    ['all of a set', '{2020..2021}', /is not an EDTF date/],
    ['a time of day in an interval', '2020/2020-05-06T10:00:00Z', /time of day/],
    ['the year 0', '0000', /years 0001 to 9999/],
    ['a decade with the year 0', '000X', /years 0001 to 9999/],
    ['no digit known', 'XXXX', /years 0001 to 9999/],
    ['a year before the common era', '-0044', /years 0001 to 9999/],
    ['an interval from the year 0', '0000/2000', /years 0001 to 9999/],
    ['a season of the year 0', '0000-21', /years 0001 to 9999/],
    ['a winter that ends in the year 10000', '9999-24', /years 0001 to 9999/],
    ['a long year', 'Y12020', /is not an EDTF date/],
    ['five digits, which are no milliseconds', '12345', /is not an EDTF date/],
    ['a century', '20', /is not an EDTF date/],
    ['no hyphens', '20200506', /is not an EDTF date/],
    ['65 characters', `2020${' '.repeat(61)}`, /at most 64 characters/],
  ])('refuses %s', (_, edtf, message) => {
    expect(() => parseEdtfBounds(edtf)).toThrow(RangeError)
    expect(() => parseEdtfBounds(edtf)).toThrow(message)
  })

  test('every month of four centuries has its length', () => {
    for (let year = 1700; year <= 2100; year += 1) {
      const february = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
      const lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (const [index, length] of lengths.entries()) {
        const month = `${year}-${String(index + 1).padStart(2, '0')}`
        expect(parseEdtfBounds(month).latest).toBe(`${month}-${length}`)
      }
    }
  })

  test.each(['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'])(
    'returns the same in the time zone %s',
    (zone) => {
      vi.stubEnv('TZ', zone)
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone)
      expect(parseEdtfBounds('2020-12-31')).toEqual({
        earliest: '2020-12-31',
        latest: '2020-12-31',
      })
      expect(parseEdtfBounds('2020-03')).toEqual({ earliest: '2020-03-01', latest: '2020-03-31' })
      expect(parseEdtfBounds('2020-24')).toEqual({ earliest: '2020-01-01', latest: '2021-03-31' })
    },
  )

  test('latest is never before earliest, and both days exist', () => {
    fc.assert(
      fc.property(edtfDate, (edtf) => {
        const { earliest, latest } = parseEdtfBounds(edtf)
        for (const day of [earliest, latest]) {
          if (day !== null) expect(new Date(day).toISOString().slice(0, 10)).toBe(day)
        }
        if (earliest !== null && latest !== null) expect(earliest <= latest).toBe(true)
      }),
    )
  })

  test('returns bounds or throws a RangeError for any text', () => {
    const alphabet = fc.constantFrom(...'0123456789-/.X?~%[]{},TZ:SYE+ ')
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: alphabet }), fc.string({ unit: 'binary' })),
        (edtf) => {
          try {
            parseEdtfBounds(edtf)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        },
      ),
    )
  })
})

describe('certainty', () => {
  const may = parseEdtfBounds('2020-05')
  const open = parseEdtfBounds('2020-05/..')
  const until = parseEdtfBounds('../2020-05')

  test.each<[string, Certainty, Certainty]>([
    ['a month before the next', isBefore(may, parseEdtfBounds('2020-06')), 'certain'],
    ['a month before a day in it', isBefore(may, parseEdtfBounds('2020-05-06')), 'possible'],
    ['a month before its first day', isBefore(may, parseEdtfBounds('2020-05-01')), 'no'],
    [
      'a day before itself',
      isBefore(parseEdtfBounds('2020-05-06'), parseEdtfBounds('2020-05-06')),
      'no',
    ],
    [
      'the last day of a year before the next year',
      isBefore(parseEdtfBounds('2019-12-31'), parseEdtfBounds('2020')),
      'certain',
    ],
    [
      'what may go on for ever before a later month',
      isBefore(open, parseEdtfBounds('2020-06')),
      'possible',
    ],
    ['what ended before a later month', isBefore(until, parseEdtfBounds('2020-06')), 'certain'],
    [
      'a day during its year',
      certaintyDuring(parseEdtfBounds('2020-12-31'), parseEdtfBounds('2020')),
      'certain',
    ],
    ['a year during one of its months', certaintyDuring(parseEdtfBounds('2020'), may), 'possible'],
    ['a month during the month before', certaintyDuring(parseEdtfBounds('2020-06'), may), 'no'],
    [
      'a later month during an open period',
      certaintyDuring(parseEdtfBounds('2024'), open),
      'certain',
    ],
    [
      'an open date during a closed period',
      certaintyDuring(open, parseEdtfBounds('2020')),
      'possible',
    ],
    ['an open date during itself', certaintyDuring(open, open), 'certain'],
    [
      'a day with itself',
      certaintyOverlap(parseEdtfBounds('2020-05-06'), parseEdtfBounds('2020-05-06')),
      'certain',
    ],
    ['two dates of one month', certaintyOverlap(may, may), 'possible'],
    ['a day with its month', certaintyOverlap(parseEdtfBounds('2020-05-06'), may), 'possible'],
    ['two neighbouring months', certaintyOverlap(may, parseEdtfBounds('2020-06')), 'no'],
    ['two open dates', certaintyOverlap(open, until), 'possible'],
    ['all time with all time', certaintyOverlap(nothingKnown(), nothingKnown()), 'possible'],
  ])('%s: %s', (_, answer, expected) => {
    expect(answer).toBe(expected)
  })

  /** Days 1 to 3 can be bounds; an open end reaches to day 0 or 4. */
  const day = (n: number) => `2020-02-${String(27 + n)}`
  const iso = ['2020-02-27', day(1), day(2), '2020-03-01', '2020-03-02']
  const ends = [null, 1, 2, 3]
  const dates = ends.flatMap((first) =>
    ends.flatMap((last) => {
      if (first !== null && last !== null && first > last) return []
      const bounds: DateBounds = {
        earliest: first === null ? null : (iso[first] ?? null),
        latest: last === null ? null : (iso[last] ?? null),
      }
      const days = [0, 1, 2, 3, 4].filter((n) => n >= (first ?? 0) && n <= (last ?? 4))
      return [{ bounds, days, meanings: subsets(days) }]
    }),
  )

  const among = (answers: boolean[]): Certainty => {
    if (answers.every(Boolean)) return 'certain'
    return answers.some(Boolean) ? 'possible' : 'no'
  }

  test('equals the result of trying every set of days within the bounds', () => {
    for (const a of dates) {
      for (const b of dates) {
        const pairs = a.meanings.flatMap((x) => b.meanings.map((y) => [x, y] as const))
        expect([a.bounds, b.bounds, isBefore(a.bounds, b.bounds)]).toEqual([
          a.bounds,
          b.bounds,
          among(pairs.map(([x, y]) => Math.max(...x) < Math.min(...y))),
        ])
        expect([a.bounds, b.bounds, certaintyDuring(a.bounds, b.bounds)]).toEqual([
          a.bounds,
          b.bounds,
          among(a.meanings.map((x) => x.every((n) => b.days.includes(n)))),
        ])
        expect([a.bounds, b.bounds, certaintyOverlap(a.bounds, b.bounds)]).toEqual([
          a.bounds,
          b.bounds,
          among(pairs.map(([x, y]) => x.some((n) => y.includes(n)))),
        ])
      }
    }
  })

  test('an overlap is symmetric', () => {
    fc.assert(
      fc.property(edtfDate, edtfDate, (a, b) => {
        expect(certaintyOverlap(parseEdtfBounds(a), parseEdtfBounds(b))).toBe(
          certaintyOverlap(parseEdtfBounds(b), parseEdtfBounds(a)),
        )
      }),
    )
  })

  test('certainly before excludes the reverse and an overlap', () => {
    fc.assert(
      fc.property(edtfDate, edtfDate, (one, other) => {
        const [a, b] = [parseEdtfBounds(one), parseEdtfBounds(other)]
        if (isBefore(a, b) !== 'certain') return
        expect([isBefore(b, a), certaintyOverlap(a, b), certaintyDuring(a, b)]).toEqual([
          'no',
          'no',
          'no',
        ])
      }),
    )
  })
})

describe('compareDates', () => {
  test('sorts by earliest day, open starts first, open ends last', () => {
    const sorted = [
      '../2019',
      '../2020',
      '2020-05-01',
      '2020-05',
      '2020-05/2020-06',
      '2020-05/..',
      '2020-05-02',
    ].map(parseEdtfBounds)
    expect(sorted.toReversed().sort(compareDates)).toEqual(sorted)
  })

  test('is a total order on bounds', () => {
    fc.assert(
      fc.property(edtfDate, edtfDate, edtfDate, (...three) => {
        const [a, b, c] = three.map(parseEdtfBounds)
        if (a === undefined || b === undefined || c === undefined) return
        expect(compareDates(a, b) + compareDates(b, a)).toBe(0)
        if (compareDates(a, b) === 0) expect(a).toEqual(b)
        if (compareDates(a, b) <= 0 && compareDates(b, c) <= 0) {
          expect(compareDates(a, c)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })
})

function nothingKnown(): DateBounds {
  return { earliest: null, latest: null }
}

/** Every set of some of the days. */
function subsets(days: number[]): number[][] {
  const sets: number[][] = [[]]
  for (const day of days) sets.push(...sets.map((set) => [...set, day]))
  return sets.slice(1)
}

/** Dates of all accepted forms, close enough to each other to meet. */
const single = fc
  .tuple(fc.integer({ min: 2019, max: 2021 }), fc.integer({ min: 1, max: 12 }), fc.nat(27))
  .chain(([year, month, nights]) => {
    const yearMonth = `${year}-${String(month).padStart(2, '0')}`
    const date = `${yearMonth}-${String(nights + 1).padStart(2, '0')}`
    const marked = fc.constantFrom('', '?', '~', '%')
    return fc
      .tuple(fc.constantFrom(String(year), yearMonth, date), marked)
      .map(([written, mark]) => written + mark)
  })
const edtfDate: fc.Arbitrary<string> = fc.oneof(
  single,
  fc.constantFrom('202X', '20XX', '2020-XX', '2020-02-XX', '2020-XX-XX'),
  fc
    .tuple(fc.integer({ min: 2019, max: 2021 }), fc.integer({ min: 21, max: 24 }))
    .map((two) => two.join('-')),
  fc
    .tuple(fc.integer({ min: 2019, max: 2021 }), fc.integer({ min: 33, max: 41 }))
    .map((two) => two.join('-')),
  single.map((date) => `../${date}`),
  single.map((date) => `/${date}`),
  single.map((date) => `${date}/`),
  single.map((date) => `${date}/..`),
  fc
    .tuple(single, single)
    .map((two) => two.toSorted().join('/'))
    .filter(isInOrder),
)

function isInOrder(interval: string): boolean {
  try {
    return parseEdtfBounds(interval) !== null
  } catch {
    return false
  }
}
