import { createHash } from 'node:crypto'
import type { RowMapper } from '../table/row-mapper.ts'
import type { RegisterRow } from '../table/rows.ts'
import { type Cells, RowError } from './cells/cells.ts'
import type { RecordMapper } from './records/event-mapper.ts'
import { keySeparator } from './records/key-reader.ts'

/** What a row is, before its values are read. */
export type RowReading =
  | { type: 'skipped' }
  | { type: 'rejected'; column: string; reason: string }
  | {
      type: 'read'
      /** The permit that it is about, if any. */
      permit: { key: string; cells: Cells } | null
      records: readonly KeyedCells[]
      totals: readonly KeyedCells[]
    }

/** A record of a row with its key, which is unique in the table. */
export type KeyedCells = { mapper: RecordMapper; key: string; cells: Cells }

/** Reads the rows of a table in their order, once: it numbers rows with the same key. */
export function createRowReader(mapper: RowMapper): (row: RegisterRow) => RowReading {
  const prepare = mapper.createPreparer()
  const counts = mapper.records.map(() => new Map<number, number>())
  const read = (cells: Cells): RowReading => {
    const records: KeyedCells[] = []
    const totals: KeyedCells[] = []
    for (const [index, record] of mapper.records.entries()) {
      if (!record.applies(cells)) continue
      const isTotal = record.isTotal(cells)
      for (const one of record.expand(cells)) {
        if (isTotal) {
          totals.push({ mapper: record, key: '', cells: one })
          continue
        }
        const key = record.readKey(one)
        if ('emptyColumn' in key) throw new RowError(key.emptyColumn, 'is empty')
        records.push({
          mapper: record,
          key: numberKey(key.key, counts[index] ?? new Map()),
          cells: one,
        })
      }
    }
    const permit = readPermit(mapper, cells)
    if (permit === null && records.length + totals.length === 0) return { type: 'skipped' }
    return { type: 'read', permit, records, totals }
  }
  return ({ fields, fault }) => {
    if (fault !== null) {
      const { column, reason } = fault
      const name = column === null ? '' : (mapper.columns[column - 1] ?? String(column))
      return { type: 'rejected', column: name, reason }
    }
    try {
      const cells = prepare(fields)
      return cells === null ? { type: 'skipped' } : read(cells)
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      return { type: 'rejected', column: error.column, reason: error.message }
    }
  }
}

function readPermit({ permit }: RowMapper, cells: Cells): { key: string; cells: Cells } | null {
  if (permit === null || !permit.applies(cells)) return null
  const key = permit.readKey(cells)
  if ('emptyColumn' in key) throw new RowError(key.emptyColumn, 'is empty')
  return { key: key.key, cells }
}

/** Of rows with the same key, the second and later ones have a number. */
function numberKey(key: string, counts: Map<number, number>): string {
  const short = shortenKey(key)
  const count = (counts.get(short) ?? 0) + 1
  counts.set(short, count)
  return count === 1 ? key : `${key}${keySeparator}(${count})`
}

/** 48 bits of the hash of a key: a million keys are some tens of megabytes. */
export const shortenKey = (key: string): number =>
  createHash('sha1').update(key).digest().readUIntBE(0, 6)
