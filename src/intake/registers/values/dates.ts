import { languages, readCalendar } from '../../reader/data.ts'
import { listMonths } from '../../reader/values/dates.ts'

/** How the dates of a column are written. */
export type DateOptions = {
  formats: readonly string[]
  /** Two-digit years below it are of this century, the others of the last one. */
  pivot: number
  /** Cells of which the date is not known, besides empty ones. */
  unknown: readonly string[]
}

/** `reasoning`: how the date follows from the cell, if that is not obvious. */
export type DateReading =
  | { kind: 'date'; edtf: string; reasoning: string | null }
  | { kind: 'unknown' }
  | { kind: 'rejected'; reason: string }

/** Default of `pivot`. */
export const defaultPivot = 50

/**
 * What is wrong with a date format; null for a good one. A format has a year (`yyyy` or `yy`) and, if the cells have them, a
 * month (`MM`, or `MMMM` for a name in any language of the dictionaries) or a quarter (`Q`), and a day (`dd`), with any text
 * or nothing between them; or it is `spreadsheet-day`.
 */
export function checkDateFormat(format: string): string | null {
  if (format === 'spreadsheet-day') return null
  const names = splitFormat(format).flatMap((part) => (part.name === null ? [] : [part.name]))
  const has = (...wanted: DatePart[]) => names.filter((name) => wanted.includes(name)).length
  const isWhole =
    has('yyyy', 'yy') === 1 &&
    has('MM', 'MMMM', 'Q') <= 1 &&
    has('dd') <= has('MM', 'MMMM') &&
    !/[A-Za-z]/.test(
      splitFormat(format)
        .map((part) => (part.name === null ? part.text : ''))
        .join('')
        .replaceAll(/\bde\b|\bof\b/g, ''),
    )
  return isWhole
    ? null
    : 'a date format has yyyy or yy, and perhaps MM, MMMM or Q, and dd, e.g. dd/MM/yyyy, MMMM yyyy or yyyy; or it is spreadsheet-day'
}

type DatePart = 'yyyy' | 'yy' | 'MMMM' | 'MM' | 'dd' | 'Q'
const partPattern = /(yyyy|yy|MMMM|MM|dd|Q)/

const splitFormat = (format: string): { name: DatePart | null; text: string }[] =>
  format
    .split(partPattern)
    .map((text, index) => ({ name: index % 2 === 1 ? (text as DatePart) : null, text }))

/** Reads the dates of a column as EDTF, exactly as far as the cell goes: a month stays a month. */
export function createDateReader(options: DateOptions): (cell: string) => DateReading {
  const parsers = options.formats.map((format) => createParser(format, options.pivot))
  const unknown = new Set(options.unknown.map((cell) => cell.toLowerCase()))
  return (cell) => {
    const text = cell.normalize('NFKC').replaceAll(/\s+/g, ' ').trim()
    if (text === '' || unknown.has(text.toLowerCase())) return { kind: 'unknown' }
    const { date, mark } = takeMark(text)
    for (const parse of parsers) {
      const found = parse(date)
      if (found !== null)
        return { kind: 'date', edtf: `${found.edtf}${mark}`, reasoning: found.reasoning }
    }
    return {
      kind: 'rejected',
      reason: `"${text}" is no date in the form ${options.formats.join(' or ')}`,
    }
  }
}

/** `2020?` is uncertain, `ca. 2020` approximate. */
function takeMark(text: string): { date: string; mark: '' | '?' | '~' } {
  if (/\?\)?$/.test(text)) return { date: text.replace(/ ?\(?\?\)?$/, ''), mark: '?' }
  const about = /^(?:~|≈|ca?\.|circa|about|etwa|um|vers|env\.|environ|omstreeks) ?(?=\p{N}|\p{L})/iu
  return about.test(text) ? { date: text.replace(about, ''), mark: '~' } : { date: text, mark: '' }
}

type ParsedDate = { edtf: string; reasoning: string | null }
type Parser = (text: string) => ParsedDate | null

