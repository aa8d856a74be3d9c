import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'
import { normaliseText } from '../../evidence/text.ts'
import {
  countCodePoints,
  DocumentError,
  type ExtractedDocument,
  type ExtractedSpan,
  type MetadataEntry,
  type ReceivedDocument,
} from './document.ts'

const pagesMax = 3_000

type PdfLine = { text: string; hasGapAbove: boolean }

/**
 * Extracts the text layer of a PDF, page by page. Joins the lines of a paragraph. Marks lines that are repeated at the
 * top or the bottom of at least half of the pages as boilerplate.
 *
 * @throws {DocumentError}
 */
export async function readPdf({ bytes }: ReceivedDocument): Promise<ExtractedDocument> {
  const document = await openPdf(bytes)
  if (document.numPages > pagesMax)
    throw new DocumentError('document-over-limit', `The PDF has over ${pagesMax} pages.`)
  const pages: PdfLine[][] = []
  for (let pageNumber = 1; pageNumber <= document.numPages; pageNumber += 1)
    pages.push(groupLines(await readTextItems(document, pageNumber)))
  const metadata = await readPdfMetadata(document)
  return { ...joinPages(pages), metadata, mediaType: 'application/pdf' }
}

async function openPdf(bytes: Uint8Array) {
  try {
    return await getDocumentProxy(Uint8Array.from(bytes), {
      verbosity: 0,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
    })
  } catch (cause) {
    const { PasswordException } = await getResolvedPDFJS()
    if (cause instanceof PasswordException || (cause as Error).name === 'PasswordException')
      throw new DocumentError('document-encrypted', 'The PDF is encrypted and needs a password.', {
        cause,
      })
    throw unreadablePdf(cause)
  }
}

/** The package's messages are about its own code: they go to the cause only. */
const unreadablePdf = (cause: unknown): DocumentError =>
  new DocumentError('document-unreadable', 'The file is not a readable PDF.', { cause })

async function readTextItems(document: PdfDocument, pageNumber: number): Promise<TextItem[]> {
  try {
    const page = await document.getPage(pageNumber)
    const { items } = await page.getTextContent()
    page.cleanup()
    return items as TextItem[]
  } catch (cause) {
    throw unreadablePdf(cause)
  }
}

type PdfDocument = Awaited<ReturnType<typeof openPdf>>
type TextItem = { str?: string; hasEOL?: boolean; transform?: number[]; height?: number }

/** The lines of a page. A line has a gap above when the space is larger than between the lines of a paragraph. */
function groupLines(items: readonly TextItem[]): PdfLine[] {
  const lines: PdfLine[] = []
  let text = ''
  let baseline: number | null = null
  let lineHeight = 0
  let previousBaseline: number | null = null
  const flush = (): void => {
    const line = text.replaceAll(/\s+/g, ' ').trim()
    if (line !== '') {
      const hasGapAbove =
        previousBaseline !== null &&
        baseline !== null &&
        Math.abs(previousBaseline - baseline) > 1.6 * Math.max(lineHeight, 1)
      lines.push({ text: line, hasGapAbove })
      previousBaseline = baseline ?? previousBaseline
    }
    text = ''
    baseline = null
  }
  for (const { str = '', hasEOL, transform, height = 0 } of items) {
    if (str.trim() !== '' && baseline === null) {
      baseline = transform?.[5] ?? null
      lineHeight = height
    }
    text += str
    if (hasEOL) flush()
  }
  flush()
  return lines
}

/** A body under construction. Offsets are code points. */
class BodyBuilder {
  text = ''
  length = 0

  append(text: string): { start: number; end: number } {
    const start = this.length
    this.text += text
    this.length += countCodePoints(text)
    return { start, end: this.length }
  }

  dropLastHyphen(): void {
    if (!this.text.endsWith('-')) return
    this.text = this.text.slice(0, -1)
    this.length -= 1
  }
}

