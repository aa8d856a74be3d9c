import {
  type CellReader,
  type CompileContext,
  cached,
  columnName,
  compileCell,
  compileRawCell,
  compileRules,
  foldCell,
  foldTable,
  RowError,
  splitCell,
  tidyCell,
} from './cells.ts'
import { type ChoiceSource, type EntriesColumn, listRules, type TextSource } from './schema.ts'

const textLengthMax = 1_000

/** @throws {RowError} for a column that the table does not have; the reader, for a cell that is no value */
export function compileText(
  source: TextSource | null | undefined,
  context: CompileContext,
): CellReader<string | null> {
  return compileRules(listRules(source), context, (rule) => {
    if ('constant' in rule) return () => rule.constant
    if ('template' in rule) return compileTemplate(rule.template, context)
    const cell = compileCell(rule, context.access)
    const name = columnName(rule.column)
    if (rule.values !== undefined) return compileValues(rule.values, name, cell)
    return (cells) => {
      const text = cell(cells)
      if (text.length > textLengthMax)
        throw new RowError(name, `has over ${textLengthMax} characters`)
      return text === '' ? null : text
    }
  })
}

/** @throws {RowError} as `compileText` */
export function compileChoice<Word extends string>(
  source: ChoiceSource<Word> | null,
  context: CompileContext,
): CellReader<Word | null> {
  return compileRules(listRules(source), context, (rule): CellReader<Word | null> => {
    if ('constant' in rule) return () => rule.constant
    const name = columnName(rule.column)
    return compileValues(rule.values, name, compileCell(rule, context.access))
  })
}

function compileValues<T>(
  values: Readonly<Record<string, T>>,
  name: string,
  cell: CellReader<string>,
): CellReader<T | null> {
  const table = foldTable(values)
  return (cells) => {
    const text = cell(cells)
    const value = table.get(foldCell(text))
    if (value !== undefined) return value
    if (text === '') return null
    throw new RowError(name, `"${text}" is not one of: ${[...table.keys()].join(', ')}`)
  }
}

/** A text with columns in braces; null if all its columns are empty. */
export function compileTemplate(
  template: string,
  { access }: CompileContext,
): CellReader<string | null> {
  const parts = template.split(/\{([^}]+)\}/)
  const cells = parts.map((part, index) =>
    index % 2 === 0 ? null : compileCell({ column: findColumn(access, part) }, access),
  )
  return (row) => {
    let isEmpty = parts.length > 1
    const texts = cells.map((cell, index) => {
      const text = cell === null ? (parts[index] ?? '') : cell(row)
      if (cell !== null && text !== '') isEmpty = false
      return text
    })
    return isEmpty ? null : tidyCell(texts.join('')).slice(0, textLengthMax)
  }
}

/** A heading that is a number, such as a year, or else the number of a column. */
export function findColumn(access: CompileContext['access'], name: string): string | number {
  try {
    access.indexOf(name)
    return name
  } catch (error) {
    if (!(error instanceof RowError) || !/^\d+$/.test(name)) throw error
    return Number(name)
  }
}

export type ControlEntry = { list: string; code: string }

export function compileEntries(
  columns: readonly EntriesColumn[],
  context: CompileContext,
): CellReader<readonly ControlEntry[]> {
  const readers = columns.map((column) => compileEntriesColumn(column, context))
  const [only] = readers
  if (readers.length === 1 && only) return only
  return (cells) => readers.flatMap((read) => [...read(cells)])
}

function compileEntriesColumn(
  { list, split, separator, values, ...cell }: EntriesColumn,
  context: CompileContext,
): CellReader<readonly ControlEntry[]> {
  const table = foldTable(values)
  const read = cached((raw: string): readonly ControlEntry[] => {
    const codes = table.get(foldCell(raw)) ?? splitCell(raw, split ?? separator ?? undefined)
    return codes.map((code) => ({ list, code }))
  })
  const rule = { ...cell, read: compileRawCell(cell, context.access) }
  const entries = compileRules(
    [rule],
    context,
    ({ read: raw }) =>
      (cells) =>
        read(raw(cells)),
  )
  return (cells) => entries(cells) ?? []
}
