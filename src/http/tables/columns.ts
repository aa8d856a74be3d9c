import { z } from 'zod'

/** How a cell is stored in a file with types. Everything under an array is text: its values are joined. */
export type CellType = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp'

/** A column of the flat form of a JSON object: its heading is the path, `items.good.slug`. */
export type CsvColumn = { heading: string; path: readonly string[] }
export type TableColumn = CsvColumn & { type: CellType }

/**
 * The columns of a list's flat form, read off the schema of its entries: every leaf, names beside ids. What is under an
 * array is one column; its values stand in one cell, joined by `; ` in order, an absent one as an empty place.
 */
export const buildCsvColumns = (entry: z.ZodType): TableColumn[] => buildColumns(entry, [], false)

function buildColumns(
  entry: z.ZodType,
  path: readonly string[],
  isInArray: boolean,
): TableColumn[] {
  if (entry instanceof z.ZodNullable || entry instanceof z.ZodOptional)
    return buildColumns(entry.unwrap() as z.ZodType, path, isInArray)
  if (entry instanceof z.ZodArray) return buildColumns(entry.element as z.ZodType, path, true)
  if (entry instanceof z.ZodObject)
    return Object.entries(entry.shape as Record<string, z.ZodType>).flatMap(([name, member]) =>
      buildColumns(member, [...path, name], isInArray),
    )
  return [{ heading: path.join('.'), path, type: isInArray ? 'text' : findCellType(entry) }]
}

function findCellType(leaf: z.ZodType): CellType {
  if (leaf instanceof z.ZodNumberFormat) return 'integer'
  if (leaf instanceof z.ZodNumber) return leaf.format === 'safeint' ? 'integer' : 'number'
  if (leaf instanceof z.ZodBoolean) return 'boolean'
  if (leaf instanceof z.ZodISODate) return 'date'
  return leaf instanceof z.ZodISODateTime ? 'timestamp' : 'text'
}

/** The text of a cell; empty for null. */
export const formatCell = (value: unknown, path: readonly string[]): string => {
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

/** The value of a cell in its type; dates as UTC. Null if there is none. */
export function readCell(
  entry: unknown,
  { path, type }: TableColumn,
): string | number | boolean | Date | null {
  let value = entry
  for (const step of path) {
    if (Array.isArray(value)) return formatCell(entry, path) || null
    value = (value as Record<string, unknown> | null | undefined)?.[step]
  }
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return formatCell(entry, path) || null
  if (type === 'date' || type === 'timestamp') return new Date(String(value))
  if (type === 'text') return formatScalar(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : formatScalar(value)
}
