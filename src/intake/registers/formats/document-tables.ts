import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Problem } from '../../../problem.ts'
import { readDocument } from '../../extraction/reader-pool.ts'
import { TableError } from './conversion/row-writer.ts'

/** The same limit as for documents that are uploaded. */
const documentBytesMax = 50 * 1_048_576

/**
 * The rows of a table of a web page, a Word document or a PDF, as far as the extraction of articles finds it.
 *
 * @param number of the table, from 1; null for the only one; `all` for the rows of all tables, as a table over several pages has
 * @throws {TableError} whose message follows the name of the file
 */
export async function readDocumentTable(
  file: string,
  name: string,
  number: number | 'all' | null,
): Promise<{ number: number | null; rows: string[][] }> {
  const tables = await listDocumentTables(file)
  if (tables.length === 0) throw new TableError(`is ${name} without a table.`)
  const [only] = tables
  if (number === null && only !== undefined && tables.length === 1) return { number: 1, rows: only }
  if (number === 'all') return { number: null, rows: tables.flat() }
  const rows = number === null ? undefined : tables[number - 1]
  if (rows !== undefined) return { number, rows }
  const list = tables
    .slice(0, 10)
    .map(
      (table, index) =>
        `${index + 1} (${table.length} rows: ${(table[0] ?? []).join(' | ').slice(0, 60)})`,
    )
  throw new TableError(
    `is ${name} of ${tables.length} tables: ${list.join('; ')}. Name one in the map, with file: { table: ... }.`,
  )
}

async function listDocumentTables(file: string): Promise<string[][][]> {
  const { size } = await stat(file)
  if (size > documentBytesMax)
    throw new TableError(
      `has ${Math.round(size / 1_048_576)} MB; at most ${documentBytesMax / 1_048_576} MB of a document are read.`,
    )
  const bytes = new Uint8Array(await readFile(file))
  try {
    const { body, spans } = await readDocument({ bytes, name: basename(file), mediaType: null })
    const points = [...body]
    const texts = spans
      .filter(({ type }) => type === 'table')
      .map(({ start, end }) => points.slice(start, end).join(''))
    return texts.map((text) => text.split('\n').map((line) => line.split('\t')))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new TableError(`cannot be read: ${error.message}`, { cause: error })
  }
}
