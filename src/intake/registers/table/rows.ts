import { createHash } from 'node:crypto'
import { createReadStream, readSync } from 'node:fs'
import { FatalError } from '../../../fatal-error.ts'
import type { RegisterMap } from './schema.ts'

/**
 * Reads a table of any size row by row. No library gives the position of a row in the text, which a citation needs, or
 * continues after a quotation mark that is never closed.
 */

/** A row of the table as received: a record of RFC 4180, including heading and empty rows. */
export type RegisterRow = {
  /** From 1: the position of RFC 7111. */
  number: number
  /** What stands before the number in the fragment of a citation: `sheet=Licences&`, or nothing. */
  place: string
  /** First line in the file, from 1. */
  line: number
  /** In NFC, with `\n` line ends, without the last line end. */
  text: string
  /** Whether a line end follows it in the body. */
  isEnded: boolean
  /** Position in the body and length, in code points. */
  start: number
  length: number
  /** The part of the stored text that contains the row, from 0. */
  part: number
  /** Up to 32 code points of context in the body; `suffix` is complete when the next row is read. */
  prefix: string
  suffix: string
  fields: string[]
  /** Why its fields cannot be read; `column` counts from 1. */
  fault: { column: number | null; reason: string } | null
}

export type FileInspection = { bytes: number; sha256: string; encoding: string; mediaType: string }

/** The text of a table that is not text, such as a sheet of a workbook. */
export type ConvertedText = {
  fd: number
  textBytes: number
  /** The file as received. */
  file: string
  fileBytes: number
  /** Where the rows are in it, for the fragments of citations: `sheet=Licences&`. */
  place: string
}

type FileOptions = RegisterMap['file']
type RowOptions = Pick<FileOptions, 'delimiter' | 'quote'>

const chunkBytes = 65_536
/** Minimum length of a part of the stored text in code points; a part ends with a row. */
const partLengthMin = 32_768
/** Code points of the context of a citation, without the line end. */
const contextLength = 31
/** A longer row has a quotation mark that is not closed. */
const rowLinesMax = 100
const lineLengthMax = 1_048_576

/**
 * Hashes a file and detects its encoding: the declared one, or that of its byte order mark, or UTF-8 if the file is valid
 * UTF-8, else Windows-1252.
 *
 * @throws {FatalError} if it cannot be read or is empty
 */
export async function inspectFile(
  file: string,
  { encoding }: Pick<FileOptions, 'encoding'>,
): Promise<FileInspection> {
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let head: Buffer | undefined
  let bytes = 0
  for await (const piece of readChunks(file)) {
    head ??= piece
    hash.update(piece)
    bytes += piece.length
    if (isUtf8)
      try {
        utf8.decode(piece, { stream: true })
      } catch {
        isUtf8 = false
      }
  }
  if (head === undefined) throw new FatalError(`${file} is empty.`)
  const declared = encoding === 'auto' ? detectUnicodeEncoding(head) : encoding
  const found = declared ?? (isUtf8 ? 'utf-8' : 'windows-1252')
  return {
    bytes,
    sha256: hash.digest('hex'),
    encoding: found,
    mediaType: `text/csv; charset=${found}`,
  }
}

async function* readChunks(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: chunkBytes })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    throw new FatalError(`${file} cannot be read: ${error.message}`, { cause: error })
  }
}

/** By the byte order mark, or by the zero bytes of Latin letters in UTF-16. */
function detectUnicodeEncoding(head: Buffer): string | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  const checkedBytes = Math.min(head.length, 1_000)
  for (let at = 0; at < checkedBytes; at += 1)
    if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  if ((zeros[1] ?? 0) > checkedBytes / 4) return 'utf-16le'
  if ((zeros[0] ?? 0) > checkedBytes / 4) return 'utf-16be'
  return null
}

