import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { readXls } from 'hucre'
import { streamXlsxRows } from 'hucre/xlsx'
import type { TableFormat } from '../detect-format.ts'
import type { CellValue } from './cell-texts.ts'
import { readJsonRows } from './json-rows.ts'
import { listOdsSheets, readOdsRows } from './ods-rows.ts'
import { type HeadingMerge, RowWriter, TableError } from './row-writer.ts'
import { listHeadingMerges, listXlsxSheets, type Sheet } from './workbook-parts.ts'

/** What the process is asked: to write a table of a file as text to the file descriptor 3. */
export type TableTask = {
  file: string
  format: Exclude<TableFormat, 'text' | 'document'>
  /** What the format is called in messages. */
  name: string
  /** Null: the only sheet that is shown. */
  sheet: string | number | null
  /** Of the list of rows in JSON. */
  path: string | null
  /** Rows up to the heading. */
  headingRows: number
  /** Whether the heading has several rows, and cells over several columns. */
  hasMerges: boolean
}

/** `sheet` is null for JSON. */
export type ConvertedTable = { sheet: string | null; hiddenSheets: string[]; rows: number }

export type TableMessage =
  | { memoryMb: number }
  | { converted: ConvertedTable }
  | { refused: string }
  | { failed: string }

const outputFd = 3
const memoryReportMs = 100
const send = (message: TableMessage): void => void process.send?.(message)

async function convert(task: TableTask): Promise<ConvertedTable> {
  const { file, format, path } = task
  const createWriter = (merges: readonly HeadingMerge[] = []) =>
    new RowWriter({ fd: outputFd, headingRows: task.headingRows, merges })
  if (format === 'json' || format === 'ndjson') {
    const writer = createWriter()
    await readJsonRows(file, format, path, (row, cells) => writer.write(row, cells))
    return { sheet: null, hiddenSheets: [], rows: writer.end() }
  }
  if (format === 'xlsx') {
    const sheets = await listXlsxSheets(file)
    const sheet = chooseSheet(sheets, task)
    const writer = createWriter(
      task.hasMerges ? await listHeadingMerges(file, sheet.path, task.headingRows) : [],
    )
    const input = Readable.toWeb(createReadStream(file, { highWaterMark: 262_144 }))
    const rows = streamXlsxRows(input as ReadableStream<Uint8Array>, { sheet: sheet.name })
    for await (const { index, values } of rows) writer.write(index, values as CellValue[])
    return { ...describe(sheets, sheet), rows: writer.end() }
  }
  if (format === 'ods') {
    const sheets = await listOdsSheets(file)
    const sheet = chooseSheet(sheets, task)
    const writer = createWriter()
    const mergedRows = task.hasMerges ? task.headingRows : 0
    await readOdsRows(file, sheet.name, mergedRows, (row, cells) => writer.write(row, cells))
    return { ...describe(sheets, sheet), rows: writer.end() }
  }
  return convertXls(task, createWriter)
}

/** An XLS workbook is in memory as a whole; the library does not say which of its sheets are hidden. */
async function convertXls(
  task: TableTask,
  createWriter: (merges?: readonly HeadingMerge[]) => RowWriter,
): Promise<ConvertedTable> {
  const workbook = await readXls(await readFile(task.file))
  const sheets = workbook.sheets.map(({ name, rows, merges }) => ({
    name,
    isHidden: false,
    rows,
    merges: merges ?? [],
  }))
  const sheet = chooseSheet(sheets, task)
  const merges = task.hasMerges ? sheet.merges : []
  const writer = createWriter(
    merges.map(({ startRow, startCol, endCol }) => ({
      row: startRow,
      from: startCol,
      to: endCol,
    })),
  )
  for (const [row, values] of sheet.rows.entries()) writer.write(row, (values ?? []) as CellValue[])
  return { ...describe(sheets, sheet), rows: writer.end() }
}

const numbers = 'no one two three four five six seven eight nine ten'.split(' ')

function chooseSheet<S extends Sheet>(sheets: readonly S[], { sheet, name }: TableTask): S {
  const shown = sheets.filter(({ isHidden }) => !isHidden)
  const [only] = shown
  if (sheet === null && only !== undefined && shown.length === 1) return only
  const found =
    typeof sheet === 'number'
      ? sheets[sheet - 1]
      : sheets.find((one) => one.name.trim().toLowerCase() === sheet?.trim().toLowerCase())
  if (found !== undefined) return found
  const count = numbers[sheets.length] ?? sheets.length
  const list = sheets
    .slice(0, 20)
    .map((one) => (one.isHidden ? `${one.name} (hidden)` : one.name))
    .join(', ')
  const what = `is ${name} of ${count} sheet${sheets.length === 1 ? '' : 's'}: ${list}.`
  throw new TableError(
    sheet === null
      ? `${what} Name one in the map, with file: { sheet: ... }.`
      : `${what} It has no sheet ${sheet}.`,
  )
}

const describe = (sheets: readonly Sheet[], { name }: Sheet) => ({
  sheet: name,
  hiddenSheets: sheets.filter(({ isHidden }) => isHidden).map((sheet) => sheet.name),
})

async function run(task: TableTask): Promise<void> {
  try {
    send({ converted: await convert(task) })
  } catch (error) {
    if (error instanceof TableError) send({ refused: error.message })
    else if (error instanceof RangeError && /string length/.test(error.message))
      send({ refused: 'has a cell that is too long: is it a zip bomb?' })
    else if (/^Unsupported XLS version/.test(messageOf(error)))
      send({ refused: 'is an Excel workbook of before 1997: save it as XLSX.' })
    else if (isFileError(error)) send({ refused: `is damaged or cut off: ${error.message}` })
    else send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '')

/** Errors of the libraries about the content of a file; they have no class in common. */
const isFileError = (error: unknown): error is Error =>
  error instanceof Error &&
  (/^(?:Parse|Zip|Xml|EncryptedFile|UnsupportedFormat|Hucre|Decryption)\w*Error$/.test(
    error.name,
  ) ||
    /invalid|corrupt|truncated|unexpected end|incorrect|size mismatch/i.test(error.message))

setInterval(() => send({ memoryMb: process.memoryUsage.rss() / 1_048_576 }), memoryReportMs).unref()
process.once('message', (task: TableTask) => void run(task))
process.once('disconnect', () => process.exit())
