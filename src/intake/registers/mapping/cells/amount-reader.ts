import type { MoneyValue, QuantityValue } from '../../../../records/model/amounts.ts'
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

/** An amount of a cell: decimals as text; equal bounds are an exact number. */
export type CellAmount = {
  low: string | null
  high: string | null
  excludes: 'low' | 'high' | 'both' | null
  asStated: string | null
}

type NumberFormat = {
  decimal?: '.' | ',' | undefined
  thousands?: string | null | undefined
  unknown?: readonly (string | number)[] | undefined
}

export type StatedQuantity = { quantity: QuantityValue; unit: string | null }

/** @throws {RowError} for a column that the table does not have; the reader, for a cell that is no amount */
export function compileValue(
  source: ValueSource | null,
  context: CompileContext,
): CellReader<MoneyValue | null> {
  return compileRules(listRules(source), context, (rule) => {
    const cell = compileCell(rule, context.access)
    const name = columnName(rule.column)
    const read = cached((text: string) => readAmount(text, rule, name, rule.unit))
    const readCurrency = compileCurrency(rule.currency, context)
    return (cells) => {
      const text = cell(cells)
      if (text === '') return null
      const amount = read(text)
      if (amount === 'unknown') return null
      const currency = readCurrency(cells)
      if (currency === null) throw new RowError(name, 'has no currency')
      return toMoney(amount, currency)
    }
  })
}

const toMoney = ({ low, high, excludes, asStated }: CellAmount, currency: string): MoneyValue =>
  low !== null && low === high && excludes === null && asStated === null
    ? { amount: low, currency }
    : { currency, low, high, excludes, asStated }

function compileCurrency(
  currency: ValueRule['currency'],
  context: CompileContext,
): CellReader<string | null> {
  if (typeof currency === 'string') return () => currency
  const { values, ...rule } = currency
  const cell = compileCell(rule, context.access)
  const table = foldTable(values ?? {})
  const name = columnName(rule.column)
  return (cells) => {
    const text = cell(cells)
    const code = table.get(foldCell(text)) ?? text.toUpperCase()
    if (!/^[A-Z]{3}$/.test(code))
      throw new RowError(name, `"${text}" is not a currency of ISO 4217`)
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
    const read = cached((text: string) => readAmount(text, rule, name, 1))
    return (cells) => {
      const text = cell(cells)
      if (text === '') return null
      const amount = read(text)
      if (amount === 'unknown') return null
      return { quantity: toQuantity(amount), unit: readUnit(cells) }
    }
  })
}

function toQuantity({ low, high, excludes, asStated }: CellAmount): QuantityValue {
  const toNumber = (bound: string | null) => (bound === null ? null : Number(bound))
  if (low !== null && low === high && excludes === null && asStated === null) return Number(low)
  return { low: toNumber(low), high: toNumber(high), excludes, asStated }
}

/** @throws {RowError} for a cell that is no amount, or that can mean several */
function readAmount(
  text: string,
  format: NumberFormat,
  column: string,
  _unit: number,
): CellAmount | 'unknown' {
  if (format.unknown?.some((word) => foldCell(String(word)) === foldCell(text))) return 'unknown'
  const { thousands = null, decimal = '.' } = format
  const plain = thousands === null ? text : text.replaceAll(thousands, '')
  const amount = plain.replace(decimal, '.')
  if (!/^\d{1,15}(\.\d{1,4})?$/.test(amount))
    throw new RowError(column, `"${text}" is not an amount`)
  return { low: amount, high: amount, excludes: null, asStated: null }
}
