import { writeSync } from 'node:fs'
import { type CellValue, formatRow, toCellText } from './cell-texts.ts'

/** Columns that a cell of a heading stands above, from 0. */
export type HeadingMerge = { row: number; from: number; to: number }

export type RowWriterOptions = {
  fd: number
  /** Rows up to the heading: all others have as many cells. */
  headingRows: number
  merges: readonly HeadingMerge[]
}

/** The rows of a spreadsheet, which has no more. */
const rowsMax = 1_048_576
const bufferLength = 65_536
const textBytesMax = 4 * 1_024 ** 3

/** What cannot be read; the message follows the name of the file. */
export class TableError extends Error {
  override readonly name = 'TableError'
}

/** Writes rows as lines of text, at the number that they have in the file. */
export class RowWriter {
  readonly #options: RowWriterOptions
  #nextRow = 0
  #width = 0
  #text: string[] = []
  #length = 0
  #bytes = 0

  constructor(options: RowWriterOptions) {
    this.#options = options
  }

  /** @param row from 0; the rows before it that were not written are empty */
  write(row: number, values: readonly CellValue[]): void {
    const cells = values.map(toCellText)
    while (cells.length > 0 && cells.at(-1)?.trim() === '') cells.pop()
    if (cells.length === 0) return
    if (!Number.isInteger(row) || row < this.#nextRow || row >= rowsMax)
      throw new TableError(`is damaged: row ${row + 1} follows row ${this.#nextRow}.`)
    this.#add('\n'.repeat(row - this.#nextRow))
    if (row < this.#options.headingRows) this.#readHeading(row, cells)
    else if (this.#width === 0) this.#width = cells.length
    for (let column = cells.length; column < this.#width; column += 1) cells.push('')
    this.#add(`${formatRow(cells)}\n`)
    this.#nextRow = row + 1
  }

  /** @returns number of the last row */
  end(): number {
    this.#flush()
    return this.#nextRow
  }

  #readHeading(row: number, cells: string[]): void {
    for (const merge of this.#options.merges)
      if (merge.row === row)
        for (let column = merge.from + 1; column <= merge.to; column += 1)
          cells[column] = cells[merge.from] ?? ''
    for (let column = 0; column < cells.length; column += 1) cells[column] ??= ''
    this.#width = Math.max(this.#width, cells.length)
  }

  #add(text: string): void {
    this.#text.push(text)
    this.#length += text.length
    if (this.#length >= bufferLength) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text.join(''))
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#options.fd, bytes, at)
    this.#bytes += bytes.length
    this.#text = []
    this.#length = 0
    if (this.#bytes > textBytesMax) throw new TableError('has more than 4 GB of text.')
  }
}
