import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FatalError } from '../../../fatal-error.ts'
import { type ConvertedText, type FileInspection, inspectFile } from '../table/rows.ts'
import type { RegisterMap } from '../table/schema.ts'
import { RowWriter, TableError } from './conversion/row-writer.ts'
import { convertTable } from './convert-table.ts'
import { type DetectedFormat, detectFormat } from './detect-format.ts'
import { readDocumentTable } from './document-tables.ts'

type FileOptions = RegisterMap['file']

/** A table that can be read any number of times, until it is closed. */
export type OpenTable = {
  /** What `readRows` reads: the file itself, or the text that was made of it. */
  text: string | ConvertedText
  inspection: FileInspection
  /** How the text is divided into rows and cells. */
  options: FileOptions
  /** Whether a cell of the heading over several columns stands in each of them. */
  hasMergedCells: boolean
  /** What the author of the map should know of the file. */
  notes: string[]
  close(): void
}

/**
 * Opens a table of any format, which is recognised by its content. A table that is not text is written as text to a temporary
 * file without a name: nothing is left of it when the program ends, however it ends.
 *
 * @throws {FatalError} naming the file, its format and what to do
 */
export async function openTable(file: string, options: FileOptions): Promise<OpenTable> {
  const inspection = await inspectFile(file, options)
  try {
    const detected = await detectFormat(file)
    if (detected.format === 'text')
      return {
        text: file,
        inspection,
        options,
        hasMergedCells: false,
        notes: [],
        close: () => undefined,
      }
    return await openConverted(file, detected, options, inspection)
  } catch (error) {
    if (!(error instanceof TableError)) throw error
    throw new FatalError(`${file} ${error.message}`, { cause: error })
  }
}

async function openConverted(
  file: string,
  detected: DetectedFormat,
  options: FileOptions,
  inspection: FileInspection,
): Promise<OpenTable> {
  const fd = openUnnamedFile()
  try {
    const { place, notes } = await writeTable(file, detected, options, fd)
    return {
      text: { fd, textBytes: fstatSync(fd).size, file, fileBytes: inspection.bytes, place },
      inspection: { ...inspection, encoding: 'utf-8', mediaType: detected.mediaType },
      options: { ...options, encoding: 'utf-8', delimiter: '\t', quote: '"' },
      hasMergedCells: isWorkbook(detected.format),
      notes,
      close: () => closeSync(fd),
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

const isWorkbook = (format: DetectedFormat['format']): boolean =>
  format === 'xlsx' || format === 'ods' || format === 'xls'

/** Unlinked at once: only the descriptor keeps its content. */
function openUnnamedFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'casefile-table-'))
  try {
    return openSync(join(folder, 'text'), 'w+', 0o600)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `place`: where a row stands in the file, before its number, as part of a URL fragment. */
async function writeTable(
  file: string,
  { format, name }: DetectedFormat,
  options: FileOptions,
  fd: number,
): Promise<{ place: string; notes: string[] }> {
  const { skip, header, sheet, table, path } = options
  const headingRows = skip + Number(header)
  if (format === 'document') {
    const found = await readDocumentTable(file, name, table)
    const writer = new RowWriter({ fd, headingRows, merges: [] })
    for (const [row, cells] of found.rows.entries()) writer.write(row, cells)
    writer.end()
    return { place: found.number === null ? '' : `table=${found.number}&`, notes: [] }
  }
  if (format === 'text') throw new TypeError('A text is not converted.')
  const hasMerges = Number(header) > 1
  const converted = await convertTable(
    { file, format, name, sheet, path, headingRows, hasMerges },
    fd,
  )
  const notes =
    converted.hiddenSheets.length === 0
      ? []
      : [`The workbook has hidden sheets: ${converted.hiddenSheets.join(', ')}.`]
  if (converted.sheet === null) return { place: '', notes }
  return { place: `sheet=${encodeURIComponent(converted.sheet)}&`, notes }
}
