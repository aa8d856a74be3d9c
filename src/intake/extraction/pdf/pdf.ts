import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'
import {
  DocumentError,
  type ExtractedDocument,
  joinBlocks,
  type MetadataEntry,
  type ReceivedDocument,
  type TextBlock,
} from '../document.ts'
import { removeMarks } from '../marks/marked-text.ts'
import { buildRecognisedBlocks, listRecognisedLines } from '../ocr/recognised-text.ts'
import type { RecognisedPage, RecognitionRequest } from '../ocr/recognition.ts'
import { splitColumns } from './columns.ts'
import { buildFragments, type Fragment, type PdfGlyphs } from './fragments.ts'
import {
  collectWords,
  type IsWord,
  joinAtHyphen,
  joinHyphenated,
  loadDictionary,
} from './hyphens.ts'
import { buildLines, type PdfLine } from './lines.ts'
import { findPageMargins, type PageMargin, type PdfPage } from './page-margins.ts'
import { addPageSpans } from './page-spans.ts'

const pagesMax = 3_000

/**
 * Extracts the text of a PDF as it is printed: column by column, lines joined to paragraphs, words that a line end cuts put
 * together, tables as rows, headers and footers marked. Pages without text layer have the text that was recognised on them.
 *
 * @param recognised null before text recognition
 * @returns the pages to recognise, if there are any and `recognised` is null
 * @throws {DocumentError}
 */
export async function readPdf(
  { bytes }: ReceivedDocument,
  recognised: readonly RecognisedPage[] | null,
): Promise<ExtractedDocument | RecognitionRequest> {
  const document = await openPdf(bytes)
  if (document.numPages > pagesMax)
    throw new DocumentError('document-over-limit', `The PDF has over ${pagesMax} pages.`)
  const pages: ReadPage[] = []
  for (let pageNumber = 1; pageNumber <= document.numPages; pageNumber += 1)
    pages.push(await readPage(document, pageNumber))
  const scanned = pages.flatMap((page, index) => (isScanned(page) ? [index + 1] : []))
  if (recognised === null && scanned.length > 0) return { format: 'pdf', pages: scanned }
  const metadata = await readPdfMetadata(document)
  const language = metadata.find(({ name }) => name === 'language')?.value ?? null
  const blocks = await buildBlocks(pages, recognised ?? [], language)
  if (!blocks.some(({ text }) => /[\p{L}\p{N}]/u.test(removeMarks(text))))
    throw new DocumentError(
      'document-without-text',
      'The PDF has no text layer, and text recognition (OCR) found no words on its pages.',
    )
  const { body, spans } = joinBlocks(blocks)
  return {
    body,
    spans: addPageSpans(spans, recognised ?? []),
    metadata,
    mediaType: 'application/pdf',
  }
}

/** A scanned page may have a stamp or a page number as text. */
const scannedLettersMax = 60

const isScanned = (page: ReadPage): boolean => countLetters(page) < scannedLettersMax

const countLetters = ({ fragments, turned }: ReadPage): number =>
  [...fragments, ...turned.flat()]
    .map(({ text }) => removeMarks(text).match(/\p{L}/gu)?.length ?? 0)
    .reduce((sum, letters) => sum + letters, 0)

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

type PdfDocument = Awaited<ReturnType<typeof openPdf>>
type TextItem = { str?: string; dir?: string; transform?: number[]; width?: number }

/** A page as it is read: `turned` has the text of each other angle. */
type ReadPage = PdfPage & { isRightToLeft: boolean; turned: Fragment[][] }

async function readPage(document: PdfDocument, pageNumber: number): Promise<ReadPage> {
  try {
    const page = await document.getPage(pageNumber)
    const viewport = page.getViewport({ scale: 1 })
    const { items } = await page.getTextContent()
    page.cleanup()
    const glyphs = (items as TextItem[]).map((item) => placeItem(item, viewport.transform))
    return { ...groupByAngle(glyphs), height: viewport.height }
  } catch (cause) {
    throw unreadablePdf(cause)
  }
}

type PlacedGlyphs = PdfGlyphs & { angle: number; isRightToLeft: boolean }

/** Places an item on the page as it is shown, turned pages included. `transform` is a matrix of six numbers. */
function placeItem(
  { str = '', dir, transform = [], width = 0 }: TextItem,
  page: readonly number[],
): PlacedGlyphs {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform
  const [pa = 1, pb = 0, pc = 0, pd = 1, pe = 0, pf = 0] = page
  const across = { x: pa * a + pc * b, y: pb * a + pd * b }
  const up = { x: pa * c + pc * d, y: pb * c + pd * d }
  return {
    text: str,
    x: pa * e + pc * f + pe,
    y: pb * e + pd * f + pf,
    width,
    size: Math.hypot(up.x, up.y) || 1,
    angle: Math.round((Math.atan2(across.y, across.x) * 180) / Math.PI),
    isRightToLeft: dir === 'rtl',
  }
}

