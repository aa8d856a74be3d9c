import {
  type CellReader,
  type ColumnAccess,
  cached,
  foldCell,
  RowError,
  tidyCell,
} from './cells.ts'
import { createDateParser, readBounds } from './date-reader.ts'
import type { CellTest, Condition } from './schema.ts'
import { findColumn } from './text-reader.ts'

/** @throws {RowError} for a column that the table does not have */
export function compileCondition(condition: Condition, access: ColumnAccess): CellReader<boolean> {
  const cases = (Array.isArray(condition) ? condition : [condition]).map((tests) =>
    Object.entries(tests).map(([column, test]) => {
      const index = access.indexOf(findColumn(access, column))
      const holds = cached(compileTest(column, test))
      return { index, holds }
    }),
  )
  return (cells) =>
    cases.some((tests) => tests.every(({ index, holds }) => holds(cells[index] ?? '')))
}

function compileTest(column: string, test: CellTest): (cell: string) => boolean {
  if (typeof test !== 'object' || Array.isArray(test)) {
    const words = foldWords(test)
    return (cell) => words.has(foldCell(cell))
  }
  const { not, matches, empty, from, before, formats } = test
  const tests: ((cell: string) => boolean)[] = []
  if (not !== undefined) {
    const words = foldWords(not)
    tests.push((cell) => !words.has(foldCell(cell)))
  }
  if (matches !== undefined) {
    const pattern = new RegExp(matches, 'iu')
    tests.push((cell) => pattern.test(tidyCell(cell)))
  }
  if (empty !== undefined) tests.push((cell) => (tidyCell(cell) === '') === empty)
  if (from !== undefined || before !== undefined)
    tests.push(compilePeriod(column, from, before, formats ?? ['yyyy-MM-dd', 'yyyy-MM', 'yyyy']))
  return (cell) => tests.every((holds) => holds(cell))
}

const foldWords = (words: string | number | readonly (string | number)[]): ReadonlySet<string> =>
  new Set((Array.isArray(words) ? words : [words]).map((word) => foldCell(String(word))))

/** Whether the date of a cell lies in a period. A date that lies partly in it rejects the row. */
function compilePeriod(
  column: string,
  from: string | undefined,
  before: string | undefined,
  formats: readonly string[],
): (cell: string) => boolean {
  const parse = createDateParser(formats, undefined, undefined)
  const start = from === undefined ? null : (readBounds(from).earliest ?? '')
  const end = before === undefined ? null : (readBounds(before).earliest ?? '')
  return (cell) => {
    const text = tidyCell(cell)
    const found = parse(text)
    if (found.kind === 'rejected') throw new RowError(column, found.reason)
    if (found.kind === 'unknown') return false
    const { earliest, latest } = readBounds(found.edtf)
    const [first, last] = [earliest ?? '', latest ?? '~']
    const isCertain =
      (start === null || first >= start || last < start) &&
      (end === null || first >= end || last < end)
    if (!isCertain)
      throw new RowError(column, `"${text}" is partly in the period of a rule and partly not`)
    return (start === null || first >= start) && (end === null || last < end)
  }
}
