import { open } from 'node:fs/promises'
import yauzl from 'yauzl'
import { TableError } from './conversion/row-writer.ts'

/** What a table can be read from. A `document` is a web page, a Word document or a PDF. */
export type TableFormat = 'text' | 'xlsx' | 'xls' | 'ods' | 'json' | 'ndjson' | 'document'

export type DetectedFormat = {
  format: TableFormat
  /** As in "this is an Excel workbook". */
  name: string
  mediaType: string
}

const headLength = 8_192
/** Larger workbooks are registers that are better published as text. */
const workbookBytesMax = 100 * 1_048_576
const unpackedBytesMax = 3 * 1_024 ** 3
const sharedTextBytesMax = 256 * 1_048_576
/** A large part that shrinks more than this is a zip bomb: the XML of tables shrinks to a tenth or a fiftieth. */
const [largePartBytes, shrinkageMax] = [64 * 1_048_576, 150]
const entriesMax = 10_000

const formats = {
  xlsx: {
    format: 'xlsx',
    name: 'an Excel workbook',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  xls: {
    format: 'xls',
    name: 'an Excel workbook of 1997 to 2003',
    mediaType: 'application/vnd.ms-excel',
  },
  ods: {
    format: 'ods',
    name: 'an OpenDocument spreadsheet',
    mediaType: 'application/vnd.oasis.opendocument.spreadsheet',
  },
  json: { format: 'json', name: 'JSON', mediaType: 'application/json' },
  ndjson: { format: 'ndjson', name: 'NDJSON', mediaType: 'application/x-ndjson' },
  docx: {
    format: 'document',
    name: 'a Word document',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  html: { format: 'document', name: 'a web page', mediaType: 'text/html' },
  pdf: { format: 'document', name: 'a PDF', mediaType: 'application/pdf' },
  text: { format: 'text', name: 'a text', mediaType: 'text/csv' },
} as const satisfies Record<string, DetectedFormat>

/** Formats that are not read, by their first bytes: what they are, and what to do. */
const otherFormats: readonly (readonly [magic: string, isAndHint: string])[] = [
  ['1f8b', 'is compressed with gzip: unpack it first.'],
  ['425a68', 'is compressed with bzip2: unpack it first.'],
  ['fd377a585a00', 'is compressed with xz: unpack it first.'],
  ['28b52ffd', 'is compressed with zstd: unpack it first.'],
  ['377abcaf271c', 'is a 7z archive: unpack it first.'],
  ['526172211a07', 'is a RAR archive: unpack it first.'],
  ['50415231', 'is a Parquet file: convert it to CSV.'],
  ['53514c69746520666f726d6174', 'is an SQLite database: export the table as CSV.'],
  ['000100005374616e64617264', 'is an Access database: export the table as CSV.'],
  ['89504e47', 'is a picture (PNG), not a table.'],
  ['ffd8ff', 'is a picture (JPEG), not a table.'],
  ['49492a00', 'is a picture (TIFF), not a table.'],
  ['4d4d002a', 'is a picture (TIFF), not a table.'],
  ['7b5c727466', 'is a document in rich text (RTF): save it as a Word document.'],
]

/**
 * The format of a file, by its content: the name of a file may be wrong.
 *
 * @throws {TableError} for a format that is not read, with what to do
 */
export async function detectFormat(file: string): Promise<DetectedFormat> {
  const { head, bytes } = await readHead(file)
  const hex = head.subarray(0, 16).toString('hex')
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return detectZip(file, bytes)
  if (hex.startsWith('d0cf11e0a1b11ae1')) return detectOle(file, bytes)
  if (head.subarray(0, 1_024).includes('%PDF-')) return formats.pdf
  const other = otherFormats.find(([magic]) => hex.startsWith(magic))
  if (other !== undefined) throw new TableError(other[1])
  return detectText(head, bytes)
}

async function readHead(file: string): Promise<{ head: Buffer; bytes: number }> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0)
    return { head: buffer.subarray(0, bytesRead), bytes: (await handle.stat()).size }
  } finally {
    await handle.close()
  }
}

/** Bytes that no text in any encoding has. In UTF-16, every second byte may be zero. */
const isBinary = (head: Buffer): boolean =>
  head.filter((byte) => byte > 0 && byte < 32 && ![9, 10, 12, 13, 27].includes(byte)).length >
  head.length / 50

