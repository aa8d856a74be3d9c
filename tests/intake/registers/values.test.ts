import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trimDecimal } from '../../../src/evidence/amounts/decimals.ts'
import { readCurrency } from '../../../src/intake/registers/values/currencies.ts'
import { checkDateFormat, createDateReader } from '../../../src/intake/registers/values/dates.ts'
import {
  type NumberFormat,
  readAmount,
  unknownCells,
} from '../../../src/intake/registers/values/numbers.ts'
import { StateResolver } from '../../../src/intake/registers/values/states.ts'

const undeclared: NumberFormat = {
  decimal: null,
  thousands: null,
  currency: null,
  isMoney: true,
  unknown: unknownCells,
  scale: 0,
}

/** A reading in one word or two: the exact number, the range, `?` for unknown, `ambiguous`, or `no`. */
function amountOf(cell: string, format: Partial<NumberFormat> = {}, isStored = false): string {
  const reading = readAmount(cell, { ...undeclared, ...format }, isStored)
  switch (reading.kind) {
    case 'exact':
      return [reading.amount, reading.unit].filter((part) => part !== null).join(' ')
    case 'range':
      return `${reading.low ?? ''}..${reading.high ?? ''}${reading.excludes === null ? '' : ` not ${reading.excludes}`}`
    case 'unknown':
      return '?'
    case 'rejected':
      return reading.isAmbiguous ? 'ambiguous' : 'no'
  }
}

describe('amounts', () => {
  test.each([
    ["Fr. 492'552.00", '492552.00'],
    ['1’234.50', '1234.50'],
    ["12'34", 'no'],
    ['165.605', 'ambiguous'],
    ['165,605', 'ambiguous'],
    ['US$1,000', 'ambiguous'],
    ['5,000+', 'ambiguous'],
    ['0.605', '0.605'],
    ['1234.567', '1234.567'],
    ['1.234.567', '1234567'],
    ['1.234.567,89', '1234567.89'],
    ['1,234,567.89', '1234567.89'],
    ['1,234,5678', 'no'],
    ['1,2,3', 'no'],
    ['1.234,567.8', 'no'],
    ["1.234'567", 'no'],
    ['1\u00a0000\u202f000', '1000000'],
    ['1 000 00', 'no'],
    ['1 234,567', '1234.567'],
    ['12,34,567', 'no'],
    ['1.5E6', '1500000'],
    ['1,5E+06', '1500000'],
    ['1.5E-2', '0.015'],
    ['007', '7'],
    ['0', '0'],
    ['１２３', '123'],
    ['١٢٣', 'no'],
    ['500.--', '500'],
    ['€ 500,-', '500'],
    ['5.', 'no'],
    ['.5', 'no'],
    ['-500', 'no'],
    ['(500)', 'no'],
    ['5 %', 'no'],
    ['500*', 'no'],
    ['500 tonnes', 'no'],
    ['1.12345', 'no'],
    ['1.50000', '1.5'],
    ['1234567890123456', 'no'],
    ['1 to 5 million', '1000000..5000000'],
    ['10-20 million', '10000000..20000000'],
    ['zwischen 1,5 und 2 Mrd. €', '1500000000..2000000000'],
    ['< 1000', '..1000 not high'],
    ['moins de 2 millions', '..2000000 not high'],
    ['over 5 million', '5000000.. not low'],
    ['über 3 Mio. €', '3000000.. not low'],
    ['5m', '5000000'],
    ['', '?'],
    [' \u00a0', '?'],
    ['N/A', '?'],
    ['-', '?'],
    ['nil', 'no'],
    ['some', 'no'],
    ['see note', 'no'],
  ])('%j without declared signs: %s', (cell, expected) => {
    expect(amountOf(cell)).toBe(expected)
  })

  test.each<[string, Partial<NumberFormat>, string]>([
    ['12,5', { thousands: ',' }, 'no'],
    ['1,50', { thousands: ',' }, 'no'],
    ['165.605', { thousands: ',' }, '165.605'],
    ['12,5', { decimal: ',' }, '12.5'],
    ['1,50', { decimal: ',' }, '1.50'],
    ['12.5', { decimal: ',' }, 'no'],
    ['165.605', { decimal: '.' }, '165.605'],
    ['165.605', { decimal: ',' }, '165605'],
    ['1.000 bis 5.000', { decimal: ',' }, '1000..5000'],
    ['1,234', { decimal: '.', thousands: "'" }, 'no'],
    ['1.5', { scale: 3 }, '1500'],
    ['1 to 5', { scale: 6 }, '1000000..5000000'],
    ['nil', { unknown: ['nil'] }, '?'],
    ['420 kg', { isMoney: false }, '420 kg'],
    ['5m', { isMoney: false }, 'no'],
    ['500 ft', { isMoney: false }, '500 ft'],
    ['€ 500', { isMoney: false }, 'no'],
    ['CHF 500', { currency: 'CHF' }, '500'],
    ['CHF 500', { currency: 'EUR' }, 'no'],
    ['$ 500', {}, 'ambiguous'],
    ['$ 500', { currency: 'CAD' }, '500'],
    ['5 kr', { currency: 'SEK' }, '5'],
    ['€ 5 $', {}, 'no'],
  ])('%j with %j: %s', (cell, format, expected) => {
    expect(amountOf(cell, format)).toBe(expected)
  })

  test('a number that a spreadsheet stores has a decimal point, whatever the map declares', () => {
    expect(amountOf('1234.567', { decimal: ',', thousands: '.' }, true)).toBe('1234.567')
    expect(amountOf('1.5E6', { decimal: ',' }, true)).toBe('1500000')
  })

  test('a rejection says what is wrong with the cell', () => {
    const reasonOf = (cell: string) => {
      const reading = readAmount(cell, undeclared)
      return reading.kind === 'rejected' ? reading.reason : null
    }
    expect(reasonOf('165.605')).toBe(
      '"165.605": it can be 165.605 or 165605: declare the decimal sign',
    )
    expect(reasonOf('12,34,567')).toBe(
      '"12,34,567": the digits between "," are not groups of three',
    )
    expect(reasonOf('-5')).toBe('"-5" is a negative number')
  })

  test('a number written in any locale is read exactly or not at all', () => {
    const amounts = fc.tuple(fc.nat(999_999_999), fc.nat(4), fc.nat(9_999))
    const locales = fc.constantFrom('en-GB', 'de-DE', 'de-CH', 'fr-FR', 'nl-NL', 'sv-SE', 'it-IT')
    fc.assert(
      fc.property(amounts, locales, ([whole, digits, fraction], locale) => {
        const number = `${whole}.${String(fraction).padStart(4, '0').slice(0, digits)}`
        const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits })
        const cell = format.format(number as unknown as number)
        const parts = format.formatToParts(1_234_567.5)
        const decimal = parts.find(({ type }) => type === 'decimal')?.value as '.' | ','
        const expected = trimDecimal(number.replace(/\.$/, ''))
        const declared = amountOf(cell, { decimal })
        expect(trimDecimal(declared)).toBe(expected)
        const guess = amountOf(cell)
        if (guess !== 'ambiguous') expect(trimDecimal(guess)).toBe(expected)
      }),
    )
  })

  test.each([
    ['Euro', ['EUR']],
    ['€', ['EUR']],
    ['Fr.', ['CHF']],
    ['kr', ['DKK', 'NOK', 'SEK']],
    ['XOF', ['XOF']],
    ['tonnes', []],
  ])('the currency %j is %j', (cell, codes) => {
    expect(readCurrency(cell)).toEqual(codes)
  })
})

