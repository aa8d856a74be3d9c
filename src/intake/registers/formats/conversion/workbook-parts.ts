import { Parser } from 'htmlparser2'
import yauzl from 'yauzl'
import { readZipPart } from '../detect-format.ts'
import { type HeadingMerge, TableError } from './row-writer.ts'

/** A sheet of a workbook. `isHidden`: nobody sees it who opens the workbook. */
export type Sheet = { name: string; isHidden: boolean }

type XlsxSheet = Sheet & { path: string | null }

const partBytesMax = 16 * 1_048_576
/** In larger sheets the merged cells of a heading are not looked for. */
const mergedSheetBytesMax = 256 * 1_048_576

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

type Attributes = Readonly<Record<string, string>>

/** Calls back for each element. The parser resolves no entities but those of XML, and loads nothing. */
function parseXml(onElement: (name: string, attributes: Attributes) => void): Parser {
  return new Parser(
    { onopentag: (name, attributes) => onElement(localName(name), attributes) },
    { xmlMode: true },
  )
}

/** The sheets of an XLSX workbook in its order, which is not that of the zip file. */
export async function listXlsxSheets(file: string): Promise<XlsxSheet[]> {
  const workbook = await readZipPart(file, 'xl/workbook.xml', partBytesMax)
  const relations = await readZipPart(file, 'xl/_rels/workbook.xml.rels', partBytesMax)
  if (workbook === null || relations === null)
    throw new TableError('is damaged: it has no list of sheets.')
  const pathById = new Map<string, string>()
  const readRelation = parseXml((name, { Id, Target }) => {
    if (name === 'Relationship' && Id !== undefined && Target !== undefined)
      pathById.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
  })
  readRelation.end(relations.toString('utf8'))
  const sheets: XlsxSheet[] = []
  const readSheet = parseXml((name, attributes) => {
    if (name !== 'sheet') return
    const id = Object.entries(attributes).find(([key]) => localName(key) === 'id' && key !== 'id')
    const path = pathById.get(id?.[1] ?? '') ?? null
    // Sheets of charts have no rows.
    if (path !== null && !path.includes('worksheets/')) return
    const isHidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
    sheets.push({ name: attributes.name ?? '', isHidden, path })
  })
  readSheet.end(workbook.toString('utf8'))
  return sheets
}

/** Merged cells in the rows of a heading. They stand behind all rows of a sheet. */
export async function listHeadingMerges(
  file: string,
  path: string | null,
  headingRows: number,
): Promise<HeadingMerge[]> {
  const merges: HeadingMerge[] = []
  const readMerge = parseXml((name, { ref = '' }) => {
    const range = name === 'mergeCell' ? parseRange(ref) : null
    if (range !== null && range.row < headingRows && range.to > range.from) merges.push(range)
  })
  let tail = ''
  for await (const chunk of streamZipPart(file, path ?? '', mergedSheetBytesMax)) {
    tail = (tail + chunk.toString('latin1')).slice(-2 * chunk.length - 65_536)
    const from = tail.indexOf('<mergeCells')
    if (from > 0) tail = tail.slice(from)
  }
  const from = tail.indexOf('<mergeCells')
  if (from >= 0) readMerge.end(tail.slice(from))
  return merges
}

function parseRange(ref: string): HeadingMerge | null {
  const match = /^([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$/.exec(ref)
  if (match === null) return null
  const [, from = '', row = '', to = ''] = match
  return { row: Number(row) - 1, from: toColumn(from), to: toColumn(to) }
}

const toColumn = (letters: string): number =>
  [...letters].reduce((column, letter) => 26 * column + letter.charCodeAt(0) - 64, 0) - 1

/** The content of a part of a zip file; nothing if it is missing or larger. */
export async function* streamZipPart(
  file: string,
  name: string,
  bytesMax: number,
): AsyncGenerator<Buffer> {
  const zip = await yauzl.openPromise(file, { autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name || entry.uncompressedSize > bytesMax) continue
      const stream = await zip.openReadStreamPromise(entry)
      yield* stream as AsyncIterable<Buffer>
      return
    }
  } finally {
    zip.close()
  }
}