function groupByAngle(glyphs: readonly PlacedGlyphs[]): Omit<ReadPage, 'height'> {
  const byAngle = Map.groupBy(glyphs, ({ angle }) => (Math.abs(angle) <= 2 ? 0 : angle))
  const upright = byAngle.get(0) ?? []
  byAngle.delete(0)
  return {
    fragments: buildFragments(upright),
    isRightToLeft: upright.filter((glyph) => glyph.isRightToLeft).length > upright.length / 2,
    turned: [...byAngle].map(([angle, ofAngle]) =>
      buildFragments(ofAngle.map((glyph) => turn(glyph, -angle))),
    ),
  }
}

function turn(glyph: PlacedGlyphs, degrees: number): PlacedGlyphs {
  const angle = (degrees * Math.PI) / 180
  const { x, y } = glyph
  return {
    ...glyph,
    x: x * Math.cos(angle) - y * Math.sin(angle),
    y: x * Math.sin(angle) + y * Math.cos(angle),
  }
}

async function buildBlocks(
  pages: readonly ReadPage[],
  recognised: readonly RecognisedPage[],
  language: string | null,
): Promise<TextBlock[]> {
  const recognisedPages = selectRecognised(pages, recognised)
  const margins = findPageMargins(pages)
  const pageLines = pages.map((page, index) => orderLines(page, margins[index] ?? []))
  const texts = [
    ...pageLines.flatMap((lines) => lines.map(({ text }) => text)),
    ...listRecognisedLines([...recognisedPages.values()]),
  ]
  const words = collectWords(texts)
  const hasCutWords = texts.some((text) => /\p{L}[-‐‑]$/u.test(removeMarks(text)))
  const isWord = hasCutWords ? await loadDictionary(language, words) : null
  return pageLines.flatMap((lines, index) => {
    const page = index + 1
    const recognisedPage = recognisedPages.get(page)
    if (recognisedPage) return buildRecognisedBlocks(recognisedPage, words, isWord)
    const toBlock = ({ text, type, note }: PageMargin): TextBlock => ({ text, type, note, page })
    const ofPage = margins[index] ?? []
    return [
      ...ofPage.filter(({ type }) => type === 'header').map(toBlock),
      ...joinLines(lines, page, words, isWord),
      ...ofPage.filter(({ type }) => type === 'footer').map(toBlock),
    ]
  })
}

/** The recognised pages that have more than their text layer: a short page, such as a title, keeps its text. */
function selectRecognised(
  pages: readonly ReadPage[],
  recognised: readonly RecognisedPage[],
): ReadonlyMap<number, RecognisedPage> {
  return new Map(
    recognised.flatMap((page): [number, RecognisedPage][] => {
      const text = listRecognisedLines([page]).join('')
      const letters = text.match(/\p{L}/gu)?.length ?? 0
      const layer = pages[page.page - 1]
      return letters > 2 * (layer ? countLetters(layer) : 0) ? [[page.page, page]] : []
    }),
  )
}

/** The lines of the upright text in reading order without headers and footers, then those of turned text. */
function orderLines(page: ReadPage, margins: readonly PageMargin[]): PdfLine[] {
  const marginFragments = new Set(margins.flatMap(({ fragments }) => fragments))
  const text = page.fragments.filter((fragment) => !marginFragments.has(fragment))
  // Reading order of columns is not known for scripts from right to left.
  const regions = page.isRightToLeft ? [text] : splitColumns(text)
  return [...regions, ...page.turned].flatMap((region) => {
    const lines = buildLines(region)
    const [first] = lines
    if (first) first.hasGapAbove = true
    return lines
  })
}

/** Begins an item of a list: "• ...", "(a) ...". */
const itemPattern = /^(?:[•‣▪●◦■]\s?|\([a-z\d]{1,3}\)\s)/

/** The paragraphs and tables of a page. */
function joinLines(
  lines: readonly PdfLine[],
  page: number,
  words: ReadonlySet<string>,
  isWord: IsWord,
): TextBlock[] {
  const blocks: TextBlock[] = []
  let paragraph: TextBlock | null = null
  for (const line of lines) {
    if (line.isTable) {
      blocks.push({ text: line.text, type: 'table', page })
      paragraph = null
      continue
    }
    if (paragraph === null || line.hasGapAbove || itemPattern.test(line.text)) {
      paragraph = { text: line.text, type: 'article', page }
      blocks.push(paragraph)
      continue
    }
    const join = joinAtHyphen(paragraph.text, line.text, words, isWord)
    paragraph.text = joinHyphenated(paragraph.text, line.text, join)
  }
  return blocks
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