describe('dates', () => {
  const formats = [
    'dd.MM.yyyy',
    'dd.MM.yy',
    'MM.yyyy',
    'yyyy-MM-dd',
    'yyyy-MM',
    'dd MMMM yyyy',
    'dd. MMMM yyyy',
    'MMMM dd, yyyy',
    'MMMM yyyy',
    'yyyy',
    'ddMMyyyy',
    'Q yyyy',
    'spreadsheet-day',
  ]
  const read = createDateReader({ formats, pivot: 50, unknown: ['-'] })
  const dateOf = (cell: string) => {
    const reading = read(cell)
    return reading.kind === 'date' ? reading.edtf : reading.kind
  }

  test.each([
    ['04.01.2012', '2012-01-04'],
    ['4.1.2012', '2012-01-04'],
    ['2014-02-14 00:00:00', '2014-02-14'],
    ['2014-02-14T13:05:00Z', '2014-02-14'],
    ['04.01.12', '2012-01-04'],
    ['04.01.99', '1999-01-04'],
    ['01.2012', '2012-01'],
    ['2019-03', '2019-03'],
    ['2012', '2012'],
    ['4 January 2012', '2012-01-04'],
    ['3. Mai 2019', '2019-05-03'],
    ['January 5, 2012', '2012-01-05'],
    ['MÄRZ 2019', '2019-03'],
    ['févr. 2019', '2019-02'],
    ['HAZİRAN 2020', '2020-06'],
    ['mrt 2020', '2020-03'],
    ['sept. 2020', '2020-09'],
    ['1. Quartal 2019', '2019-33'],
    ['Q4 2019', '2019-36'],
    ['2020?', '2020?'],
    ['04.2020 (?)', '2020-04?'],
    ['ca. 2020', '2020~'],
    ['3122003', '2003-12-03'],
    ['41000', '2012-04-01'],
    ['41000.75', '2012-04-01'],
    ['', 'unknown'],
    ['-', 'unknown'],
    ['31.06.2012', 'rejected'],
    ['13.2012', 'rejected'],
    ['00.2012', 'rejected'],
    ['29.02.2019', 'rejected'],
    ['Smarch 2019', 'rejected'],
    ['999', 'rejected'],
    ['2019-2020', 'rejected'],
  ])('%j is %s', (cell, expected) => {
    expect(dateOf(cell)).toBe(expected)
  })

  test('every day is read back from every format', () => {
    const days = fc.date({
      min: new Date('1950-01-01'),
      max: new Date('2049-12-31'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(
        days,
        fc.constantFrom('dd/MM/yyyy', 'MM/dd/yy', 'ddMMyyyy', 'yyyyMMdd'),
        (day, format) => {
          const [yyyy = '', MM = '', dd = ''] = day.toISOString().slice(0, 10).split('-')
          const cell = format
            .replace('yyyy', yyyy)
            .replace('yy', yyyy.slice(2))
            .replace('MM', MM)
            .replace('dd', dd)
          const one = createDateReader({ formats: [format], pivot: 50, unknown: [] })
          expect(one(cell)).toMatchObject({ edtf: `${yyyy}-${MM}-${dd}` })
          expect(one(cell.replace(/^0/, ''))).toMatchObject({ edtf: `${yyyy}-${MM}-${dd}` })
        },
      ),
    )
  })

  test.each([
    ['dd/MM/yyyy', true],
    ['MMMM yyyy', true],
    ['yyyy', true],
    ['Q yyyy', true],
    ['spreadsheet-day', true],
    ['dd/MM', false],
    ['dd yyyy', false],
    ['yyyy yy', false],
    ['DD/MM/YYYY', false],
    ['month yyyy', false],
  ])('the format %j is good: %s', (format, isGood) => {
    expect(checkDateFormat(format) === null).toBe(isGood)
  })
})

describe('states', () => {
  const states = new StateResolver()

  test.each([
    ['TR', 'turkey'],
    ['TUR', 'turkey'],
    ['Türkiye', 'turkey'],
    ['TÜRKEI', 'turkey'],
    ['Singapur', 'singapore'],
    ['China, Volksrepublik', 'china'],
    ['Korea, South', 'south-korea'],
    ['Korea, Rep.', 'south-korea'],
    ['Korea, Republik', 'south-korea'],
    ['Korea, Dem. Rep.', 'north-korea'],
    ["Korea, Democratic People's Republic", 'north-korea'],
    ['Congo, Rep.', 'republic-of-the-congo'],
    ['VS', 'united-states'],
    ['ZUID AFRIKA', 'south-africa'],
    ['OESTERREICH', 'austria'],
    ['Wit-Rusland (Belarus)', 'belarus'],
    ['Kroatien (Hrvatska)', 'croatia'],
    ['Côte d`Ivoire', 'cote-d-ivoire'],
    ['Trinidad and Tobago', 'trinidad-and-tobago'],
    ['Kosovo', 'kosovo'],
  ])('%j is %s', (cell, slug) => {
    expect(states.resolve(cell)).toMatchObject({ kind: 'state', state: { slug } })
  })

  test.each([
    ['', 'unknown', []],
    ['unknown supplier(s)', 'unknown', []],
    ['Hong Kong', 'territory', ['HK']],
    ['Gibraltar', 'territory', ['GI']],
    ['Soviet Union', 'former', []],
    ['Servië en Montenegro', 'former', []],
    ['Congo', 'ambiguous', ['CG', 'CD']],
    ['Germany; Poland', 'several', ['DE', 'PL']],
    ['China via Hongkong', 'several', ['CN', 'HK']],
    ['Diverse landen', 'group', []],
    ['NATO', 'group', []],
    ['Libya GNC', 'other', ['LY']],
    ['Libya (GNC)', 'other', ['LY']],
    ['Turkjje', 'other', ['TR']],
    ['Tanzania v.v.', 'other', ['TZ']],
    ['Channel Islands', 'other', []],
    ['Atlantis', 'other', []],
  ])('%j is no state: %s', (cell, reason, codes) => {
    const reading = states.resolve(cell)
    expect(reading).toMatchObject({ kind: 'none', reason })
    const suggestions = reading.kind === 'none' ? reading.suggestions : []
    expect(suggestions.map(({ code }) => code)).toEqual(expect.arrayContaining(codes))
  })
})