/** Pieces of the text with pieces of the file as received, which are in the same order and together are the whole file. */
async function* readPieces(
  source: string | ConvertedText,
): AsyncGenerator<{ text: Buffer; bytes: Buffer }> {
  if (typeof source === 'string') {
    for await (const bytes of readChunks(source)) yield { text: bytes, bytes }
    return
  }
  const { fd, textBytes, file, fileBytes } = source
  const share = fileBytes / Math.max(1, textBytes)
  const received = readChunks(file)
  let bytesRead = 0
  for (let textRead = 0; textRead < textBytes; ) {
    // Not a stream: one that is not read to its end closes the file.
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, textBytes - textRead))
    const text = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, textRead))
    if (text.length === 0) break
    textRead += text.length
    const pieces: Buffer[] = []
    while (bytesRead < textRead * share) {
      const { value } = await received.next()
      if (value === undefined) break
      pieces.push(value)
      bytesRead += value.length
    }
    yield { text, bytes: Buffer.concat(pieces) }
  }
  for await (const bytes of received) yield { text: Buffer.alloc(0), bytes }
}

/** Consecutive rows, and the bytes that were read for them or for the next rows. */
export type RowGroup = { rows: RegisterRow[]; bytes: Buffer }

/** All rows of a table in order, in groups; their texts and line ends are the body of the article. */
export async function* readRows(
  source: string | ConvertedText,
  encoding: string,
  options: RowOptions,
): AsyncGenerator<RowGroup> {
  const decoder = new TextDecoder(encoding)
  const { file, place } = typeof source === 'string' ? { file: source, place: '' } : source
  const reader = createRowReader(options, place)
  let rest = ''
  for await (const { text: piece, bytes } of readPieces(source)) {
    const text = rest + decoder.decode(piece, { stream: true })
    // A CR at the end can be the first half of a line end.
    const until = text.endsWith('\r') ? text.length - 1 : text.length
    const lines = text.slice(0, until).split(lineEnd)
    rest = (lines.pop() ?? '') + text.slice(until)
    if (rest.length > lineLengthMax)
      throw new FatalError(
        `${file}: a line is longer than ${lineLengthMax} characters. Is it a table in text form?`,
      )
    yield { rows: reader.take(lines, false), bytes }
  }
  const last = (rest + decoder.decode()).split(lineEnd)
  yield { rows: reader.take(last, true), bytes: Buffer.alloc(0) }
}

/** Line ends as in `normaliseText`. */
const lineEnd = /\r\n|[\r\n\u2028\u2029]/

/** Assembles lines to rows. Keeps the lines of an incomplete row. */
function createRowReader({ delimiter, quote }: RowOptions, place: string) {
  let waiting: string[] = []
  let number = 0
  let line = 1
  let start = 0
  let part = 0
  let partUsed = 0
  let last: RegisterRow | undefined

  function row(text: string, lines: number, parsed: ParsedRow, isEnded: boolean): RegisterRow {
    number += 1
    const length = countCodePoints(text)
    const made: RegisterRow = {
      number,
      place,
      line,
      text,
      isEnded,
      start,
      length,
      part,
      suffix: '',
      prefix: last === undefined ? '' : `${takeLastCodePoints(last.text)}\n`,
      fields: parsed.fields,
      fault: parsed.fault ?? findUnreadableField(parsed.fields),
    }
    line += lines
    start += length + (isEnded ? 1 : 0)
    partUsed += length + 1
    if (partUsed >= partLengthMin) {
      part += 1
      partUsed = 0
    }
    if (last !== undefined) last.suffix = `\n${takeFirstCodePoints(text)}`
    last = made
    return made
  }

  return {
    /** The complete rows; at the end of the file, all remaining rows. */
    take(lines: readonly string[], isLast: boolean): RegisterRow[] {
      const all = [...waiting, ...lines.map(cleanLine)]
      const rows: RegisterRow[] = []
      let at = 0
      while (at < all.length) {
        // A line end at the end of the file begins no row.
        if (isLast && all[at] === '' && at === all.length - 1) break
        const next = joinRow(all, at, delimiter, quote)
        if (next === null && !isLast) break
        const { text, lineCount, parsed } = next ?? readUnclosedRow(all[at] ?? '', delimiter, quote)
        at += lineCount
        rows.push(row(text, lineCount, parsed, !isLast || at < all.length))
      }
      waiting = all.slice(at)
      return rows
    },
  }
}

