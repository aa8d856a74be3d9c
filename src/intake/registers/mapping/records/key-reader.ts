import {
  type CellReader,
  type Cells,
  type CompileContext,
  columnName,
  compileCell,
  RowError,
} from '../cells/cells.ts'
import type { Column } from '../cells/schema.ts'

/** Between the parts of a key: no cell has it, because cells are read without padding. */
export const keySeparator = '\t'

/** Longer keys do not fit into an index. */
const keyLengthMax = 500

/** The key of a row, or the first of its columns that is empty. */
export type RowKey = { key: string } | { emptyColumn: string }

export function compileKey(
  columns: readonly Column[],
  { access }: CompileContext,
): CellReader<RowKey> {
  const parts = columns.map((column) => ({
    name: columnName(column),
    read: compileCell({ column }, access),
  }))
  return (cells: Cells) => {
    const texts: string[] = []
    for (const { name, read } of parts) {
      const text = read(cells)
      if (text === '') return { emptyColumn: name }
      texts.push(text)
    }
    const key = texts.join(keySeparator)
    if (key.length > keyLengthMax)
      throw new RowError(parts[0]?.name ?? '', `the key has over ${keyLengthMax} characters`)
    return { key }
  }
}
