import type { RegisterMap } from '../table/schema.ts'
import { type Cells, type CompileContext, tidyCell } from './cells/cells.ts'
import { compileText } from './cells/text-reader.ts'
import type { SideTables } from './side-tables.ts'

/** Prepares rows in their order: it remembers cells for `fillDown`. Null for a row that the map skips. */
export type RowPreparer = (fields: readonly string[]) => Cells | null

/** Names of the columns that the preparation adds after those of the table. */
export function listAddedColumns({ rows, figure }: RegisterMap): string[] {
  const figures = figure === null ? [] : Array.isArray(figure) ? figure : [figure]
  return [
    ...rows.join.flatMap(({ columns }) => Object.values(columns)),
    ...Object.keys(rows.columns),
    ...figures.flatMap(({ unpivot }) =>
      unpivot === undefined ? [] : [unpivot.name, unpivot.value],
    ),
  ]
}

/**
 * @param width number of fields of the table
 * @throws {RowError} for a column that the table does not have
 */
export function compilePreparation(
  { rows }: RegisterMap,
  context: CompileContext,
  sideTables: SideTables,
): () => RowPreparer {
  const { access } = context
  const fillDown = rows.fillDown.map((column) => access.indexOf(column))
  const joins = rows.join.map((join, number) => {
    const { key } = join
    const here = typeof key === 'object' ? key.here : key
    return {
      keyAt: access.indexOf(here),
      columns: Object.entries(join.columns).map(
        ([there, name]) => [there, access.indexOf(name)] as const,
      ),
      find: sideTables[number] ?? (() => null),
    }
  })
  const columns = Object.entries(rows.columns).map(
    ([name, source]) => [access.indexOf(name), compileText(source, context)] as const,
  )
  const isUsed = rows.where === undefined ? null : context.compileCondition(rows.where)
  const isChanged = fillDown.length + joins.length + columns.length > 0
  if (!isChanged) return () => (fields) => (isUsed === null || isUsed(fields) ? fields : null)
  return () => {
    const above = new Map<number, string>()
    return (fields) => {
      const cells = [...fields]
      for (const index of fillDown) {
        const cell = cells[index] ?? ''
        if (tidyCell(cell) === '') cells[index] = above.get(index) ?? ''
        else above.set(index, cell)
      }
      for (const { keyAt, columns: added, find } of joins) {
        const found = find(tidyCell(cells[keyAt] ?? ''))
        for (const [there, index] of added) cells[index] = found?.get(there) ?? ''
      }
      for (const [index, read] of columns) cells[index] = read(cells) ?? ''
      return isUsed === null || isUsed(cells) ? cells : null
    }
  }
}
