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
 * The text layer of a PDF, page by page. Lines of a paragraph are joined; lines that come back at the top or the
 * bottom of most pages are marked as boilerplate.
 *
 * @throws {DocumentError}
 */
export async function readPdf({ bytes }: ReceivedDocument): Promise<ExtractedDocument> {
  const document = await openPdf(bytes)
  if (document.numPages > pagesMax)
    throw new DocumentError('document-over-limit', `It has over ${pagesMax} pages.`)
  const pages: PdfLine[][] = []
  for (let number = 1; number <= document.numPages; number += 1)
    pages.push(groupLines(await itemsOf(document, number)))
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
      throw new DocumentError(
        'document-encrypted',
        'The PDF is encrypted and opens with a password only.',
        {
          cause,
        },
      )
    throw unreadable(cause)
  }
}

/** Whatever the package throws, it throws at the document: what it says is of its own code. */
const unreadable = (cause: unknown): DocumentError =>
  new DocumentError('document-unreadable', 'It is no PDF that can be read.', { cause })

async function itemsOf(document: PdfDocument, number: number): Promise<TextItem[]> {
  try {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    page.cleanup()
    return items as TextItem[]
  } catch (cause) {
    throw unreadable(cause)
  }
}

type PdfDocument = Awaited<ReturnType<typeof openPdf>>
type TextItem = { str?: string; hasEOL?: boolean; transform?: number[]; height?: number }

/** Lines as they stand; `gap` when there is more space above than between lines of a paragraph. */
function groupLines(items: readonly TextItem[]): PdfLine[] {
  const lines: PdfLine[] = []
  let text = ''
  let top: number | null = null
  let height = 0
  let previous: number | null = null
  const flush = (): void => {
    const line = text.replaceAll(/\s+/g, ' ').trim()
    if (line !== '') {
      const hasGapAbove =
        previous !== null && top !== null && Math.abs(previous - top) > 1.6 * Math.max(height, 1)
      lines.push({ text: line, hasGapAbove: hasGapAbove })
      previous = top ?? previous
    }
    text = ''
    top = null
  }
  for (const { str = '', hasEOL, transform, height: own = 0 } of items) {
    if (str.trim() !== '' && top === null) {
      top = transform?.[5] ?? null
      height = own
    }
    text += str
    if (hasEOL) flush()
  }
  flush()
  return lines
}

type LinePiece = { text: string; isRunningLine: boolean; separator: '' | ' ' | '\n\n' }

function joinPages(pages: readonly PdfLine[][]): Pick<ExtractedDocument, 'body' | 'spans'> {
  const repeated = findRepeatedLines(pages)
  const words = new Set(
    pages.flatMap((lines) =>
      lines.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}-]+/gu) ?? []),
    ),
  )
  let body = ''
  let at = 0
  const spans: ExtractedSpan[] = []
  const append = (text: string): { start: number; end: number } => {
    const start = at
    body += text
    at += countCodePoints(text)
    return { start, end: at }
  }
  for (const [index, lines] of pages.entries()) {
    const page = index + 1
    let from: number | null = null
    let previousLine: PdfLine | null = null
    for (const [lineIndex, line] of lines.entries()) {
      const atEdge = lineIndex < 2 || lineIndex >= lines.length - 2
      const isRunningLine = atEdge && repeated.has(maskDigits(line.text))
      const { text, joint } = joinLine(line, previousLine, isRunningLine, words)
      if (body !== '') {
        if (joint === '' && body.endsWith('-') && text.startsWith('\u0000')) {
          body = body.slice(0, -1)
          at -= 1
        } else append(joint)
      }
      const placed = append(normaliseText(text.replaceAll('\0', '').toWellFormed()))
      from ??= placed.start
      if (isRunningLine)
        spans.push({ type: 'boilerplate', ...placed, page, note: 'stands on most pages' })
      previousLine = isRunningLine ? null : line
    }
    if (from !== null) spans.push({ type: 'page', start: from, end: at, page, note: null })
  }
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new DocumentError(
      'document-without-text',
      'The PDF has no text layer: a scan? Run a text recognition (OCR) over it first.',
    )
  return { body, spans: spans.sort((a, b) => a.start - b.start || b.end - a.end) }
}

/** A line and what joins it to the line before; a NUL before it takes away the hyphen at the end of that one. */
function joinLine(
  { text, hasGapAbove }: PdfLine,
  previousLine: PdfLine | null,
  isRunningLine: boolean,
  words: ReadonlySet<string>,
): { text: string; joint: LinePiece['separator'] } {
  if (previousLine === null || isRunningLine || hasGapAbove) return { text, joint: '\n\n' }
  const [, head] = /([\p{L}-]*\p{L})-$/u.exec(previousLine.text) ?? []
  const [tail] = /^\p{Ll}[\p{L}-]*/u.exec(text) ?? []
  if (head === undefined || tail === undefined) return { text, joint: ' ' }
  // Parted at the end of a line, or written with a hyphen? As it stands elsewhere in the document.
  const isHyphenated = words.has(`${head}${tail}`.toLowerCase())
  return { text: isHyphenated ? `\u0000${text}` : text, joint: '' }
}

/** Page numbers differ from page to page. */
const maskDigits = (line: string): string => line.toLowerCase().replaceAll(/\d+/g, '#')

function findRepeatedLines(pages: readonly PdfLine[][]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const lines of pages) {
    const edges = [...lines.slice(0, 2), ...lines.slice(2).slice(-2)]
    for (const shape of new Set(edges.map(({ text }) => maskDigits(text))))
      counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  const pagesMin = Math.max(3, pages.length / 2)
  return new Set([...counts].flatMap(([shape, count]) => (count >= pagesMin ? [shape] : [])))
}

async function readPdfMetadata(document: PdfDocument): Promise<MetadataEntry[]> {
  const read = await document.getMetadata().catch(() => null)
  const info = (read?.info ?? {}) as Record<string, unknown>
  const found = (name: MetadataEntry['name'], value: unknown, foundIn: string): MetadataEntry[] => {
    const text =
      typeof value === 'string'
        ? value.replaceAll('\0', '').trim().slice(0, 1_000).toWellFormed()
        : ''
    return text === '' ? [] : [{ name, value: text, foundIn }]
  }
  return [
    ...found('title', info.Title, 'PDF Info Title'),
    ...found('byline', info.Author, 'PDF Info Author'),
    ...found('description', info.Subject, 'PDF Info Subject'),
    ...found('modified', info.ModDate, 'PDF Info ModDate'),
    ...found('language', info.Language, 'PDF catalog Lang'),
  ]
}
