/** What a part of a body is. Nothing may cite `boilerplate`, `navigation` and `teaser`. */
type SpanType = 'article' | 'caption' | 'page' | 'boilerplate' | 'navigation' | 'teaser'

/** Code points of the body from 0, end exclusive; `page` counts from 1 and is null where there are no pages. */
export type ReadSpan = {
  type: SpanType
  start: number
  end: number
  page: number | null
  note: string | null
}

export type MetadataName =
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
export type Finding = { name: MetadataName; value: string; foundIn: string }

export type ReadDocument = {
  body: string
  spans: ReadSpan[]
  metadata: Finding[]
  mediaType: string
}

/** Why a document cannot be read, by the code of the problem that it becomes. */
export type RefusalCode =
  | 'unsupported-media-type'
  | 'document-unreadable'
  | 'document-encrypted'
  | 'document-without-text'
  | 'document-over-limit'

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
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
export type Block = { text: string; type: SpanType; note?: string | null; page?: number | null }

/** Past it nobody reads, and every search of a quote would be slow. */
const bodyMax = 5_000_000
/** What a character takes at most, in any encoding that is read. */
const bytesOfCharacterMax = 4

/** @throws {Refusal} document-over-limit */
export function refuseOverlong(characters: number): void {
  if (characters > bodyMax)
    throw new Refusal('document-over-limit', `Its text has over ${bodyMax} characters.`)
}

/**
 * Of bytes that are all text it is told before they are decoded, which takes several times as much memory.
 *
 * @throws {Refusal} document-over-limit
 */
export const refuseOverlongBytes = (bytes: number): void =>
  refuseOverlong(Math.ceil(bytes / bytesOfCharacterMax))

/**
 * Joins blocks into a body, an empty line between two. Neighbours of one type and note become one span.
 *
 * @throws {Refusal} document-without-text, document-over-limit
 */
export function compose(blocks: readonly Block[]): Pick<ReadDocument, 'body' | 'spans'> {
  const parts: string[] = []
  const spans: ReadSpan[] = []
  let at = 0
  for (const { text, type, note = null, page = null } of blocks) {
    if (text === '') continue
    if (parts.length > 0) at += 2
    parts.push(text)
    const end = at + codePoints(text)
    const last = spans.at(-1)
    if (last?.type === type && last.note === note && last.page === page) last.end = end
    else spans.push({ type, start: at, end, page, note })
    at = end
    refuseOverlong(at)
  }
  const body = parts.join('\n\n')
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new Refusal('document-without-text', 'There is no text in it.')
  return { body, spans }
}

export function codePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit <= 0xdbff) count -= 1
  }
  return count
}
