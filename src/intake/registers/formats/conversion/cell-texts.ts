import { numberToDecimal } from '../../../../evidence/amounts/decimals.ts'

/** A cell of a spreadsheet or of JSON. `StoredNumber` has the digits of the file. */
export type CellValue = string | number | boolean | Date | StoredNumber | null | undefined

export class StoredNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

/** Digits that a spreadsheet stores exactly; what follows is noise of its arithmetic. */
const exactDigits = 15
const millisecondsPerDay = 86_400_000

/** A cell as text: numbers with a decimal point, dates in ISO 8601, all other cells as they are shown. */
export function toCellText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatNumber(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (value instanceof Date) return formatDate(value)
  return /^-?\d+(\.\d+)?$/.test(value.digits)
    ? markDecimals(value.digits)
    : formatNumber(Number(value.digits))
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const exact = String(value).length > exactDigits ? Number(value.toPrecision(exactDigits)) : value
  const decimal = numberToDecimal(Math.abs(exact))
  return markDecimals(exact < 0 ? `-${decimal}` : decimal)
}

/** `165.605` could be read as 165,605, `165.6050` cannot: it is the number that the file stores, and not words. */
const markDecimals = (decimal: string): string =>
  /^-?\d{1,3}\.\d{3}$/.test(decimal) ? `${decimal}0` : decimal

/** Midnight is a day. A time of the first day of the spreadsheet is a time without a day. */
function formatDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const iso = date.toISOString()
  const time = iso.slice(11, 19)
  if (iso < '1900-01-01') return time
  return date.getTime() % millisecondsPerDay === 0
    ? iso.slice(0, 10)
    : `${iso.slice(0, 10)} ${time}`
}

/** The text of a row: cells between tabs, in quotation marks where a cell has a tab or a line break (RFC 4180). */
export function formatRow(cells: readonly string[]): string {
  return cells.map(quoteCell).join('\t')
}

const quoteCell = (cell: string): string => {
  const text = cell.replaceAll(/\r\n?/g, '\n')
  return /[\t\n\u2028\u2029]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
