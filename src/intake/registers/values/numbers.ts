import {
  compareDecimals,
  type Decimal,
  shiftDecimal,
  trimDecimal,
} from '../../../evidence/amounts/decimals.ts'
import { parseAmount } from '../../../evidence/amounts/parse-amount.ts'
import { type AmountRange, getExactAmount } from '../../../evidence/amounts/ranges.ts'
import { translateAmountWords } from './amount-words.ts'
import { takeCurrencies } from './currencies.ts'

/** How the numbers of a column are written. */
export type NumberFormat = {
  /** Null if it is not declared. Then a number that can be read in two ways is not read. */
  decimal: '.' | ',' | null
  /** Separator of groups of three; null for any that is not the decimal sign. `'` and a space stand for their variants. */
  thousands: '.' | ',' | ' ' | "'" | null
  /** ISO 4217, for sums of money. A cell with the sign of another currency is not read. Null: what the cell says. */
  currency: string | null
  /** Whether the cells are sums of money: then no words of a unit are allowed. */
  isMoney: boolean
  /** Cells of which the value is not known, besides empty ones. */
  unknown: readonly string[]
  /** Power of ten by which the cells are multiplied: 3 for values in thousands. */
  scale: number
}

/** Default of `unknown`. "nil" and "none" are not among them: some registers write them for zero. */
export const unknownCells: readonly string[] = ['n/a', 'n.a.', 'na', '-', '–', '—']

/** `amount` has the digits of the cell: `492552.00`. `currency` and `unit` are what the cell says of them. */
export type AmountReading =
  | { kind: 'exact'; amount: Decimal; currency: string | null; unit: string | null }
  | ({ kind: 'range'; words: string; currency: string | null } & AmountRange)
  | { kind: 'unknown' }
  | { kind: 'rejected'; reason: string; isAmbiguous: boolean }

const reject = (reason: string, isAmbiguous = false): AmountReading & { kind: 'rejected' } => ({
  kind: 'rejected',
  reason,
  isAmbiguous,
})

/** Limits of what a record can hold (`MoneyInput`). */
const wholeDigitsMax = 15
const decimalsMax = 4

/**
 * Reads the number of a cell exactly, or says why not. Never guesses: groups of digits must have three digits, and
 * `165.605` is ambiguous if no sign is declared.
 *
 * @param isStored whether a spreadsheet stores the cell as a number: then it is in digits with a decimal point
 */
