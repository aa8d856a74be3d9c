import { createZip, type ZipPart } from '../write-zip.ts'
import { readCell, type TableColumn } from './columns.ts'

/**
 * XLSX (ECMA-376) as it is read, in memory that does not grow with the rows. Own code, because the libraries that stream
 * have no links, or keep all rows (docs/decisions/0028-spreadsheets-and-parquet.md).
 */

type Sheet = {
  name: string
  columns: readonly TableColumn[]
  /** JSON texts of entries. Called when all sheets before are written. */
  open(): AsyncIterable<readonly string[]>
}

/** The limits of Excel. */
const maxRowsPerSheet = 1_048_576
const maxCellLength = 32_767
/** Of a text in a formula. */
const maxLinkLength = 255

const styleNumbers = { plain: 0, date: 1, timestamp: 2, link: 3, heading: 4 } as const
const packageNamespace = 'http://schemas.openxmlformats.org/package/2006'
const documentNamespace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const sheetNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const contentTypePrefix = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

const stylesXml = `${xmlHead}<styleSheet xmlns="${sheetNamespace}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>
<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>
</styleSheet>`

/** A workbook with these sheets. `base` is the address of the server, for links. */
export const streamXlsx = (sheets: readonly Sheet[], base: string): AsyncIterable<Uint8Array> =>
  createZip(buildParts(sheets, base))

async function* buildParts(sheets: readonly Sheet[], base: string): AsyncGenerator<ZipPart> {
  const toPart = (name: string, xml: string): ZipPart => ({
    name,
    open: async function* () {
      yield xml
    },
  })
  yield toPart(
    '_rels/.rels',
    `${xmlHead}<Relationships xmlns="${packageNamespace}/relationships"><Relationship Id="rId1" Type="${documentNamespace}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  )
  yield toPart('xl/styles.xml', stylesXml)
  const names: string[] = []
  for (const { name, columns, open } of sheets) {
    const batches = splitBatches(open())
    // A list that does not fit on one sheet continues on the next.
    for (let page = 1, isComplete = false; !isComplete; page += 1) {
      names.push(page === 1 ? name : `${name} ${page}`)
      const written = Promise.withResolvers<boolean>()
      yield {
        name: `xl/worksheets/sheet${names.length}.xml`,
        open: () => writeSheet(columns, batches, base, written.resolve),
      }
      isComplete = await written.promise
    }
  }
  yield toPart('xl/workbook.xml', formatWorkbook(names))
  yield toPart('xl/_rels/workbook.xml.rels', formatWorkbookRelations(names))
  yield toPart('[Content_Types].xml', formatContentTypes(names))
}

const formatWorkbook = (names: readonly string[]): string => {
  const sheets = names.map(
    (name, index) =>
      `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  return `${xmlHead}<workbook xmlns="${sheetNamespace}" xmlns:r="${documentNamespace}"><sheets>${sheets.join('')}</sheets></workbook>`
}

const formatWorkbookRelations = (names: readonly string[]): string => {
  const relations = [
    ...names.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`]),
    ['styles', 'styles.xml'],
  ].map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${documentNamespace}/${type}" Target="${target}"/>`,
  )
  return `${xmlHead}<Relationships xmlns="${packageNamespace}/relationships">${relations.join('')}</Relationships>`
}

const formatContentTypes = (names: readonly string[]): string => {
  const parts = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...names.map((_, index) => [`/xl/worksheets/sheet${index + 1}.xml`, 'worksheet']),
  ].map(
    ([name, type]) =>
      `<Override PartName="${name}" ContentType="${contentTypePrefix}.${type}+xml"/>`,
  )
  return `${xmlHead}<Types xmlns="${packageNamespace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.join('')}</Types>`
}

