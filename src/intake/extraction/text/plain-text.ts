import { dropRepeatedTitle } from '../../text-cleaning.ts'
import {
  checkByteLength,
  checkTextLength,
  countCodePoints,
  DocumentError,
  type ExtractedDocument,
  type ExtractedSpan,
  type ReceivedDocument,
} from '../document.ts'
import { findTeaserHeading } from './teaser-headings.ts'
import { decodeText } from './text-decoder.ts'

/**
 * Extracts a plain text. Drops a repeated title at the top and marks the teasers below the article.
 *
 * @throws {DocumentError} document-without-text, document-unreadable, document-over-limit
 */
export function readPlainText({ bytes, mediaType }: ReceivedDocument): ExtractedDocument {
  const [, label] = /charset=["']?\s*([\w:.-]+)/i.exec(mediaType ?? '') ?? []
  const declared = label === undefined ? [] : [{ label, foundIn: 'Content-Type' }]
  checkByteLength(bytes.length)
  const { text, encoding } = decodeText(bytes, declared)
  checkTextLength(countCodePoints(text))
  const body = dropRepeatedTitle(text.trimEnd())
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new DocumentError('document-without-text', 'The document contains no text.')
  const [firstLine = ''] = body.split('\n', 1)
  const title = firstLine.trim()
  return {
    body,
    spans: buildSpans(body),
    metadata: [
      ...(title !== '' && title.length <= 300
        ? [{ name: 'title' as const, value: title, foundIn: 'first line' }]
        : []),
      encoding,
    ],
    mediaType: `text/plain; charset=${encoding.value}`,
  }
}

function buildSpans(body: string): ExtractedSpan[] {
  const length = countCodePoints(body)
  const teaserHeading = findTeaserHeading(body)
  if (teaserHeading === null)
    return [{ type: 'article', start: 0, end: length, page: null, note: null, confidence: null }]
  const end = countCodePoints(body.slice(0, teaserHeading.start).trimEnd())
  const start = countCodePoints(body.slice(0, teaserHeading.start))
  return [
    { type: 'article', start: 0, end, page: null, note: null, confidence: null },
    {
      type: 'teaser',
      start,
      end: length,
      page: null,
      note: `below "${teaserHeading.line}"`,
      confidence: null,
    },
  ]
}
