import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

/** A column of the flat form of a JSON object: its heading is the path, `items.good.slug`. */
export type CsvColumn = { heading: string; path: readonly string[] }

/**
 * The columns of a list's flat form, read off the schema of its entries: every leaf, names beside ids. What is under an
 * array is one column; its values stand in one cell, joined by `; ` in order, an absent one as an empty place.
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

const formatScalar = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

/** RFC 4180, CRLF. A lone line feed within a cell asks for quotes as much as a CRLF does. */
const stringifyOptions = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it; a number is none (`-33.9`). */
const escapeFormula = (value: string): string =>
  /^[=+\-@\t\r＝＋－＠]/.test(value) && !/^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)
    ? `'${value}`
    : value

const byteOrderMark = '\uFEFF'

type CsvOptions = {
  /** Begin with a byte order mark, by which Excel knows UTF-8. */
  bom?: boolean | undefined
  /** For programs: no apostrophe before what a spreadsheet would take for a formula. */
  keepFormulas?: boolean
}

/** Heading line and one line an entry, as text in pieces; entries are JSON texts. */
export async function* streamCsv(
  columns: readonly CsvColumn[],
  batches: AsyncIterable<readonly string[]>,
  { bom = false, keepFormulas = false }: CsvOptions = {},
): AsyncGenerator<string> {
  const formatText = keepFormulas ? (value: string) => value : escapeFormula
  yield (bom ? byteOrderMark : '') + stringify([getHeadings(columns)], stringifyOptions)
  for await (const documents of batches)
    yield stringify(
      documents.map((document) => formatCells(columns, document, formatText)),
      stringifyOptions,
    )
}

/** The same of entries that are all there. */
export const formatCsvPage = (
  columns: readonly CsvColumn[],
  documents: readonly string[],
): string =>
  stringify(
    [
      getHeadings(columns),
      ...documents.map((document) => formatCells(columns, document, escapeFormula)),
    ],
    stringifyOptions,
  )

const getHeadings = (columns: readonly CsvColumn[]): string[] =>
  columns.map(({ heading }) => heading)

const formatCells = (
  columns: readonly CsvColumn[],
  document: string,
  formatText: (value: string) => string,
): string[] => {
  const entry: unknown = JSON.parse(document)
  return columns.map(({ path }) => formatText(formatCell(entry, path)))
}
