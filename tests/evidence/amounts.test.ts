import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDecimals,
  compareDecimals,
  numberToDecimal,
  shiftDecimal,
  subtractDecimals,
  trimDecimal,
} from '../../src/evidence/amounts/decimals.ts'
import { parseAmount } from '../../src/evidence/amounts/parse-amount.ts'
import {
  type AmountRange,
  addRanges,
  exactly,
  getExactAmount,
  isBelow,
  isEmptyRange,
  isMore,
  overlaps,
} from '../../src/evidence/amounts/ranges.ts'

const range = (
  low: string | null,
  high: string | null,
  excludes: AmountRange['excludes'] = null,
): AmountRange => ({ low, high, excludes })

describe('words', () => {
  test.each<[string, AmountRange]>([
    ['27', exactly('27')],
    ['19,675', exactly('19675')],
    ['19,675 aircraft bombs', exactly('19675')],
    ['20 000', exactly('20000')],
    ["1'250'000", exactly('1250000')],
    ['1,250.50', exactly('1250.5')],
    ['US$ 95,000', exactly('95000')],
    ['€1.2bn', exactly('1200000000')],
    ['752 million euros', exactly('752000000')],
    ['twenty-seven permits', exactly('27')],
    ['one hundred and five', exactly('105')],
    ['two million five hundred thousand', exactly('2500000')],
    ['a dozen drones', exactly('12')],
    ['half a million', exactly('500000')],
    ['over 20,000', range('20000', null, 'low')],
    ['over €411 million', range('411000000', null, 'low')],
    ['more than 411 million', range('411000000', null, 'low')],
    ['in excess of $5m', range('5000000', null, 'low')],
    ['at least 27 permits', range('27', null)],
    ['no fewer than three', range('3', null)],
    ['200+', range('200', null)],
    ['20 or more', range('20', null)],
    ['fewer than 100', range(null, '100', 'high')],
    ['<100', range(null, '100', 'high')],
    ['up to 18 months', range(null, '18')],
    ['no more than 5', range(null, '5')],
    ['20 or fewer', range(null, '20')],
    ['almost 20,000', range('18000', '20000', 'high')],
    ['nearly 5 million', range('4500000', '5000000', 'high')],
    ['just over 2,000', range('2000', '2200', 'low')],
    ['about 2,000', range('1800', '2200')],
    ['some 200 bombs', range('180', '220')],
    ['about 5', range('4', '6')],
    ['around 0.5 tonnes', range('0.45', '0.55')],
    ['1 to 5 million', range('1000000', '5000000')],
    ['€1-5m', range('1000000', '5000000')],
    ['between 1 and 5 million', range('1000000', '5000000')],
    ['500,000 to 1 million', range('500000', '1000000')],
    ['between 20 and 30 vehicles', range('20', '30')],
    ['dozens', range('24', null)],
    ['hundreds of thousands of rounds', range('200000', null)],
    ['several', range('2', null)],
    ['some', range(null, null)],
    ['a few vehicles', range(null, null)],
  ])('%s', (words, expected) => {
    expect(parseAmount(words)).toEqual(expected)
  })

  test.each([
    '',
    'bombs',
    '12,5',
    '1.250',
    '1,25,000',
    '800 to 1 million',
    '5m',
    '20 bombs and 3 fuses',
    '20 percent',
    '20 or 30',
    'some twenty bombs or more',
    '30 to 20',
    '2020-05-06',
    'not 20',
    'a',
    '27 of which 20',
  ])('are not guessed: %j', (words) => {
    expect(parseAmount(words)).toBeNull()
  })
})

const decimal = fc
  .tuple(fc.bigInt(0n, 10n ** 20n), fc.nat(8))
  .map(([digits, places]) => shiftDecimal(String(digits), -places))
const anyRange = fc
  .tuple(
    fc.option(decimal),
    fc.option(decimal),
    fc.constantFrom<AmountRange['excludes']>(null, 'low', 'high', 'both'),
  )
  .map(([a, b, excludes]) => {
    const isReversed = a !== null && b !== null && compareDecimals(a, b) > 0
    return isReversed ? range(b, a, excludes) : range(a, b, excludes)
  })
const contains = (one: AmountRange, amount: string): boolean => overlaps(one, exactly(amount))

describe('decimals', () => {
  test('are compared, added and subtracted exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(compareDecimals(a, b) + compareDecimals(b, a)).toBe(0)
        expect(subtractDecimals(addDecimals(a, b), b)).toBe(trimDecimal(a))
        expect(compareDecimals(addDecimals(a, b), a)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('have no exponent', () => {
    expect([1e-7, 1.5e21, 7, 0.25].map(numberToDecimal)).toEqual([
      '0.0000001',
      '1500000000000000000000',
      '7',
      '0.25',
    ])
  })
})

describe('ranges', () => {
  test('"almost 20,000" and 19,675 overlap; "over 20,000" and 19,675 do not', () => {
    const almost = parseAmount('almost 20,000') ?? exactly('0')
    const over = parseAmount('over 20,000') ?? exactly('0')
    expect(overlaps(almost, exactly('19675'))).toBe(true)
    expect(overlaps(over, exactly('19675'))).toBe(false)
    expect(contains(over, '20000')).toBe(false)
    expect(contains(over, '20001')).toBe(true)
    expect(contains(almost, '20000')).toBe(false)
  })

  test('overlap is symmetric, and false exactly where one is below the other or empty', () => {
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a))
        const isApart = isBelow(a, b) || isBelow(b, a)
        expect(overlaps(a, b)).toBe(!isApart && !isEmptyRange(a) && !isEmptyRange(b))
      }),
    )
  })

  test('what is in two ranges makes them overlap', () => {
    fc.assert(
      fc.property(anyRange, anyRange, decimal, (a, b, amount) => {
        if (contains(a, amount) && contains(b, amount)) expect(overlaps(a, b)).toBe(true)
      }),
    )
  })

  test('certain, possible and no agree with the numbers in the ranges', () => {
    fc.assert(
      fc.property(anyRange, anyRange, decimal, decimal, (a, b, x, y) => {
        if (!contains(a, x) || !contains(b, y)) return
        const isGreater = compareDecimals(x, y) > 0
        if (isMore(a, b) === 'certain') expect(isGreater).toBe(true)
        if (isMore(a, b) === 'no') expect(isGreater).toBe(false)
      }),
    )
  })

  test('a sum contains the sums of what is in its parts', () => {
    fc.assert(
      fc.property(anyRange, anyRange, decimal, decimal, (a, b, x, y) => {
        if (contains(a, x) && contains(b, y))
          expect(contains(addRanges(a, b), addDecimals(x, y))).toBe(true)
      }),
    )
  })

  test('an exact amount is one number', () => {
    expect(getExactAmount(range('5', '5.0'))).toBe('5')
    expect(getExactAmount(range('5', '6'))).toBeNull()
    expect(getExactAmount(range('5', null))).toBeNull()
  })
})

test('words never make an empty range, and read the same twice', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('', 'about ', 'over ', 'up to '), (text, before) => {
      const read = parseAmount(before + text)
      if (read !== null) expect(isEmptyRange(read)).toBe(false)
      expect(parseAmount(before + text)).toEqual(read)
    }),
  )
})
