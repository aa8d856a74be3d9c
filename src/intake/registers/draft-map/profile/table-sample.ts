import { openTable } from '../../formats/open-table.ts'
import { parseRow, type RegisterRow, readRows } from '../../table/rows.ts'
import type { RegisterMap } from '../../table/schema.ts'
import { looksLikeData } from './column-values.ts'

type FileOptions = RegisterMap['file']

/** The first rows of a table, and how it is divided. */
export type TableSample = {
  file: Partial<FileOptions>
  /** Lines before the heading that have text. */
  preamble: string[]
  /** Null: the table has none. */
  headings: string[] | null
  /** Whether its columns are named by number: it has no heading, or the same one twice. */
  isNumbered: boolean
  rows: string[][]
  /** Rows that have another number of fields, and the first of them. */
  brokenRows: { count: number; first: number } | null
  notes: string[]
}

const rowsMax = 100_000
const layoutRows = 200
const delimiters = [',', ';', '\t', '|']

/** @throws {FatalError} if the file cannot be read */
export async function sampleTable(
  path: string,
  options: FileOptions,
  parseOptions: (options: Partial<FileOptions>) => FileOptions,
): Promise<TableSample> {
  const table = await openTable(path, options)
  try {
    const isText = typeof table.text === 'string'
    const first = await readFirst(table.text, table.inspection.encoding, table.options, layoutRows)
    const delimiter = isText ? detectDelimiter(first) : '\t'
    const split = parseOptions({ ...table.options, delimiter })
    const rows = await readFirst(table.text, table.inspection.encoding, split, rowsMax)
    const { encoding } = table.inspection
    const file = isText ? { delimiter, ...(encoding !== 'utf-8' && { encoding }) } : {}
    return { ...layOut(rows, { ...options, ...file }, isText), notes: [...table.notes] }
  } finally {
    table.close()
  }
}

async function readFirst(
  text: Parameters<typeof readRows>[0],
  encoding: string,
  options: FileOptions,
  count: number,
): Promise<RegisterRow[]> {
  const rows: RegisterRow[] = []
  for await (const group of readRows(text, encoding, options)) {
    rows.push(...group.rows)
    if (rows.length >= count) break
  }
  return rows.slice(0, count)
}

/** The delimiter that divides most lines into the same number of fields. */
function detectDelimiter(rows: readonly RegisterRow[]): string {
  const lines = rows.map(({ text }) => text).filter((text) => text !== '')
  const scored = delimiters.map((delimiter) => {
    const widths = lines.map((line) => parseRow(line, delimiter, '"').fields.length)
    const width = mostFrequent(widths)
    const share = widths.filter((one) => one === width).length / Math.max(1, widths.length)
    return { delimiter, score: width < 2 ? 0 : share * (1 + Math.log10(width)) }
  })
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0]
}

const trimmed = (cells: readonly string[]): string[] =>
  cells.map((cell) => cell.replaceAll(/[^\S\n]+/g, ' ').trim())
const countFilled = (cells: readonly string[]): number => cells.filter((cell) => cell !== '').length

function layOut(
  rows: readonly RegisterRow[],
  options: Partial<FileOptions>,
  isText: boolean,
): Omit<TableSample, 'notes'> {
  const cells = rows.map(({ fields }) => trimmed(fields))
  const width = mostFrequent(
    cells.filter((row) => countFilled(row) > 0).map(({ length }) => length),
  )
  const start = cells.findIndex(
    (row) =>
      countFilled(row) > 1 && (!isText || row.length === width) && countFilled(row) > width / 3,
  )
  const from = Math.max(0, start)
  const headingRows = countHeadingRows(cells.slice(from, from + layoutRows))
  const heading = joinHeading(cells.slice(from, from + headingRows), width)
  const named = heading.filter((name) => name !== '').map((name) => name.toUpperCase())
  const isRepeated = new Set(named).size < named.length
  const headings = headingRows === 0 ? null : heading
  const body = cells.slice(from + headingRows)
  const filled = body.filter((row) => countFilled(row) > 0)
  const broken = body.findIndex((row) => countFilled(row) > 0 && row.length !== width)
  const { delimiter, encoding } = options
  const isNumbered = headings === null || isRepeated
  const skip = from + (isRepeated ? headingRows : 0)
  return {
    file: {
      ...(encoding !== undefined && encoding !== 'auto' && { encoding }),
      ...(isText && delimiter !== ',' && { delimiter }),
      ...(options.sheet != null && { sheet: options.sheet }),
      ...(options.table != null && { table: options.table }),
      ...(options.path != null && { path: options.path }),
      ...(skip > 0 && { skip }),
      ...(isNumbered ? { header: false } : headingRows > 1 && { header: headingRows }),
    },
    isNumbered,
    preamble: cells
      .slice(0, from)
      .map((row) => row.filter((cell) => cell !== '').join(' '))
      .filter((text) => text !== ''),
    headings,
    rows: filled.filter((row) => row.length === width),
    brokenRows:
      broken === -1
        ? null
        : {
            count: filled.filter((row) => row.length !== width).length,
            first: from + headingRows + broken + 1,
          },
  }
}

/** 0: the first row has data; a second row of a heading has units or parts of names. */
function countHeadingRows(rows: readonly string[][]): number {
  const [first = [], second = [], ...rest] = rows
  const below = [second, ...rest]
  const isData = (row: readonly string[], others: readonly string[][]) =>
    row.filter((cell, column) => {
      const values = others.map((other) => other[column] ?? '').filter((value) => value !== '')
      const share = values.filter(looksLikeData).length / Math.max(1, values.length)
      return cell !== '' && looksLikeData(cell) && share > 0.5
    }).length
  const years = first.filter((cell) => /^(?:19|20)\d\d$/.test(cell)).length
  if (isData(first, below) > (years > 1 ? years : 0)) return 0
  const dataColumns = rest.length < 3 ? 0 : isColumnOfData(rest)
  const isSecondHeading =
    dataColumns > 1 && isData(second, rest) === 0 && countFilled(second) >= dataColumns
  return isSecondHeading && rest.length > 5 ? 2 : 1
}

const isColumnOfData = (rows: readonly string[][]): number =>
  (rows[0] ?? []).filter((_, column) => {
    const values = rows.map((row) => row[column] ?? '').filter((value) => value !== '')
    return values.length > 2 && values.filter(looksLikeData).length / values.length > 0.7
  }).length

function joinHeading(rows: readonly string[][], width: number): string[] {
  let current: string[] = []
  const upper = rows.slice(0, -1).map((row) => {
    let carried = ''
    return Array.from({ length: width }, (_, column) => {
      carried = row[column] || carried
      return carried
    })
  })
  const last = rows.at(-1) ?? []
  current = Array.from({ length: width }, (_, column) => {
    const own = last[column] ?? ''
    const above = own === '' ? rows.slice(0, -1) : upper
    return [...above.map((row) => row[column] ?? ''), own].filter((part) => part !== '').join(' ')
  })
  return current
}