function joinPages(pages: readonly PdfLine[][]): Pick<ExtractedDocument, 'body' | 'spans'> {
  const repeatedLines = findRepeatedLines(pages)
  const words = new Set(
    pages.flatMap((lines) =>
      lines.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}-]+/gu) ?? []),
    ),
  )
  const body = new BodyBuilder()
  const spans = pages.flatMap((lines, index) =>
    appendPage(body, lines, index + 1, repeatedLines, words),
  )
  if (!/[\p{L}\p{N}]/u.test(body.text))
    throw new DocumentError(
      'document-without-text',
      'The PDF has no text layer: a scan? Run text recognition (OCR) on it first.',
    )
  return { body: body.text, spans: spans.sort((a, b) => a.start - b.start || b.end - a.end) }
}

/** Appends the lines of a page, and returns its spans. */
function appendPage(
  body: BodyBuilder,
  lines: readonly PdfLine[],
  page: number,
  repeatedLines: ReadonlySet<string>,
  words: ReadonlySet<string>,
): ExtractedSpan[] {
  const spans: ExtractedSpan[] = []
  let pageStart: number | null = null
  let previousLine: PdfLine | null = null
  for (const [index, line] of lines.entries()) {
    const isAtEdge = index < 2 || index >= lines.length - 2
    const isBoilerplate = isAtEdge && repeatedLines.has(maskDigits(line.text))
    if (body.text !== '') joinLine(body, line, isBoilerplate ? null : previousLine, words)
    const range = body.append(normaliseText(line.text.replaceAll('\0', '').toWellFormed()))
    pageStart ??= range.start
    if (isBoilerplate)
      spans.push({ type: 'boilerplate', ...range, page, note: 'repeated on most pages' })
    previousLine = isBoilerplate ? null : line
  }
  if (pageStart !== null)
    spans.push({ type: 'page', start: pageStart, end: body.length, page, note: null })
  return spans
}

/** Appends the separator between a line and the previous line of its paragraph; null when it begins a paragraph. */
function joinLine(
  body: BodyBuilder,
  { text, hasGapAbove }: PdfLine,
  previousLine: PdfLine | null,
  words: ReadonlySet<string>,
): void {
  if (previousLine === null || hasGapAbove) {
    body.append('\n\n')
    return
  }
  const [, head] = /([\p{L}-]*\p{L})-$/u.exec(previousLine.text) ?? []
  const [tail] = /^\p{Ll}[\p{L}-]*/u.exec(text) ?? []
  if (head === undefined || tail === undefined) body.append(' ')
  // The hyphen only breaks the line if the document also has the word without it.
  else if (words.has(`${head}${tail}`.toLowerCase())) body.dropLastHyphen()
}

/** Makes lines equal that differ only in their page number. */
const maskDigits = (line: string): string => line.toLowerCase().replaceAll(/\d+/g, '#')

/** The lines, with masked digits, that are repeated in the first or last two lines of at least half of the pages. */
function findRepeatedLines(pages: readonly PdfLine[][]): ReadonlySet<string> {
  const pageCounts = new Map<string, number>()
  for (const lines of pages) {
    const edges = [...lines.slice(0, 2), ...lines.slice(2).slice(-2)]
    for (const line of new Set(edges.map(({ text }) => maskDigits(text))))
      pageCounts.set(line, (pageCounts.get(line) ?? 0) + 1)
  }
  const pagesMin = Math.max(3, pages.length / 2)
  return new Set([...pageCounts].flatMap(([line, count]) => (count >= pagesMin ? [line] : [])))
}

async function readPdfMetadata(document: PdfDocument): Promise<MetadataEntry[]> {
  const metadata = await document.getMetadata().catch(() => null)
  const info = (metadata?.info ?? {}) as Record<string, unknown>
  const entry = (name: MetadataEntry['name'], value: unknown, foundIn: string): MetadataEntry[] => {
    const text =
      typeof value === 'string'
        ? value.replaceAll('\0', '').trim().slice(0, 1_000).toWellFormed()
        : ''
    return text === '' ? [] : [{ name, value: text, foundIn }]
  }
  return [
    ...entry('title', info.Title, 'PDF Info Title'),
    ...entry('byline', info.Author, 'PDF Info Author'),
    ...entry('description', info.Subject, 'PDF Info Subject'),
    ...entry('modified', info.ModDate, 'PDF Info ModDate'),
    ...entry('language', info.Language, 'PDF catalog Lang'),
  ]
}
