import type { Cells } from '../mapping/cells/cells.ts'
import type { RecordMapper } from '../mapping/records/event-mapper.ts'
import { createRowReader, type KeyedCells } from '../mapping/row-reader.ts'
import type { RegisterRow } from '../table/rows.ts'
import type { RegisterScan } from '../table/scan.ts'

/** The rows of a record, not mapped yet. */
export type RecordUnit = {
  key: string
  /** Null for a permit. */
  mapper: RecordMapper | null
  rows: readonly RegisterRow[]
  cells: readonly Cells[]
}

export type RowUnits = {
  units: readonly RecordUnit[]
  rejection: { column: string; reason: string } | null
  isSkipped: boolean
  totals: readonly KeyedCells[]
}

/**
 * Collects the rows of each record. Lines of a permit wait for the last one of its key, so the memory depends on how far
 * apart they stand.
 */
export function createUnitCollector(scan: RegisterScan): (row: RegisterRow) => RowUnits {
  const { mapper } = scan
  const read = createRowReader(mapper)
  const waiting = new Map<string, { rows: RegisterRow[]; cells: Cells[] }>()

  function addLine(row: RegisterRow, key: string, cells: Cells): RecordUnit[] {
    const count = scan.countRows(key)
    const lines = waiting.get(key) ?? { rows: [], cells: [] }
    lines.rows.push(row)
    lines.cells.push(cells)
    if (lines.rows.length < count) {
      waiting.set(key, lines)
      return []
    }
    waiting.delete(key)
    return [{ key, mapper: null, ...lines }]
  }

  return (row) => {
    const reading = read(row)
    if (reading.type === 'rejected')
      return { units: [], rejection: reading, isSkipped: false, totals: [] }
    if (reading.type === 'skipped')
      return { units: [], rejection: null, isSkipped: true, totals: [] }
    const { permit, records, totals } = reading
    const units: RecordUnit[] = records.map(({ mapper: of, key, cells }) => ({
      key,
      mapper: of,
      rows: [row],
      cells: [cells],
    }))
    if (permit !== null) {
      const { key, cells } = permit
      if (mapper.permit?.hasLines) units.push(...addLine(row, key, cells))
      else units.push({ key, mapper: null, rows: [row], cells: [cells] })
    }
    return { units, rejection: null, isSkipped: false, totals }
  }
}