export function readAmount(cell: string, format: NumberFormat, isStored = false): AmountReading {
  const text = normalise(cell)
  if (text === '' || isUnknown(text, format)) return { kind: 'unknown' }
  if (/^[-−] ?\d|^\([\d.,' ]+\)$/.test(text)) return reject(`"${text}" is a negative number`)
  if (isStored) return readStoredNumber(text, format)
  if (!format.isMoney && /\p{Sc}/u.test(text)) return reject(`"${text}" is a sum of money`)
  const taken = format.isMoney ? takeCurrencies(text) : { rest: text, codes: null }
  const currency = chooseCurrency(text, taken.codes, format)
  if (typeof currency === 'object' && currency !== null) return currency
  const numeral = readNumeral(taken.rest, format)
  if (typeof numeral === 'string') return finishExact(numeral, format, currency, null)
  if (numeral !== null) return reject(`"${text}": ${numeral.reason}`, numeral.isAmbiguous)
  return readWords(text, taken.rest, format, currency)
}

const normalise = (cell: string): string =>
  cell
    .replaceAll(/[’‘ʼ′´`]/g, "'")
    .normalize('NFKC')
    .replaceAll(/\s+/g, ' ')
    .trim()

function isUnknown(text: string, { unknown }: NumberFormat): boolean {
  const folded = text.toLowerCase()
  return unknown.some((cell) => normalise(cell).toLowerCase() === folded)
}

function readStoredNumber(text: string, format: NumberFormat): AmountReading {
  const numeral = readNumeral(text, { decimal: '.', thousands: null })
  if (typeof numeral === 'string') return finishExact(numeral, format, null, null)
  return reject(`"${text}" is not an amount`)
}

/** The currency that a cell names, null if it names none. */
function chooseCurrency(
  text: string,
  codes: readonly string[] | null,
  { currency }: NumberFormat,
): string | null | (AmountReading & { kind: 'rejected' }) {
  if (codes === null) return null
  if (codes.length === 0) return reject(`"${text}" has the signs of two currencies`)
  if (currency !== null)
    return codes.includes(currency)
      ? currency
      : reject(`"${text}" is in ${codes.join(' or ')}, and the map says ${currency}`)
  const [only = null] = codes
  if (codes.length === 1) return only
  return reject(`"${text}" can be in ${codes.join(' or ')}: declare the currency`, true)
}

function finishExact(
  numeral: Decimal,
  { scale, isMoney }: NumberFormat,
  currency: string | null,
  unit: string | null,
): AmountReading {
  const scaled = scale === 0 ? numeral : shiftDecimal(numeral, scale)
  const amount = limitDecimals(scaled)
  const [whole = '', fraction = ''] = amount.split('.')
  if (whole.length > wholeDigitsMax)
    return reject(`"${numeral}" has more than ${wholeDigitsMax} digits`)
  if (isMoney && fraction.length > decimalsMax)
    return reject(`"${numeral}" has more than ${decimalsMax} decimals`)
  return { kind: 'exact', amount, currency, unit }
}

/** Without zeros that a record has no room for. */
const limitDecimals = (amount: Decimal): Decimal =>
  (amount.split('.')[1]?.length ?? 0) > decimalsMax ? trimDecimal(amount) : amount

type Signs = Pick<NumberFormat, 'decimal' | 'thousands'>
type NumeralFault = { reason: string; isAmbiguous: boolean }

const numeralPattern = /^(\d[\d.,' ]*?)(?:[.,][-–—]{1,2})?(?: ?[eE]([+-]?\d{1,2}))?$/

/** A number in digits, without zeros before it. Null for a text that is no number. */
function readNumeral(text: string, signs: Signs): Decimal | NumeralFault | null {
  const [, digits, exponent = '0'] = numeralPattern.exec(text) ?? []
  if (digits === undefined) return null
  const decimal = exponent === '0' ? chooseDecimalSign(digits, signs) : findLastSign(digits, signs)
  if (typeof decimal === 'object' && decimal !== null) return decimal
  const [whole = '', ...fractions] = decimal === null ? [digits] : digits.split(decimal)
  const [fraction = ''] = fractions
  if (fractions.length > 1 || !/^\d*$/.test(fraction) || digits.endsWith(decimal ?? ' '))
    return { reason: 'its digits are not those of one number', isAmbiguous: false }
  const fault = checkGroups(whole, signs, decimal)
  if (fault !== null) return fault
  const plain = whole.replaceAll(/\D/g, '').replace(/^0+(?=\d)/, '')
  const amount = fraction === '' ? plain : `${plain}.${fraction}`
  return exponent === '0' ? amount : shiftDecimal(amount, Number(exponent))
}

/** In `1.234E6` the point cannot be the sign of a group. */
const findLastSign = (digits: string, { decimal }: Signs): string | null =>
  decimal ?? /[.,](?=\d+$)/.exec(digits)?.[0] ?? null

/** The decimal sign of a number; null if the number has none. */
function chooseDecimalSign(
  digits: string,
  { decimal, thousands }: Signs,
): string | null | NumeralFault {
  if (decimal !== null) return digits.includes(decimal) ? decimal : null
  const marks = digits.match(/[.,]/g) ?? []
  const last = marks.at(-1)
  if (last === undefined) return null
  if (thousands === '.' || thousands === ',') return last === thousands ? null : last
  const isRepeated = marks.filter((mark) => mark === last).length > 1
  if (isRepeated) return null
  const hasOtherGroups = marks.length > 1 || /[' ]/.test(digits) || thousands !== null
  if (hasOtherGroups || !/^(?!0[.,])\d{1,3}[.,]\d{3}$/.test(digits)) return last
  const other = digits.replace(last, '')
  return {
    reason: `it can be ${digits.replace(last, '.')} or ${other}: declare the decimal sign`,
    isAmbiguous: true,
  }
}

function checkGroups(
  whole: string,
  { thousands }: Signs,
  decimal: string | null,
): NumeralFault | null {
  if (/^\d+$/.test(whole)) return null
  const sign = /[^\d]/.exec(whole)?.[0] ?? ''
  const isAllowed = sign !== decimal && (thousands === null || sign === thousands)
  const groups = whole.split(sign)
  const isGrouped =
    /^\d{1,3}$/.test(groups[0] ?? '') && groups.slice(1).every((group) => /^\d{3}$/.test(group))
  if (isAllowed && isGrouped) return null
  const reason = isAllowed
    ? `the digits between "${sign}" are not groups of three`
    : `"${sign}" is not the declared separator of thousands`
  return { reason, isAmbiguous: false }
}

const numeralInWords = /\d+(?:[.,']\d+| \d{3}(?!\d))*/g

/** `1 to 5 million`, `< 1000`, `über 3 Mio.`, `420 kg`. */
function readWords(
  text: string,
  rest: string,
  format: NumberFormat,
  currency: string | null,
): AmountReading {
  let fault: NumeralFault | null = null
  const plain = rest.replaceAll(numeralInWords, (digits) => {
    const numeral = readNumeral(digits, format)
    if (typeof numeral === 'string') return padDecimals(numeral)
    fault ??= numeral
    return digits
  })
  const found = fault as NumeralFault | null
  if (found !== null) return reject(`"${text}": ${found.reason}`, found.isAmbiguous)
  const { words, unit } = translateAmountWords(plain, format.isMoney)
  const range = /\d/.test(words) ? parseAmount(words) : null
  if (range === null || (unit !== null && format.isMoney))
    return reject(`"${text}" is not an amount`)
  const exact = getExactAmount(range)
  if (exact !== null) return finishExact(exact, format, currency, unit)
  return finishRange(range, text, format, currency)
}

/** Of three decimals, `parseAmount` cannot know that they are no group of thousands. */
const padDecimals = (numeral: Decimal): Decimal =>
  /\.\d{3}$/.test(numeral) ? `${numeral}0` : numeral

function finishRange(
  range: AmountRange,
  words: string,
  { scale }: NumberFormat,
  currency: string | null,
): AmountReading {
  const scaled = (bound: Decimal | null) => (bound === null ? null : shiftDecimal(bound, scale))
  const [low, high] = [scaled(range.low), scaled(range.high)]
  const max = `1${'0'.repeat(wholeDigitsMax)}`
  if ([low, high].some((bound) => bound !== null && compareDecimals(bound, max) >= 0))
    return reject(`"${words}" has more than ${wholeDigitsMax} digits`)
  return { kind: 'range', low, high, excludes: range.excludes, words, currency }
}
