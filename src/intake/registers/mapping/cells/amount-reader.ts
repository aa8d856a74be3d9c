import type { MoneyValue, QuantityValue } from '../../../../records/model/amounts.ts'
import { readCurrency } from '../../values/currencies.ts'
import {
  type AmountReading,
  type NumberFormat,
  readAmount,
  unknownCells,
} from '../../values/numbers.ts'
import {
  type CellReader,
  type CompileContext,
  cached,
  columnName,
  compileCell,
  compileRules,
  foldCell,
  foldTable,
  RowError,
} from './cells.ts'
import { listRules, type QuantitySource, type ValueRule, type ValueSource } from './schema.ts'
import { compileText } from './text-reader.ts'

export type StatedQuantity = { quantity: QuantityValue; unit: string | null }

type ExactOrRange = Extract<AmountReading, { kind: 'exact' | 'range' }>

/** @throws {RowError} for a column that the table does not have; the reader, for a cell that is no amount */
export function compileValue(
  source: ValueSource | null,
  context: CompileContext,
): CellReader<MoneyValue | null> {
  return compileRules(listRules(source), context, (rule) => {
    const cell = compileCell(rule, context.access)
    const name = columnName(rule.column)
    const currency = typeof rule.currency === 'string' ? rule.currency : null
    const scale = { 1: 0, 1000: 3, 1000000: 6 }[rule.unit]
    const format = toNumberFormat(rule, { currency, isMoney: true, scale })
    const read = cached((text: string) => readCell(text, format, name))
    const readCurrency = compileCurrency(rule.currency, context)
    return (cells) => {
      const amount = read(cell(cells))
      if (amount === null) return null
      const stated = readCurrency(cells)
      if (stated !== null && amount.currency !== null && stated !== amount.currency)
        throw new RowError(name, `is in ${amount.currency}, and the currency column says ${stated}`)
      const code = stated ?? amount.currency
      if (code === null) throw new RowError(name, 'has no currency')
      return toMoney(amount, code)
    }
  })
}

const toNumberFormat = (
  { decimal, thousands, unknown }: Pick<ValueRule, 'decimal' | 'thousands' | 'unknown'>,
  rest: Pick<NumberFormat, 'currency' | 'isMoney' | 'scale'>,
): NumberFormat => ({
  decimal: decimal ?? null,
  thousands: thousands ?? null,
  unknown: [...unknownCells, ...(unknown ?? []).map(String)],
  ...rest,
})

const wholeNumber = /^(?:0|[1-9]\d{0,14})$/

/** @returns null if no amount is stated */
function readCell(text: string, format: NumberFormat, column: string): ExactOrRange | null {
  // Most values are whole numbers, which can be read in one way only.
  if (format.scale === 0 && wholeNumber.test(text) && !format.unknown.includes(text))
    return { kind: 'exact', amount: text, currency: null, unit: null }
  const reading = readAmount(text, format)
  if (reading.kind === 'rejected') throw new RowError(column, reading.reason)
  return reading.kind === 'unknown' ? null : reading
}

function toMoney(reading: ExactOrRange, currency: string): MoneyValue {
  if (reading.kind === 'exact') return { amount: reading.amount, currency }
  const { low, high, excludes, words } = reading
  return { currency, low, high, excludes, asStated: words }
}

function compileCurrency(
  currency: ValueRule['currency'],
  context: CompileContext,
): CellReader<string | null> {
  if (currency === undefined) return () => null
  if (typeof currency === 'string') return () => currency
  const { values, ...rule } = currency
  const cell = compileCell(rule, context.access)
  const table = foldTable(values ?? {})
  const name = columnName(rule.column)
  return (cells) => {
    const text = cell(cells)
    if (text === '') return null
    const known = table.get(foldCell(text))
    if (known !== undefined) return known
    const [code, ...others] = readCurrency(text)
    if (code === undefined) throw new RowError(name, `"${text}" is not a currency of ISO 4217`)
    if (others.length > 0)
      throw new RowError(
        name,
        `"${text}" can be ${code} or ${others.join(' or ')}: say which in values`,
      )
    return code
  }
}

/** @throws {RowError} as `compileValue` */
export function compileQuantity(
  source: QuantitySource | null,
  context: CompileContext,
): CellReader<StatedQuantity | null> {
  return compileRules(listRules(source), context, (rule) => {
    const readUnit = compileText(rule.unit, context)
    if ('constant' in rule) return (cells) => ({ quantity: rule.constant, unit: readUnit(cells) })
    const cell = compileCell(rule, context.access)
    const name = columnName(rule.column)
    const format = toNumberFormat(rule, { currency: null, isMoney: false, scale: 0 })
    const read = cached((text: string) => readCell(text, format, name))
    return (cells) => {
      const amount = read(cell(cells))
      if (amount === null) return null
      const ownUnit = amount.kind === 'exact' ? amount.unit : null
      return { quantity: toQuantity(amount), unit: readUnit(cells) ?? ownUnit }
    }
  })
}

/** Zero has both bounds, because a number of a record is above zero. */
function toQuantity(reading: ExactOrRange): QuantityValue {
  const toNumber = (bound: string | null) => (bound === null ? null : Number(bound))
  if (reading.kind === 'range') {
    const { low, high, excludes, words } = reading
    return { low: toNumber(low), high: toNumber(high), excludes, asStated: words }
  }
  const number = Number(reading.amount)
  return number > 0 ? number : { low: 0, high: 0, excludes: null, asStated: null }
}