function createParser(format: string, pivot: number): Parser {
  if (format === 'spreadsheet-day') return parseSpreadsheetDay
  const parts = splitFormat(format)
  const isPacked = parts.every(({ name, text }) => name !== null || text === '')
  const pattern = new RegExp(
    `^${parts.map(({ name, text }) => (name === null ? literal(text) : groupOf(name, isPacked))).join('')}$`,
    'iu',
  )
  const length = isPacked ? format.length : 0
  return (text) => {
    const bare = text.replace(timePattern, '')
    // Spreadsheets drop leading zeros, also those of dates without separators.
    const isShort = length >= 6 && bare.length === length - 1 && /^\d+$/.test(bare)
    const groups = pattern.exec(isShort ? `0${bare}` : bare)?.groups
    const edtf = groups === undefined ? null : toEdtf(groups, pivot)
    if (edtf === null) return null
    const century = groups?.yy === undefined ? null : `A year of two digits: ${edtf.slice(0, 4)}.`
    return { edtf, reasoning: isShort ? 'The zero that it began with is lost.' : century }
  }
}

/** A time of day that a database or spreadsheet added. */
const timePattern = /[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d\d:?\d\d)?$/i

/** The space of `dd. MMMM` may be missing, a space alone not. */
const literal = (text: string): string =>
  text
    .split(/(?<=[^ ]) +/)
    .map((part) => RegExp.escape(part))
    .join(' ?')

function groupOf(name: DatePart, isPacked: boolean): string {
  switch (name) {
    case 'yyyy':
      return '(?<yyyy>\\d{4})'
    case 'yy':
      return "'?(?<yy>\\d\\d)"
    case 'MMMM':
      return '(?<name>\\p{L}[\\p{L}\\p{M}]*)\\.?'
    case 'Q':
      return '(?:q|qtr|quarter|quartal|trimestre|kwartaal|k|t)?\\.? ?(?<quarter>[1-4])(?:st|nd|rd|th|e|\\.)?(?: ?(?:q|qtr|quarter|quartal|trimestre|kwartaal))?'
    default:
      return `(?<${name}>${isPacked ? '\\d\\d' : '\\d\\d?'})${name === 'dd' ? '(?:st|nd|rd|th|er|º)?' : ''}`
  }
}

function toEdtf(groups: Partial<Record<string, string>>, pivot: number): string | null {
  const { yyyy, yy, MM, name, quarter, dd } = groups
  const year = yyyy ?? `${Number(yy) < pivot ? '20' : '19'}${yy}`
  if (year < '1000') return null
  if (quarter !== undefined) return `${year}-${32 + Number(quarter)}`
  const month = name === undefined ? MM : monthNumbers().get(foldName(name))
  if (month === undefined) return name === undefined ? year : null
  const yearMonth = `${year}-${month.padStart(2, '0')}`
  if (Number(month) < 1 || Number(month) > 12) return null
  if (dd === undefined) return yearMonth
  const day = `${yearMonth}-${dd.padStart(2, '0')}`
  const instant = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(day) ? null : day
}

let months: ReadonlyMap<string, string> | undefined

/** Names and short names of months in the languages of the dictionaries. None of them means two months. */
function monthNumbers(): ReadonlyMap<string, string> {
  if (months !== undefined) return months
  const found = new Map<string, string>()
  for (const code of languages)
    for (const names of [listMonths(code), readCalendar()[code].short])
      for (const [index, name] of names.entries()) found.set(foldName(name), String(index + 1))
  found.set('sept', '9')
  months = found
  return found
}

/** Without case and accents: `MÄRZ`, `fevrier`. */
const foldName = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replace(/\.$/, '')
    .replaceAll('ı', 'i')

const millisecondsPerDay = 86_400_000

/** Days since 1899-12-30, of the years 1927 to 2173. A fraction is the time of day. */
function parseSpreadsheetDay(text: string): ParsedDate | null {
  const [, days] = /^([1-9]\d{4})(?:\.\d+)?$/.exec(text) ?? []
  if (days === undefined) return null
  const instant = new Date(Date.UTC(1899, 11, 30) + Number(days) * millisecondsPerDay)
  return {
    edtf: instant.toISOString().slice(0, 10),
    reasoning: 'The number of days since 1899-12-30, as spreadsheets keep dates.',
  }
}
