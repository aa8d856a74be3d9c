import { normaliseText } from '../../evidence/text.ts'
import { parseMarkedText } from './marks/marked-text.ts'

/** The type of a part of a body (`SpanType` of articles says which cannot be cited). */
type SpanType =
  | 'article'
  | 'caption'
  | 'page'
  | 'note'
  | 'table'
  | 'header'
  | 'footer'
  | 'struck'
  | 'ocr'
  | 'boilerplate'
  | 'navigation'
  | 'teaser'

/**
 * Code points of the body from 0, end exclusive; `page` counts from 1 and is null where there are no pages. `confidence` of
 * text recognition, 0 to 1, is null for any other text.
 */
export type ExtractedSpan = {
  type: SpanType
  start: number
  end: number
  page: number | null
  note: string | null
  confidence: number | null
}

export type MetadataField =
  | 'title'
  | 'byline'
  | 'published'
  | 'modified'
  | 'language'
  | 'canonicalUrl'
  | 'siteName'
  | 'description'
  | 'encoding'
  | 'omitted'

/** A statement of the document about itself. `foundIn` is its location, e.g. `meta[property="og:title"]`. */
export type MetadataEntry = { name: MetadataField; value: string; foundIn: string }

export type ExtractedDocument = {
  body: string
  spans: ExtractedSpan[]
  /** The most trusted entries first. */
  metadata: MetadataEntry[]
  mediaType: string
}

/** Why a document cannot be read: codes of problems. */
export type DocumentErrorCode =
  | 'unsupported-media-type'
  | 'document-unreadable'
  | 'document-encrypted'
  | 'document-without-text'
  | 'document-over-limit'

export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  readonly code: DocumentErrorCode

  constructor(code: DocumentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A document as received. `name` and `mediaType` come from the sender and may be wrong. */
export type ReceivedDocument = {
  bytes: Uint8Array<ArrayBuffer>
  /** File name with its extension. */
  name: string | null
  /** Media type with its parameters. */
  mediaType: string | null
}

/** A block of marked text (`parseMarkedText`), before blocks are joined into a body. */
export type TextBlock = { text: string; type: SpanType; note?: string | null; page?: number | null }

/** In code points. Finding a quote in a longer body would be slow. */
const bodyLengthMax = 5_000_000
/** In any supported encoding. */
const bytesPerCharacterMax = 4

/** @throws {DocumentError} document-over-limit */
export function checkTextLength(characters: number): void {
  if (characters > bodyLengthMax)
    throw new DocumentError(
      'document-over-limit',
      `The text of the document has over ${bodyLengthMax} characters.`,
    )
}

/**
 * Checks the size of a plain text before it is decoded, because decoding takes several times as much memory.
 *
 * @throws {DocumentError} document-over-limit
 */
export const checkByteLength = (bytes: number): void =>
  checkTextLength(Math.ceil(bytes / bytesPerCharacterMax))

/**
 * Joins blocks into a body with an empty line between them. Adjacent blocks of the same type and note become one span,
 * except tables. Marks within blocks become spans of their own.
 *
 * @throws {DocumentError} document-without-text, document-over-limit
 */
export function joinBlocks(
  blocks: readonly TextBlock[],
): Pick<ExtractedDocument, 'body' | 'spans'> {
  const parts: string[] = []
  const spans: ExtractedSpan[] = []
  const markSpans: ExtractedSpan[] = []
  let length = 0
  for (const block of blocks) {
    const { type, note = null, page = null } = block
    const { text, marks } = parseMarkedText(normaliseText(block.text.toWellFormed()))
    if (text.trim() === '') continue
    const start = parts.length > 0 ? length + 2 : length
    const end = start + countCodePoints(text)
    parts.push(text)
    for (const inner of marks)
      markSpans.push({
        ...inner,
        start: start + inner.start,
        end: start + inner.end,
        page,
      })
    const last = spans.at(-1)
    if (last?.type === type && type !== 'table' && last.note === note && last.page === page)
      last.end = end
    else spans.push({ type, start, end, page, note, confidence: null })
    length = end
    checkTextLength(length)
  }
  const body = parts.join('\n\n')
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new DocumentError('document-without-text', 'The document contains no text.')
  return { body, spans: sortSpans([...spans, ...markSpans]) }
}

/** By start; of those that begin together the longest first. */
export const sortSpans = (spans: readonly ExtractedSpan[]): ExtractedSpan[] =>
  spans.toSorted((a, b) => a.start - b.start || b.end - a.end)

export function countCodePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit <= 0xdbff) count -= 1
  }
  return count
}
