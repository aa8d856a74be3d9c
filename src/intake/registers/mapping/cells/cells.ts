import { suggest } from '../../../schema-issues.ts'
import type { Cell, Column, Condition, Split } from './schema.ts'

/** The cells of a prepared row: its fields, and the new columns of the map. */
export type Cells = readonly string[]
export type CellReader<T> = (cells: Cells) => T

/** Why a row is rejected. */
export class RowError extends Error {
  override readonly name = 'RowError'
  readonly column: string
  constructor(column: string, reason: string) {
    super(reason)
    this.column = column
  }
}

/** Finds the columns that a map names. */
export type ColumnAccess = {
  /** @throws {RowError} for a column that the table does not have */
  indexOf(column: Column): number
}

/** In a table without a heading, a column is named by its number. */
export const columnName = (column: Column): string => String(column)

/** A cell without padding. */
export const tidyCell = (cell: string): string => cell.replace(/\s+/g, ' ').trim()

/** The form in which cells and keys of value tables are compared. */
export const foldCell = (cell: string): string => tidyCell(cell).toUpperCase()

export const foldTable = <T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([cell, value]) => [foldCell(cell), value]))

/** The columns of a table by heading or number; `added` are the new columns of the map, after those of the table. */
export function createColumnAccess(
  heading: readonly string[] | null,
  added: readonly string[],
  numberOfFields: number,
): ColumnAccess {
  const first = heading?.length ?? numberOfFields
  const byName = new Map<string, number>()
  for (const [index, name] of (heading ?? []).entries())
    if (name !== '' && !byName.has(foldCell(name))) byName.set(foldCell(name), index)
  for (const [index, name] of added.entries()) byName.set(foldCell(name), first + index)
  return {
    indexOf(column) {
      if (typeof column === 'number') return column - 1
      const index = byName.get(foldCell(column))
      if (index !== undefined) return index
      const names = [...(heading ?? []), ...added].filter((name) => name !== '')
      const has = names.length === 0 ? 'no heading: give the number of a column' : names.join(', ')
      const hint = suggest(column, names)
      throw new RowError(column, `the table has no column "${column}"${hint}; it has ${has}`)
    },
  }
}

/** Maximum number of cached cells; registers repeat their cells. */
const cacheEntriesMax = 100_000

/** Reads equal cells once. Errors are not cached. */
export function cached<T>(read: (text: string) => T): (text: string) => T {
  const cache = new Map<string, T>()
  return (text) => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const value = read(text)
    if (cache.size < cacheEntriesMax) cache.set(text, value)
    return value
  }
}

/** Text of a cell after the changes of the map, with its line breaks. */
export function compileRawCell(cell: Cell, access: ColumnAccess): CellReader<string> {
  const index = access.indexOf(cell.column)
  const change = compileChanges(cell)
  if (change === null) return (cells) => cells[index] ?? ''
  const changed = cached(change)
  return (cells) => changed(cells[index] ?? '')
}

/** Text of a cell after the changes of the map, without padding. */
export function compileCell(cell: Cell, access: ColumnAccess): CellReader<string> {
  const read = compileRawCell(cell, access)
  return (cells) => tidyCell(read(cells))
}

function compileChanges({ strip, replace, extract }: Cell): ((text: string) => string) | null {
  const steps: ((text: string) => string)[] = []
  const patterns = strip === undefined ? [] : Array.isArray(strip) ? strip : [strip]
  for (const pattern of patterns) {
    const found = new RegExp(pattern, 'giu')
    steps.push((text) => text.replace(found, ''))
  }
  for (const [pattern, by] of Object.entries(replace ?? {})) {
    const found = new RegExp(pattern, 'giu')
    steps.push((text) => text.replace(found, by))
  }
  if (extract !== undefined) {
    const found = new RegExp(extract, 'iu')
    steps.push((text) => {
      const match = found.exec(text)
      return match?.[1] ?? match?.[0] ?? ''
    })
  }
  if (steps.length === 0) return null
  return (text) => steps.reduce((changed, step) => step(changed), text.trim())
}

/** The values of a cell that has several; a cell without any is an empty list. */
export function splitCell(raw: string, by: Split | undefined): string[] {
  return splitRaw(raw, by)
    .map(tidyCell)
    .filter((part) => part !== '')
}

function splitRaw(raw: string, by: Split | undefined): string[] {
  if (by === undefined) return [raw]
  if (typeof by === 'object') return raw.split(new RegExp(by.pattern, 'iu'))
  return by === 'lines' ? raw.split(/\r\n|[\r\n]/) : raw.split(by)
}

type CompileCondition = (condition: Condition) => CellReader<boolean>

/** What compiles the rules of a map for a table. */
export type CompileContext = {
  access: ColumnAccess
  compileCondition: CompileCondition
}

/**
 * A source with one rule or several: the first rule whose `when` holds reads the row. If none holds, there is no value.
 */
export function compileRules<Rule extends { when?: Condition | undefined }, T>(
  rules: readonly Rule[],
  { compileCondition }: CompileContext,
  compileRule: (rule: Rule) => CellReader<T | null>,
): CellReader<T | null> {
  const cases = rules.map((rule) => ({
    holds: rule.when === undefined ? null : compileCondition(rule.when),
    read: compileRule(rule),
  }))
  const [first] = cases
  if (first === undefined) return () => null
  if (cases.length === 1 && first.holds === null) return first.read
  return (cells) => {
    for (const { holds, read } of cases) if (holds === null || holds(cells)) return read(cells)
    return null
  }
}
