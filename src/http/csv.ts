import { stringify } from 'csv-stringify/sync'
import { type CsvColumn, formatCell } from './tables/columns.ts'

/** RFC 4180 with CRLF. The library alone would not quote a cell with a lone line feed. */
const stringifyOptions = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const

/** Puts an apostrophe before a cell that a spreadsheet would run as a formula. A number (`-33.9`) is none. */
const escapeFormula = (value: string): string =>
  /^[=+\-@\t\r＝＋－＠]/.test(value) && !/^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)
    ? `'${value}`
    : value

const byteOrderMark = '\uFEFF'

type CsvOptions = {
  /** Start with a byte order mark, so that Excel reads UTF-8. */
  bom?: boolean | undefined
  /** For programs: leave formulas unescaped. */
  keepFormulas?: boolean
}

/** A heading line and a line per entry, in chunks. Entries are JSON texts. */
export async function* streamCsv(
  columns: readonly CsvColumn[],
  batches: AsyncIterable<readonly string[]>,
  { bom = false, keepFormulas = false }: CsvOptions = {},
): AsyncGenerator<string> {
  const formatText = keepFormulas ? (value: string) => value : escapeFormula
  yield (bom ? byteOrderMark : '') + stringify([getHeadings(columns)], stringifyOptions)
  for await (const entries of batches)
    yield stringify(
      entries.map((entry) => formatCells(columns, entry, formatText)),
      stringifyOptions,
    )
}

/** A heading line and a line per entry. Entries are JSON texts. */
export const formatCsvPage = (columns: readonly CsvColumn[], entries: readonly string[]): string =>
  stringify(
    [getHeadings(columns), ...entries.map((entry) => formatCells(columns, entry, escapeFormula))],
    stringifyOptions,
  )

const getHeadings = (columns: readonly CsvColumn[]): string[] =>
  columns.map(({ heading }) => heading)

const formatCells = (
  columns: readonly CsvColumn[],
  entryJson: string,
  formatText: (value: string) => string,
): string[] => {
  const entry: unknown = JSON.parse(entryJson)
  return columns.map(({ path }) => formatText(formatCell(entry, path)))
}
