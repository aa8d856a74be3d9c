import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

/** A column of the flat form of a JSON object: its heading is the path, `items.good.slug`. */
export type TableColumn = { heading: string; path: readonly string[] }

/**
 * The columns of a list's flat form, read off the schema of its entries: every leaf, names beside ids. What is under an
 * array is one column; its values stand in one cell, joined by `; ` in order, an absent one as an empty place.
 */
export function tableColumns(entry: z.ZodType, path: readonly string[] = []): TableColumn[] {
  if (entry instanceof z.ZodNullable || entry instanceof z.ZodOptional)
    return tableColumns(entry.unwrap() as z.ZodType, path)
  if (entry instanceof z.ZodArray) return tableColumns(entry.element as z.ZodType, path)
  if (entry instanceof z.ZodObject)
    return Object.entries(entry.shape as Record<string, z.ZodType>).flatMap(([name, member]) =>
      tableColumns(member, [...path, name]),
    )
  return [{ heading: path.join('.'), path }]
}

const cell = (value: unknown, path: readonly string[]): string => {
  if (Array.isArray(value)) return value.map((element) => cell(element, path)).join('; ')
  const [step, ...rest] = path
  if (step === undefined) return text(value)
  if (typeof value !== 'object' || value === null) return ''
  return cell((value as Record<string, unknown>)[step], rest)
}

const text = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

/** RFC 4180, CRLF. A lone line feed within a cell asks for quotes as much as a CRLF does. */
const options = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it; a number is none (`-33.9`). */
const harmless = (value: string): string =>
  /^[=+\-@\t\r＝＋－＠]/.test(value) && !/^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)
    ? `'${value}`
    : value

const byteOrderMark = '\uFEFF'

type CsvOptions = {
  /** Begin with a byte order mark, by which Excel knows UTF-8. */
  bom?: boolean | undefined
  /** For programs: no apostrophe before what a spreadsheet would take for a formula. */
  plain?: boolean
}

/** Heading line and one line an entry, as text in pieces; entries are JSON texts. */
export async function* csvOf(
  columns: readonly TableColumn[],
  batches: AsyncIterable<readonly string[]>,
  { bom = false, plain = false }: CsvOptions = {},
): AsyncGenerator<string> {
  const guard = plain ? (value: string) => value : harmless
  yield (bom ? byteOrderMark : '') + stringify([headings(columns)], options)
  for await (const documents of batches)
    yield stringify(
      documents.map((document) => cells(columns, document, guard)),
      options,
    )
}

/** The same of entries that are all there. */
export const csvPage = (columns: readonly TableColumn[], documents: readonly string[]): string =>
  stringify(
    [headings(columns), ...documents.map((document) => cells(columns, document, harmless))],
    options,
  )

const headings = (columns: readonly TableColumn[]): string[] =>
  columns.map(({ heading }) => heading)

const cells = (
  columns: readonly TableColumn[],
  document: string,
  guard: (value: string) => string,
): string[] => {
  const entry: unknown = JSON.parse(document)
  return columns.map(({ path }) => guard(cell(entry, path)))
}
