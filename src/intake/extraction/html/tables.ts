import { defaultTreeAdapter } from 'parse5'
import { removeMarks } from '../marks/marked-text.ts'
import { type Element, getAttribute, listElements, readText } from './page-tree.ts'

/** A longer cell belongs to a layout, not to a table of data. */
const cellLengthMax = 1_500
const columnsMax = 500
const rowsMax = 50_000

/** Whether a table holds data: rows of short cells. Other tables only place parts of a page side by side. */
export function isDataTable(table: Element): boolean {
  if (/^(presentation|none)$/i.test(getAttribute(table, 'role') ?? '')) return false
  const elements = listElements(table).slice(1)
  if (elements.some(({ tagName }) => /^(table|h[1-6]|article|form|nav|figure)$/.test(tagName)))
    return false
  const rows = listRows(table)
  if (rows.length === 0 || rows.length > rowsMax) return false
  const cells = rows.map(listCells)
  if (!cells.some(({ length }) => length > 1)) return false
  return cells.flat().every((cell) => {
    const paragraphs = listElements(cell).filter(({ tagName }) => tagName === 'p').length
    return paragraphs <= 4 && readText(cell).length <= cellLengthMax
  })
}

const listRows = (table: Element): Element[] =>
  listElements(table).filter(({ tagName }) => tagName === 'tr')

const listCells = (row: Element): Element[] =>
  row.childNodes.filter(
    (node): node is Element =>
      defaultTreeAdapter.isElementNode(node) && (node.tagName === 'td' || node.tagName === 'th'),
  )

const readSpan = (cell: Element, name: 'colspan' | 'rowspan'): number =>
  Math.min(columnsMax, Math.max(1, Number.parseInt(getAttribute(cell, name) ?? '1', 10) || 1))

/** Rows as lines and cells between tabs. A cell over several columns or rows is followed by empty ones. */
export function formatTable(
  table: Element,
  isShown: (element: Element) => boolean,
  readCell: (cell: Element) => string,
): string {
  /** At a column: the number of further rows that a cell above covers. */
  const covered: number[] = []
  const lines: string[] = []
  for (const row of listRows(table)) {
    if (!isShown(row)) continue
    const line: string[] = []
    const addCovered = (): void => {
      while ((covered[line.length] ?? 0) > 0 && line.length < columnsMax) {
        covered[line.length] = (covered[line.length] ?? 0) - 1
        line.push('')
      }
    }
    for (const cell of listCells(row)) {
      if (!isShown(cell)) continue
      addCovered()
      const text = readCell(cell)
      const rows = readSpan(cell, 'rowspan') - 1
      for (let column = 0; column < readSpan(cell, 'colspan'); column += 1) {
        if (line.length >= columnsMax) break
        covered[line.length] = rows
        line.push(column === 0 ? text : '')
      }
    }
    addCovered()
    lines.push(joinCells(line))
  }
  return joinRows(lines)
}

/** The cells of a row, told apart by tabs. */
export const joinCells = (cells: readonly string[]): string =>
  cells.map((cell) => cell.replaceAll(/[\t\n]+/g, ' ').trim()).join('\t')

/** Rows as lines, without empty ones. */
export const joinRows = (rows: readonly string[]): string =>
  rows.filter((row) => removeMarks(row).trim() !== '').join('\n')
