import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type CellValue, StoredNumber } from './cell-texts.ts'
import { TableError } from './row-writer.ts'

/** A whole JSON document is in memory; NDJSON is read line by line. */
const jsonBytesMax = 100 * 1_048_576
const columnsMax = 1_000
const depthMax = 20

type Row = ReadonlyMap<string, CellValue>

/**
 * Passes on rows of JSON: first the names of all columns, then the rows. A column is the path of a value: `goods.entry`. The
 * values of a list are lines of the cell.
 *
 * @param path of the list of rows; null for the whole document, or its only list
 * @throws {TableError}
 */
export async function readJsonRows(
  file: string,
  format: 'json' | 'ndjson',
  path: string | null,
  onRow: (row: number, cells: readonly CellValue[]) => void,
): Promise<void> {
  const open = format === 'json' ? await readDocument(file, path) : () => readLines(file)
  const columns = new Set<string>()
  for await (const row of open()) {
    for (const column of flatten(row).keys()) columns.add(column)
    if (columns.size > columnsMax) throw new TableError(`has more than ${columnsMax} columns.`)
  }
  const names = [...columns]
  onRow(0, names)
  let number = 1
  for await (const row of open()) {
    const cells = flatten(row)
    onRow(
      number,
      names.map((name) => cells.get(name)),
    )
    number += 1
  }
}

/** Numbers keep the digits of the file, which a number of JavaScript may not hold. */
const parse = (text: string): unknown =>
  JSON.parse(text, ((_key, value, context?: { source?: string }) =>
    typeof value === 'number' ? new StoredNumber(context?.source ?? String(value)) : value) as (
    key: string,
    value: unknown,
  ) => unknown)

async function readDocument(file: string, path: string | null): Promise<() => Iterable<unknown>> {
  const { size } = await stat(file)
  if (size > jsonBytesMax)
    throw new TableError(
      `is JSON of ${Math.round(size / 1_048_576)} MB; at most ${jsonBytesMax / 1_048_576} MB are read. Write it as NDJSON, with a row on each line.`,
    )
  let document: unknown
  try {
    document = parse((await readFile(file, 'utf8')).replace(/^\ufeff/, ''))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new TableError(`is damaged JSON: ${error.message}.`, { cause: error })
  }
  const rows = path === null ? findRows(document) : readPath(document, path)
  return () => rows
}

function readPath(document: unknown, path: string): readonly unknown[] {
  let value = document
  for (const key of path.split('.').filter((part) => part !== ''))
    value =
      isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined
  if (Array.isArray(value)) return value
  throw new TableError(`has no list of rows at the path ${path}. ${describeLists(document)}`)
}

function findRows(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document
  const lists = isObject(document) ? listLists(document, '') : []
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only.rows
  throw new TableError(
    `has no single list of rows. ${describeLists(document)} Name one in the map, with file: { path: ... }.`,
  )
}

const describeLists = (document: unknown): string => {
  const paths = isObject(document) ? listLists(document, '').map(({ path }) => path) : []
  return paths.length === 0
    ? 'It has no lists.'
    : `It has lists at: ${paths.slice(0, 10).join(', ')}.`
}

/** Lists of objects or lists, not within one another. */
function listLists(
  document: Readonly<Record<string, unknown>>,
  prefix: string,
  depth = 0,
): { path: string; rows: readonly unknown[] }[] {
  return Object.entries(document).flatMap(([key, value]) => {
    const path = `${prefix}${key}`
    if (Array.isArray(value))
      return value.some((one) => typeof one === 'object') ? [{ path, rows: value }] : []
    return isObject(value) && depth < depthMax ? listLists(value, `${path}.`, depth + 1) : []
  })
}

async function* readLines(file: string): AsyncGenerator<unknown> {
  const lines = createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    let row: unknown
    try {
      row = parse(number === 1 ? line.replace(/^\ufeff/, '') : line)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new TableError(`is damaged NDJSON: line ${number} is not JSON.`, { cause: error })
    }
    yield row
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof StoredNumber)

/** The values of a row by path. A row that is a list has its places as columns. */
function flatten(row: unknown): Row {
  const cells = new Map<string, CellValue>()
  const add = (path: string, value: unknown, depth: number): void => {
    if (depth > depthMax) throw new TableError(`has a value more than ${depthMax} levels deep.`)
    if (Array.isArray(value) && depth > 0) for (const one of value) add(path, one, depth + 1)
    else if (isObject(value) || Array.isArray(value))
      for (const [key, one] of Object.entries(value)) {
        const name = Array.isArray(value) ? String(Number(key) + 1) : key
        add(path === '' ? name : `${path}.${name}`, one, depth + 1)
      }
    else if (cells.has(path))
      cells.set(path, `${toText(cells.get(path))}\n${toText(value as CellValue)}`)
    else cells.set(path, value as CellValue)
  }
  add('', row, 0)
  return cells
}

const toText = (value: CellValue): string =>
  value instanceof StoredNumber ? value.digits : value == null ? '' : String(value)