function detectText(head: Buffer, bytes: number): DetectedFormat {
  if (isBinary(head)) throw new TableError('is no text and no format that is read.')
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (/^<\?xml\b/i.test(text) && /urn:schemas-microsoft-com:office:spreadsheet/.test(text))
    throw new TableError('is a workbook in the XML of Excel 2003: save it as XLSX.')
  if (/^<(?:!doctype html|html|head|body|table|meta|div|style)\b/i.test(text)) return formats.html
  if (/^<\?xml\b/i.test(text)) {
    if (/<html\b/i.test(text)) return formats.html
    if (/opendocument\.spreadsheet/.test(text))
      throw new TableError('is a flat OpenDocument spreadsheet: save it as ODS or XLSX.')
    throw new TableError('is XML, which has no rows: convert it to CSV or JSON.')
  }
  if (!/^(?:\{|\[\s*[[{\]])/.test(text)) return formats.text
  const [line = '', next = ''] = text.split(/\s*\n\s*/)
  const isLine = isJson(line) && (next.startsWith('{') || !text.includes('\n'))
  if (text.startsWith('{') && isLine && (next !== '' || bytes <= headLength))
    return next === '' ? formats.json : formats.ndjson
  // The first line of NDJSON may be longer than the head.
  return isStartOfJson(text) ? formats.json : formats.text
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const isStartOfJson = (text: string): boolean => /^\{\s*(?:"|\})|^\[\s*(?:\{|\[|\])/.test(text)

async function detectZip(file: string, bytes: number): Promise<DetectedFormat> {
  const entries = await listEntries(file)
  const has = (name: string) => entries.some((entry) => entry.name === name)
  // The library loses cells of it.
  if (has('xl/workbook.bin')) throw new TableError('is a binary workbook (XLSB): save it as XLSX.')
  const found = has('word/document.xml')
    ? formats.docx
    : has('xl/workbook.xml')
      ? formats.xlsx
      : has('content.xml') && has('mimetype')
        ? formats.ods
        : null
  if (found === null)
    throw new TableError(
      `is a zip archive of ${entries.length} files, not a table: unpack it first.`,
    )
  if (found === formats.ods) await checkOpenDocument(file)
  checkSizes(entries, bytes, found.name)
  return found
}

type Entry = { name: string; bytes: number; unpackedBytes: number }

/** The sizes that the directory of the archive states. A false one is stopped by the limits of the process that reads it. */
async function listEntries(file: string): Promise<Entry[]> {
  try {
    const zip = await yauzl.openPromise(file, { autoClose: false })
    try {
      if (zip.entryCount > entriesMax)
        throw new TableError(`has over ${entriesMax} parts: is it a workbook?`)
      const entries: Entry[] = []
      for await (const entry of zip.eachEntry())
        entries.push({
          name: entry.fileName,
          bytes: entry.compressedSize,
          unpackedBytes: entry.uncompressedSize,
        })
      return entries
    } finally {
      zip.close()
    }
  } catch (error) {
    if (error instanceof TableError) throw error
    throw new TableError('is damaged or cut off: its zip directory cannot be read.', {
      cause: error,
    })
  }
}

function checkSizes(entries: readonly Entry[], bytes: number, name: string): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0)
  const sharedText = entries.find((entry) => /sharedStrings\.(xml|bin)$/i.test(entry.name))
  const isBomb = entries.some(
    (entry) =>
      entry.unpackedBytes > largePartBytes && entry.unpackedBytes > shrinkageMax * entry.bytes,
  )
  if (
    isBomb ||
    unpacked > unpackedBytesMax ||
    (sharedText?.unpackedBytes ?? 0) > sharedTextBytesMax
  )
    throw new TableError(
      `is ${name} that unpacks to ${toMegabytes(unpacked)} MB, which looks like a zip bomb. If it is none, save the sheet as CSV.`,
    )
  checkWorkbookBytes(bytes, name)
}

function checkWorkbookBytes(bytes: number, name: string): void {
  if (bytes > workbookBytesMax)
    throw new TableError(
      `is ${name} of ${toMegabytes(bytes)} MB; at most ${toMegabytes(workbookBytesMax)} MB are read. Save the sheet as CSV.`,
    )
}

const toMegabytes = (bytes: number): number => Math.round(bytes / 1_048_576)

async function checkOpenDocument(file: string): Promise<void> {
  const type = (await readZipPart(file, 'mimetype', 200))?.toString('latin1').trim() ?? ''
  if (!type.startsWith('application/vnd.oasis.opendocument.spreadsheet'))
    throw new TableError(`is an OpenDocument file of the type ${type}, not a spreadsheet.`)
  const manifest = await readZipPart(file, 'META-INF/manifest.xml', 1_048_576)
  if (manifest?.includes('encryption-data') === true) throw new TableError(passwordMessage)
}

const passwordMessage = 'has a password: open it and save it without one.'

/** A part of a zip file; null if there is none. @throws {TableError} if it is larger */
export async function readZipPart(
  file: string,
  name: string,
  bytesMax: number,
): Promise<Buffer | null> {
  const zip = await yauzl.openPromise(file, { autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) continue
      if (entry.isEncrypted()) throw new TableError(passwordMessage)
      if (entry.uncompressedSize > bytesMax)
        throw new TableError(`is damaged: ${name} has ${entry.uncompressedSize} bytes.`)
      const stream = await zip.openReadStreamPromise(entry)
      return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
    }
    return null
  } finally {
    zip.close()
  }
}

/** Names of streams in an OLE container, in UTF-16. */
const oleStream = (name: string): Buffer => Buffer.from(name, 'utf16le')

async function detectOle(file: string, bytes: number): Promise<DetectedFormat> {
  checkWorkbookBytes(bytes, 'an Office file')
  const handle = await open(file)
  try {
    const content = await handle.readFile()
    if (content.includes(oleStream('EncryptedPackage'))) throw new TableError(passwordMessage)
    if (content.includes(oleStream('WordDocument')))
      throw new TableError('is a Word document of 1997 to 2003: save it as DOCX.')
    if (content.includes(oleStream('PowerPoint Document')))
      throw new TableError('is a presentation, not a table.')
    if (!content.includes(oleStream('Workbook')) && !content.includes(oleStream('Book')))
      throw new TableError('is an Office file without a workbook.')
    if (isEncryptedWorkbook(content)) throw new TableError(passwordMessage)
    return formats.xls
  } finally {
    await handle.close()
  }
}

/** A workbook with a password has the record FILEPASS (2.4.117 of [MS-XLS]) near its start, after BOF. */
function isEncryptedWorkbook(content: Buffer): boolean {
  const beginning = content.indexOf(Buffer.from('0908100000060500', 'hex'))
  let at = beginning
  for (let records = 0; at >= 0 && records < 20 && at + 4 <= content.length; records += 1) {
    if (content.readUInt16LE(at) === 0x2f) return true
    at += 4 + content.readUInt16LE(at + 2)
  }
  return false
}
