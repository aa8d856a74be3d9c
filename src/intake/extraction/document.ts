/** What a part of a body is. Nothing may cite `boilerplate`, `navigation` and `teaser`. */
type SpanType = 'article' | 'caption' | 'page' | 'boilerplate' | 'navigation' | 'teaser'

/** Code points of the body from 0, end exclusive; `page` counts from 1 and is null where there are no pages. */
export type ExtractedSpan = {
  type: SpanType
  start: number
  end: number
  page: number | null
  note: string | null
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

/** Something that the document says of itself, and where: `meta[property="og:title"]`. The most trusted one first. */
export type MetadataEntry = { name: MetadataField; value: string; foundIn: string }

export type ExtractedDocument = {
  body: string
  spans: ExtractedSpan[]
  metadata: MetadataEntry[]
  mediaType: string
}

/** Why a document cannot be read, by the code of the problem that it becomes. */
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

/** A document as it came: what its sender says of it is a hint, and may be wrong. */
export type ReceivedDocument = {
  bytes: Uint8Array<ArrayBuffer>
  /** File name, for its ending. */
  name: string | null
  /** Media type, with its parameters. */
  mediaType: string | null
}

/** A piece of text on its way into a body. */
export type TextBlock = { text: string; type: SpanType; note?: string | null; page?: number | null }

/** Past it nobody reads, and every search of a quote would be slow. */
const bodyLengthMax = 5_000_000
/** What a character takes at most, in any encoding that is read. */
const bytesPerCharacterMax = 4

/** @throws {DocumentError} document-over-limit */
export function checkTextLength(characters: number): void {
  if (characters > bodyLengthMax)
    throw new DocumentError('document-over-limit', `Its text has over ${bodyLengthMax} characters.`)
}

/**
 * Of bytes that are all text it is told before they are decoded, which takes several times as much memory.
 *
 * @throws {DocumentError} document-over-limit
 */
export const checkByteLength = (bytes: number): void =>
  checkTextLength(Math.ceil(bytes / bytesPerCharacterMax))

/**
 * Joins blocks into a body, an empty line between two. Neighbours of one type and note become one span.
 *
 * @throws {DocumentError} document-without-text, document-over-limit
 */
export function joinBlocks(
  blocks: readonly TextBlock[],
): Pick<ExtractedDocument, 'body' | 'spans'> {
  const parts: string[] = []
  const spans: ExtractedSpan[] = []
  let at = 0
  for (const { text, type, note = null, page = null } of blocks) {
    if (text === '') continue
    if (parts.length > 0) at += 2
    parts.push(text)
    const end = at + countCodePoints(text)
    const last = spans.at(-1)
    if (last?.type === type && last.note === note && last.page === page) last.end = end
    else spans.push({ type, start: at, end, page, note })
    at = end
    checkTextLength(at)
  }
  const body = parts.join('\n\n')
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new DocumentError('document-without-text', 'There is no text in it.')
  return { body, spans }
}

export function countCodePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit <= 0xdbff) count -= 1
  }
  return count
}