type JoinedRow = { text: string; lineCount: number; parsed: ParsedRow }

/** The row that begins at a line. Null if the lines end before it does. */
function joinRow(
  lines: readonly string[],
  at: number,
  delimiter: string,
  quote: string | null,
): JoinedRow | null {
  let text = lines[at] ?? ''
  let parsed = parseRow(text, delimiter, quote)
  let lineCount = 1
  while (parsed.isOpen && lineCount < rowLinesMax && at + lineCount < lines.length) {
    const next = lines[at + lineCount] ?? ''
    text += `\n${next}`
    lineCount += 1
    if (quote !== null && next.includes(quote)) parsed = parseRow(text, delimiter, quote)
  }
  if (!parsed.isOpen) return { text, lineCount, parsed }
  return lineCount < rowLinesMax ? null : readUnclosedRow(lines[at] ?? '', delimiter, quote)
}

/** A row of one line with a fault: its quotation mark is not closed. */
function readUnclosedRow(text: string, delimiter: string, quote: string | null): JoinedRow {
  const parsed = parseRow(text, delimiter, quote)
  const reason = `a quotation mark is opened and not closed within ${rowLinesMax} lines`
  return {
    text,
    lineCount: 1,
    parsed: { ...parsed, fault: { column: parsed.fields.length, reason } },
  }
}

/** PostgreSQL cannot store NUL: the body has U+FFFD instead, and the row is rejected. */
const cleanLine = (line: string): string => {
  const text = line.includes('\0') ? line.replaceAll('\0', '\ufffd') : line
  return text.normalize('NFC')
}

function findUnreadableField(fields: readonly string[]): RegisterRow['fault'] {
  const column = fields.findIndex((field) => field.includes('\ufffd'))
  if (column === -1) return null
  const reason = 'has bytes that are no text in this encoding, or a NUL'
  return { column: column + 1, reason }
}

const surrogatePattern = /[\ud800-\udfff]/

function takeFirstCodePoints(text: string): string {
  const first = text.slice(0, 64)
  if (!surrogatePattern.test(first)) return first.slice(0, contextLength)
  return [...first].slice(0, contextLength).join('')
}

function takeLastCodePoints(text: string): string {
  const last = text.slice(-64)
  if (!surrogatePattern.test(last)) return last.slice(-contextLength)
  return [...last.toWellFormed()].slice(-contextLength).join('')
}

const countCodePoints = (text: string): number => {
  if (!surrogatePattern.test(text)) return text.length
  let length = 0
  for (const _ of text) length += 1
  return length
}

type ParsedRow = { fields: string[]; isOpen: boolean; fault: RegisterRow['fault'] }

/** The fields of a row (RFC 4180). A quotation mark inside an unquoted field is a normal character. */
export function parseRow(text: string, delimiter: string, quote: string | null): ParsedRow {
  if (quote === null || !text.includes(quote))
    return { fields: text.split(delimiter), isOpen: false, fault: null }
  const fields: string[] = []
  for (let at = 0; ; ) {
    if (text[at] !== quote) {
      const end = text.indexOf(delimiter, at)
      fields.push(text.slice(at, end === -1 ? text.length : end))
      if (end === -1) return { fields, isOpen: false, fault: null }
      at = end + 1
      continue
    }
    let field = ''
    for (at += 1; ; at += 2) {
      const end = text.indexOf(quote, at)
      field += text.slice(at, end === -1 ? text.length : end)
      if (end === -1) return { fields: [...fields, field], isOpen: true, fault: null }
      at = end
      if (text[end + 1] !== quote) break
      field += quote
    }
    fields.push(field)
    at += 1
    if (at === text.length) return { fields, isOpen: false, fault: null }
    if (text[at] !== delimiter) {
      const reason = 'something stands between the closing quotation mark and the delimiter'
      return { fields, isOpen: false, fault: { column: fields.length, reason } }
    }
    at += 1
  }
}
