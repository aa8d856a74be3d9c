import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

/** A column of the flat form of a JSON object. Its heading is the path, e.g. `items.good.slug`. */
export type CsvColumn = { heading: string; path: readonly string[] }

/**
 * The columns for the entries of a list: one for each leaf of their schema. A leaf below an array is one column as well; its
 * values are joined by `; ` in order, and a missing value is empty.
 */
export function buildCsvColumns(entry: z.ZodType, path: readonly string[] = []): CsvColumn[] {
  if (entry instanceof z.ZodNullable || entry instanceof z.ZodOptional)
    return buildCsvColumns(entry.unwrap() as z.ZodType, path)
  if (entry instanceof z.ZodArray) return buildCsvColumns(entry.element as z.ZodType, path)
  if (entry instanceof z.ZodObject)
    return Object.entries(entry.shape as Record<string, z.ZodType>).flatMap(([name, member]) =>
      buildCsvColumns(member, [...path, name]),
    )
  return [{ heading: path.join('.'), path }]
}

const formatCell = (value: unknown, path: readonly string[]): string => {
  if (Array.isArray(value)) return value.map((element) => formatCell(element, path)).join('; ')
  const [step, ...rest] = path
  if (step === undefined) return formatScalar(value)
  if (typeof value !== 'object' || value === null) return ''
  return formatCell((value as Record<string, unknown>)[step], rest)
}

function formatScalar(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

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
