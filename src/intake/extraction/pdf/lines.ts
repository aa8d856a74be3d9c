import { joinCells } from '../html/tables.ts'
import { type Fragment, groupByBaseline } from './fragments.ts'

/** A line of a page, or a table of lines. */
export type PdfLine = {
  /** Marked text; the rows of a table are lines, its cells are separated by tabs. */
  text: string
  isTable: boolean
  y: number
  size: number
  /** The space above is larger than between the lines of a paragraph. */
  hasGapAbove: boolean
}

/** In heights of the font. */
const lineGapMax = 1.6
const cellGapMin = 0.9
const tableRowsMin = 2

/** The lines of a region from top to bottom. Rows whose cells stand below each other become one table. */
export function buildLines(region: readonly Fragment[]): PdfLine[] {
  const rows = groupByBaseline(region)
  const lines: PdfLine[] = []
  for (let index = 0; index < rows.length; ) {
    const count = countTableRows(rows, index)
    const row = rows.slice(index, index + Math.max(1, count))
    const first = row[0] ?? []
    const previous = index === 0 ? null : (rows[index - 1]?.[0] ?? null)
    const size = Math.max(...first.map((one) => one.size))
    const y = first[0]?.y ?? 0
    lines.push({
      text: count > 0 ? formatTable(row) : first.map(({ text }) => text.trim()).join(' '),
      isTable: count > 0,
      y,
      size,
      hasGapAbove: previous !== null && isParagraphGap(previous, y, size),
    })
    index += Math.max(1, count)
  }
  return lines
}

const isParagraphGap = (previous: Fragment, y: number, size: number): boolean =>
  y - previous.y > lineGapMax * Math.max(size, 1) ||
  Math.max(size, previous.size) > 1.18 * Math.min(size, previous.size)

const isTableRow = (row: readonly Fragment[] | undefined): boolean =>
  row !== undefined &&
  row.length > 1 &&
  row.every(
    (cell, index) => index === 0 || cell.x - (row[index - 1]?.end ?? 0) > cellGapMin * cell.size,
  )

/** The number of rows of the table that begins here; 0 when none does. */
function countTableRows(rows: readonly Fragment[][], from: number): number {
  if (!isTableRow(rows[from])) return 0
  let to = from + 1
  while (to < rows.length) {
    const row = rows[to] ?? []
    const table = rows.slice(from, to)
    const distance = (row[0]?.y ?? 0) - (rows[to - 1]?.[0]?.y ?? 0)
    if (distance > 3.5 * (row[0]?.size ?? 1)) break
    // A single cell belongs to the table when rows follow: an empty cell beside it, or a second line of a cell.
    const isRow = isTableRow(row) || (isTableRow(rows[to + 1]) && standsInColumn(row, table))
    if (!isRow || !isAligned(row, table)) break
    to += 1
  }
  return to - from >= tableRowsMin ? to - from : 0
}

const standsInColumn = (row: readonly Fragment[], table: readonly Fragment[][]): boolean => {
  const [cell] = row
  return (
    cell !== undefined &&
    findColumns(table).filter(({ x, end }) => cell.x < end && cell.end > x).length === 1
  )
}

/** Whether every cell stands in a column of its own, and at least one of them below another cell. */
function isAligned(row: readonly Fragment[], table: readonly Fragment[][]): boolean {
  const columns = findColumns(table)
  const taken = row.map((cell) => columns.filter(({ x, end }) => cell.x < end && cell.end > x))
  if (taken.some(({ length }) => length > 1)) return false
  const used = taken.flatMap(([column]) => (column ? [column] : []))
  return new Set(used).size === used.length && used.length >= Math.min(2, row.length)
}

type Column = { x: number; end: number }

/** The columns of a table: where the cells of its rows overlap. */
function findColumns(table: readonly (readonly Fragment[])[]): Column[] {
  const columns: Column[] = []
  for (const { x, end } of table.flat().toSorted((a, b) => a.x - b.x)) {
    const last = columns.at(-1)
    if (last && x < last.end) last.end = Math.max(last.end, end)
    else columns.push({ x, end })
  }
  return columns
}

function formatTable(rows: readonly (readonly Fragment[])[]): string {
  const columns = findColumns(rows)
  return rows
    .map((row) =>
      joinCells(
        columns.map(({ x, end }) =>
          row
            .filter((cell) => cell.x < end && cell.end > x)
            .map(({ text }) => text)
            .join(' '),
        ),
      ),
    )
    .join('\n')
}
