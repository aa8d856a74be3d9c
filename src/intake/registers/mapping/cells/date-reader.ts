import { type DateBounds, parseEdtfBounds } from '../../../../evidence/edtf.ts'
import type { ResolvedDate } from '../../../../records/model/references.ts'
import {
  type CellReader,
  type CompileContext,
  cached,
  columnName,
  compileCell,
  compileRules,
  foldCell,
  RowError,
} from './cells.ts'
import { type DateSource, listRules, type MarkColumn } from './schema.ts'

type ParsedDate = { edtf: string; reasoning: string | null } | { reason: string }

/** @throws {RowError} for a column that the table does not have; the reader, for a date that it cannot read */
export function compileDate(
  source: DateSource | null,
  context: CompileContext,
): CellReader<ResolvedDate | null> {
  return compileRules(listRules(source), context, (rule) => {
    if ('constant' in rule) {
      const date = resolve(rule.constant, null, rule.reasoning)
      return () => date
    }
    const cell = compileCell(rule, context.access)
    const parse = createDateParser(rule.formats, rule.pivot)
    const isUncertain = compileMark(rule.uncertain, context)
    const isApproximate = compileMark(rule.approximate, context)
    const read = cached((text: string): Record<string, ResolvedDate> => {
      const found = parse(text)
      if ('reason' in found) throw new RowError(columnName(rule.column), found.reason)
      const reasoning = found.reasoning ?? rule.reasoning
      const dates: Record<string, ResolvedDate> = {}
      for (const mark of ['', '?', '~', '%'])
        dates[mark] = resolve(addMark(found.edtf, mark), text, reasoning)
      return dates
    })
    return (cells) => {
      const text = cell(cells)
      if (text === '') return null
      const [uncertain, approximate] = [isUncertain(cells), isApproximate(cells)]
      const mark = uncertain ? (approximate ? '%' : '?') : approximate ? '~' : ''
      return read(text)[mark] ?? null
    }
  })
}

/** An interval or a date with a mark keeps what it has. */
const addMark = (edtf: string, mark: string): string =>
  mark === '' || /[?~%/]/.test(edtf) ? edtf : `${edtf}${mark}`

function resolve(edtf: string, asStated: string | null, reasoning: string | null): ResolvedDate {
  return { edtf, asStated, reasoning, ...readBounds(edtf) }
}

/** @throws {RowError} for a date of the map that is none */
export function readBounds(edtf: string): DateBounds {
  try {
    return parseEdtfBounds(edtf)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RowError('', `"${edtf}": ${error.message}`)
  }
}

function compileMark(
  mark: MarkColumn | undefined,
  { access }: CompileContext,
): CellReader<boolean> {
  if (mark === undefined) return () => false
  const cell = compileCell({ column: mark.column }, access)
  if (mark.values === undefined) return (cells) => cell(cells) !== ''
  const words = new Set(mark.values.map((word) => foldCell(String(word))))
  return (cells) => words.has(foldCell(cell(cells)))
}

/** Reads a date in one of these formats; the first that fits is used. */
export function createDateParser(
  formats: readonly string[],
  _pivot: number | undefined,
): (text: string) => ParsedDate {
  const readers = formats.map((format) => createDayParser(format))
  return (text) => {
    for (const read of readers) {
      const found = read(text)
      if (found) return { edtf: found.iso, reasoning: found.reasoning }
    }
    return { reason: `"${text}" is no date in the form ${formats.join(' or ')}` }
  }
}

type ParsedDay = { iso: string; reasoning: string | null }
function createDayParser(format: string): (text: string) => ParsedDay | null {
  if (format === 'spreadsheet-day')
    return (text) => {
      if (!/^[1-9]\d{4}$/.test(text)) return null
      const day = new Date(Date.UTC(1899, 11, 30) + Number(text) * 86_400_000)
      const iso = day.toISOString().slice(0, 10)
      return { iso, reasoning: 'The number of days since 1899-12-30, as spreadsheets keep dates.' }
    }
  const order = ['yyyy', 'MM', 'dd'].sort((a, b) => format.indexOf(a) - format.indexOf(b))
  const between = format.split(/yyyy|MM|dd/).map((part) => RegExp.escape(part))
  const isPacked = between.every((part) => part === '')
  const digits = (part: string) =>
    part === 'yyyy' ? '(\\d{4})' : isPacked ? '(\\d\\d)' : '(\\d\\d?)'
  const form = new RegExp(
    `^${between[0]}${order.map((part, index) => digits(part) + between[index + 1]).join('')}$`,
  )
  return (text) => {
    // Spreadsheets drop leading zeros, also those of dates with eight digits.
    const isShort = isPacked && /^\d{7}$/.test(text)
    const found = form.exec(isShort ? `0${text}` : text)
    if (!found) return null
    const part = (name: string) => found[order.indexOf(name) + 1] ?? ''
    const iso = `${part('yyyy')}-${part('MM').padStart(2, '0')}-${part('dd').padStart(2, '0')}`
    const day = new Date(`${iso}T00:00:00Z`)
    if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== iso) return null
    return { iso, reasoning: isShort ? 'The zero that it began with is lost.' : null }
  }
}
