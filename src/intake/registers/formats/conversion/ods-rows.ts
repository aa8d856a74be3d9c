import { Parser } from 'htmlparser2'
import type { CellValue } from './cell-texts.ts'
import { TableError } from './row-writer.ts'
import { type Sheet, streamZipPart } from './workbook-parts.ts'

/**
 * Reads OpenDocument spreadsheets as a stream. The library that reads XLSX keeps a whole sheet in memory and joins the
 * paragraphs of a cell without a line break.
 */

const contentBytesMax = 2 * 1_024 ** 3
const columnsMax = 16_384
const rowsMax = 1_048_576

type Attributes = Readonly<Record<string, string>>

const readCount = (attributes: Attributes, name: string, max: number): number => {
  const count = Number(attributes[name] ?? '1')
  return Number.isInteger(count) && count > 0 ? Math.min(count, max) : 1
}

/** The sheets of a spreadsheet in its order. */
export async function listOdsSheets(file: string): Promise<Sheet[]> {
  const hiddenStyles = new Set<string>()
  const sheets: Sheet[] = []
  let style = ''
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'style:style') style = attributes['style:name'] ?? ''
        else if (name === 'style:table-properties' && attributes['table:display'] === 'false')
          hiddenStyles.add(style)
        else if (name === 'table:table')
          sheets.push({
            name: attributes['table:name'] ?? '',
            isHidden: hiddenStyles.has(attributes['table:style-name'] ?? ''),
          })
      },
    },
    { xmlMode: true },
  )
  await parseContent(file, parser, () => undefined)
  return sheets
}

/**
 * Passes on the rows of a sheet that have cells. A cell of the heading over several columns is in each of them.
 *
 * @throws {TableError}
 */
export async function readOdsRows(
  file: string,
  sheet: string,
  headingRows: number,
  onRow: (row: number, cells: readonly CellValue[]) => void,
): Promise<void> {
  const reader = new OdsSheetReader(sheet, headingRows)
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      ontext: (text) => reader.text(text),
      onclosetag: (name) => reader.close(name),
    },
    { xmlMode: true },
  )
  await parseContent(file, parser, () => {
    for (const { row, cells } of reader.takeRows()) onRow(row, cells)
  })
}

async function parseContent(file: string, parser: Parser, onChunk: () => void): Promise<void> {
  const decoder = new TextDecoder('utf-8')
  let isRead = false
  for await (const chunk of streamZipPart(file, 'content.xml', contentBytesMax)) {
    isRead = true
    parser.write(decoder.decode(chunk, { stream: true }))
    onChunk()
  }
  if (!isRead) throw new TableError('is damaged: it has no content.')
  parser.end()
  onChunk()
}

/** Elements in a cell whose text is not its own. */
const asides: ReadonlySet<string> = new Set(['office:annotation', 'draw:frame', 'text:ruby-text'])

class OdsSheetReader {
  readonly #sheet: string
  readonly #headingRows: number
  #isInSheet = false
  #rows: { row: number; cells: readonly CellValue[] }[] = []
  #row = 0
  #rowRepeat = 1
  #cells: CellValue[] = []
  /** Empty cells that are added when another one follows them. */
  #emptyCells = 0
  #cell: Attributes | null = null
  #paragraphs: string[] = []
  #aside = 0
  #isInParagraph = false
  /** The cell of the heading that covers the next columns, and how many. */
  #covering: { value: CellValue; columns: number } = { value: '', columns: 0 }

  constructor(sheet: string, headingRows: number) {
    this.#sheet = sheet
    this.#headingRows = headingRows
  }

  takeRows(): { row: number; cells: readonly CellValue[] }[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'table:table') this.#isInSheet = attributes['table:name'] === this.#sheet
    if (!this.#isInSheet) return
    if (asides.has(name)) this.#aside += 1
    if (this.#aside > 0) return
    switch (name) {
      case 'table:table-row':
        this.#rowRepeat = readCount(attributes, 'table:number-rows-repeated', rowsMax)
        this.#cells = []
        this.#emptyCells = 0
        break
      case 'table:table-cell':
        this.#cell = attributes
        this.#paragraphs = []
        break
      case 'table:covered-table-cell':
        this.#addCovered(readCount(attributes, 'table:number-columns-repeated', columnsMax))
        break
      case 'text:p':
        this.#isInParagraph = true
        this.#paragraphs.push('')
        break
      case 'text:s':
        this.#append(' '.repeat(readCount(attributes, 'text:c', 1_000)))
        break
      case 'text:tab':
        this.#append('\t')
        break
      case 'text:line-break':
        this.#append('\n')
        break
    }
  }

  text(text: string): void {
    if (this.#isInParagraph && this.#aside === 0) this.#append(text)
  }

  close(name: string): void {
    if (!this.#isInSheet) return
    if (asides.has(name)) this.#aside -= 1
    if (this.#aside > 0) return
    if (name === 'text:p') this.#isInParagraph = false
    else if (name === 'table:table-cell') this.#endCell()
    else if (name === 'table:table-row') this.#endRow()
    else if (name === 'table:table') this.#isInSheet = false
  }

  #append(text: string): void {
    const last = this.#paragraphs.length - 1
    if (last >= 0) this.#paragraphs[last] += text
  }

  #addCovered(columns: number): void {
    const covered = Math.min(columns, this.#covering.columns)
    this.#covering.columns -= covered
    this.#add(this.#covering.value, covered)
    this.#emptyCells += columns - covered
  }

  #endCell(): void {
    if (this.#cell === null) return
    const value = readValue(this.#cell, this.#paragraphs.join('\n'))
    const spanned = readCount(this.#cell, 'table:number-columns-spanned', columnsMax)
    const isHeading = this.#row < this.#headingRows
    this.#covering = { value, columns: isHeading ? spanned - 1 : 0 }
    const repeat = readCount(this.#cell, 'table:number-columns-repeated', columnsMax)
    this.#cell = null
    this.#add(value, repeat)
  }

  #add(value: CellValue, repeat: number): void {
    if (repeat === 0) return
    if (value === '') {
      this.#emptyCells += repeat
      return
    }
    if (this.#cells.length + this.#emptyCells + repeat > columnsMax)
      throw new TableError(`has more than ${columnsMax} columns.`)
    for (; this.#emptyCells > 0; this.#emptyCells -= 1) this.#cells.push('')
    for (let count = 0; count < repeat; count += 1) this.#cells.push(value)
  }

  #endRow(): void {
    if (this.#cells.length > 0)
      for (let count = 0; count < this.#rowRepeat; count += 1)
        this.#rows.push({ row: this.#row + count, cells: this.#cells })
    this.#row += this.#rowRepeat
  }
}

function readValue(cell: Attributes, shown: string): CellValue {
  const value = cell['office:value']
  switch (cell['office:value-type'] ?? cell['calcext:value-type']) {
    case 'float':
    case 'currency':
    case 'percentage':
      return value === undefined ? shown : Number(value)
    case 'boolean':
      return cell['office:boolean-value'] === 'true'
    case 'date':
      return formatOdsDate(cell['office:date-value']) ?? shown
    case 'string':
      return cell['office:string-value'] ?? shown
    default:
      return shown
  }
}

/** A day, or a day and a time. */
function formatOdsDate(value: string | undefined): string | null {
  const [, day, time] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,]\d+)?Z?)?$/.exec(value ?? '') ?? []
  if (day === undefined) return null
  return time === undefined || time === '00:00:00' ? day : `${day} ${time}`
}
