import { basename, dirname, resolve } from 'node:path'
import { FatalError } from '../../../fatal-error.ts'
import { type OpenTable, openTable } from '../formats/open-table.ts'
import { readRows } from '../table/rows.ts'
import { createColumnAccess, RowError, tidyCell } from './cells/cells.ts'
import { compileCondition } from './cells/conditions.ts'
import type { SideTable } from './records/schema.ts'

/** For each side table of a map: the cells of a key, by column. Several rows of a key are lines of a cell. */
export type SideTables = readonly ((key: string) => ReadonlyMap<string, string> | null)[]

/** A side table is in memory. */
const rowsMax = 1_000_000

/**
 * @param isConfined whether side tables can only be files beside the table
 * @throws {FatalError} if a side table cannot be read, or lacks a column
 */
export async function readSideTables(
  tables: readonly SideTable[],
  tableFile: string,
  isConfined: boolean,
): Promise<SideTables> {
  const outside = tables.find(({ file }) => basename(file) !== file)
  if (isConfined && outside !== undefined)
    throw new FatalError(`The side table ${outside.file} must be named without a folder.`)
  const found: SideTables[number][] = []
  for (const table of tables) found.push(await readSideTable(table, tableFile))
  return found
}

async function readSideTable(table: SideTable, tableFile: string): Promise<SideTables[number]> {
  const file = resolve(dirname(tableFile), table.file)
  const options = {
    encoding: 'auto',
    delimiter: table.delimiter,
    quote: '"',
    header: true,
    skip: 0,
    sheet: table.sheet,
    table: null,
    path: null,
  } as const
  const opened = await openTable(file, options)
  try {
    return await readSideRows(table, file, opened)
  } finally {
    opened.close()
  }
}

async function readSideRows(
  table: SideTable,
  file: string,
  { text, inspection, options }: OpenTable,
): Promise<SideTables[number]> {
  const cells = new Map<string, Map<string, string>>()
  let take: ((fields: readonly string[]) => void) | undefined
  for await (const { rows } of readRows(text, inspection.encoding, options))
    for (const row of rows) {
      if (row.number > rowsMax) throw new FatalError(`${file} has more than ${rowsMax} rows.`)
      if (row.fault !== null)
        throw new FatalError(`${file}, row ${row.number}: ${row.fault.reason}.`)
      if (take === undefined) take = compileSideTable(table, file, row.fields, cells)
      else if (row.text !== '') take(row.fields)
    }
  return (key) => cells.get(key) ?? null
}

function compileSideTable(
  { key, columns, where }: SideTable,
  file: string,
  heading: readonly string[],
  cells: Map<string, Map<string, string>>,
): (fields: readonly string[]) => void {
  try {
    const access = createColumnAccess(heading.map(tidyCell), [], heading.length)
    const keyAt = access.indexOf(typeof key === 'object' ? key.there : key)
    const added = Object.keys(columns).map((name) => [name, access.indexOf(name)] as const)
    const isUsed = where === undefined ? () => true : compileCondition(where, access)
    const seen = new Set<string>()
    return (fields) => {
      if (!isUsed(fields)) return
      const rowKey = tidyCell(fields[keyAt] ?? '')
      const values = added.map(([, index]) => tidyCell(fields[index] ?? ''))
      const identity = [rowKey, ...values].join('\t')
      if (seen.has(identity)) return
      seen.add(identity)
      const known = cells.get(rowKey) ?? new Map<string, string>()
      cells.set(rowKey, known)
      for (const [number, [name]] of added.entries()) {
        const before = known.get(name)
        const cell = values[number] ?? ''
        known.set(name, before === undefined ? cell : `${before}\n${cell}`)
      }
    }
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    throw new FatalError(`${file}: ${error.message}`, { cause: error })
  }
}