/** One sheet with a frozen heading. Calls back with whether all rows are written. */
async function* writeSheet(
  columns: readonly TableColumn[],
  batches: AsyncGenerator<readonly string[], undefined>,
  base: string,
  onEnd: (isComplete: boolean) => void,
) {
  const names = columns.map((_, index) => toColumnName(index))
  const headings = columns.map(({ heading }, index) =>
    formatText(`${names[index]}1`, heading, styleNumbers.heading),
  )
  yield `${xmlHead}<worksheet xmlns="${sheetNamespace}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">${headings.join('')}</row>`
  let row = 1
  let isComplete = false
  // A batch is never split, so a sheet may end a little before its limit.
  while (!isComplete && row <= maxRowsPerSheet - batchRowsMax) {
    const { value: documents, done } = await batches.next()
    isComplete = done === true
    const rows = (documents ?? []).map((document) => {
      row += 1
      const entry: unknown = JSON.parse(document)
      const cells = columns.map((column, index) =>
        formatTypedCell(`${names[index]}${row}`, readCell(entry, column), column, base),
      )
      return `<row r="${row}">${cells.join('')}</row>`
    })
    if (rows.length > 0) yield rows.join('')
  }
  yield '</sheetData></worksheet>'
  onEnd(isComplete)
}

const batchRowsMax = 1_000

async function* splitBatches(
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly string[], undefined> {
  for await (const documents of batches)
    for (let start = 0; start < documents.length; start += batchRowsMax)
      yield documents.slice(start, start + batchRowsMax)
}

/** 0 is `A`, 26 is `AA`. */
const toColumnName = (index: number): string =>
  (index >= 26 ? toColumnName(Math.floor(index / 26) - 1) : '') +
  String.fromCharCode(65 + (index % 26))

function formatTypedCell(
  cell: string,
  value: ReturnType<typeof readCell>,
  { path, type }: TableColumn,
  base: string,
): string {
  if (value === null || value === '') return ''
  if (typeof value === 'boolean') return `<c r="${cell}" t="b"><v>${Number(value)}</v></c>`
  if (typeof value === 'number') return `<c r="${cell}"><v>${value}</v></c>`
  if (value instanceof Date) {
    const style = type === 'date' ? styleNumbers.date : styleNumbers.timestamp
    const text = type === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
    const serial = toSerialDay(value)
    return serial === null
      ? formatText(cell, text)
      : `<c r="${cell}" s="${style}"><v>${serial}</v></c>`
  }
  const target = findLinkTarget(value, path.at(-1), base)
  return target === null ? formatText(cell, value) : formatLink(cell, target, value)
}

/** Days since 1899-12-30. Excel counts a 29 February 1900, and has no days before that year: they stay text. */
function toSerialDay(date: Date): number | null {
  const days = date.getTime() / 86_400_000 + 25_569
  return days >= 61 ? days : null
}

function findLinkTarget(value: string, member: string | undefined, base: string): string | null {
  const target =
    member === 'href' && /^\/[^\s;]*$/.test(value)
      ? `${base}${value}`
      : member === 'url' && /^https?:\/\/[^\s]+$/.test(value)
        ? value
        : null
  return target !== null && target.length <= maxLinkLength && value.length <= maxLinkLength
    ? target
    : null
}

/** A formula instead of a hyperlink of the sheet: of those, Excel takes 65,530, and they stand after all rows. */
const formatLink = (cell: string, target: string, text: string): string =>
  `<c r="${cell}" s="${styleNumbers.link}" t="str"><f>HYPERLINK(${quoteInFormula(target)},${quoteInFormula(text)})</f><v>${escapeXml(text)}</v></c>`

const quoteInFormula = (text: string): string => escapeXml(`"${text.replaceAll('"', '""')}"`)

/** An inline text is never read as a number, a date or a formula. */
function formatText(cell: string, text: string, style: number = styleNumbers.plain): string {
  const styled = style === styleNumbers.plain ? '' : ` s="${style}"`
  return `<c r="${cell}"${styled} t="inlineStr"><is><t xml:space="preserve">${escapeXml(cutToCell(text))}</t></is></c>`
}

/** Says in the cell that the text is cut, and how long it is. */
function cutToCell(text: string): string {
  if (text.length <= maxCellLength) return text
  const note = ` [cut: ${text.length} characters do not fit into a cell]`
  return text.slice(0, maxCellLength - note.length).toWellFormed() + note
}

const xmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '_x000D_',
}

/** Without characters that XML cannot have. Excel reads `_x0041_` as `A`, so that an underscore before it is escaped. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[&<>"\r]/g, (character) => xmlEscapes[character] ?? character)
