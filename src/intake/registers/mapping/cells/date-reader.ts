import { type DateBounds, parseEdtfBounds } from '../../../../evidence/edtf.ts'
import type { ResolvedDate } from '../../../../records/model/references.ts'
import {
  checkDateFormat,
  createDateReader,
  type DateReading,
  defaultPivot,
} from '../../values/dates.ts'
import { unknownCells } from '../../values/numbers.ts'
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

/**
 * `isRequired`: an empty cell is an error, unless the map says that it means an unknown date.
 *
 * @throws {RowError} for a column that the table does not have; the reader, for a date that it cannot read
 */
export function compileDate(
  source: DateSource | null,
  context: CompileContext,
  { isRequired = false } = {},
): CellReader<ResolvedDate | null> {
  return compileRules(listRules(source), context, (rule) => {
    if ('constant' in rule) {
      const date = resolve(rule.constant, null, rule.reasoning)
      return () => date
    }
    const cell = compileCell(rule, context.access)
    const parse = createDateParser(rule.formats, rule.pivot, rule.unknown)
    const isUncertain = compileMark(rule.uncertain, context)
    const isApproximate = compileMark(rule.approximate, context)
    const readWith = (mark: string) =>
      cached((text: string): ResolvedDate | null => {
        const found = parse(text)
        if (found.kind === 'rejected') throw new RowError(columnName(rule.column), found.reason)
        if (found.kind === 'unknown') return null
        return resolveRead(addMark(found.edtf, mark), text, found.reasoning ?? rule.reasoning)
      })
    const readers = { '': readWith(''), '?': readWith('?'), '~': readWith('~'), '%': readWith('%') }
    return (cells) => {
      const text = cell(cells)
      if (text === '') {
        if (isRequired && !rule.unknown?.includes(''))
          throw new RowError(columnName(rule.column), 'is empty')
        return null
      }
      const [uncertain, approximate] = [isUncertain(cells), isApproximate(cells)]
      const mark = uncertain ? (approximate ? '%' : '?') : approximate ? '~' : ''
      return readers[mark](text)
    }
  })
}

/** An interval or a date with a mark keeps what it has. */
const addMark = (edtf: string, mark: string): string =>
  mark === '' || /[?~%/]/.test(edtf) ? edtf : `${edtf}${mark}`

function resolve(edtf: string, asStated: string | null, reasoning: string | null): ResolvedDate {
  return { edtf, asStated, reasoning, ...readBounds(edtf) }
}

const dayPattern = /^\d{4}-\d\d-\d\d$/

/** A date that its reader has checked. Most are days, and the parser takes a tenth of a millisecond. */
function resolveRead(edtf: string, asStated: string, reasoning: string | null): ResolvedDate {
  if (!dayPattern.test(edtf)) return resolve(edtf, asStated, reasoning)
  return { edtf, asStated, reasoning, earliest: edtf, latest: edtf }
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
  pivot: number | undefined,
  unknown: readonly (string | number)[] | undefined,
): (text: string) => DateReading {
  for (const format of formats) {
    const fault = checkDateFormat(format)
    if (fault !== null) throw new RowError('', `"${format}": ${fault}`)
  }
  const cells = [...unknownCells, ...(unknown ?? []).map(String)]
  return createDateReader({ formats, pivot: pivot ?? defaultPivot, unknown: cells })
}
