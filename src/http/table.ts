import { type Stringifier, stringify } from 'csv-stringify'
import { stringify as stringifySync } from 'csv-stringify/sync'
import { z } from 'zod'

/** A column of the flat form of a JSON object: its heading is the path, `items.good.slug`. */
type TableColumn = { heading: string; path: readonly string[] }

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

/** RFC 4180, CRLF. */
const options = { record_delimiter: 'windows' } as const

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it; a number is none (`-33.9`). */
const harmless = (value: string): string =>
  /^[=+\-@\t\r＝＋－＠]/.test(value) && !/^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)
    ? `'${value}`
    : value

/** Heading line and one line an entry, as text; entries are JSON texts. */
export function csvPage(columns: readonly TableColumn[], documents: readonly string[]): string {
  return stringifySync(
    [headings(columns), ...documents.map((document) => cells(columns, document))],
    options,
  )
}

/** A stream to pipe `cells(...)` arrays into; the heading line comes first. */
export function csvStream(columns: readonly TableColumn[]): Stringifier {
  const stream = stringify(options)
  stream.write(headings(columns))
  return stream
}

const headings = (columns: readonly TableColumn[]): string[] =>
  columns.map(({ heading }) => heading)

export const cells = (columns: readonly TableColumn[], document: string): string[] => {
  const entry: unknown = JSON.parse(document)
  return columns.map(({ path }) => harmless(cell(entry, path)))
}
