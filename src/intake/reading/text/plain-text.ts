import { withTitleOnce } from '../../clean.ts'
import {
  codePoints,
  type ReadDocument,
  type ReadSpan,
  type ReceivedDocument,
  Refusal,
  refuseOverlong,
  refuseOverlongBytes,
} from '../document.ts'
import { decode } from './decode.ts'
import { tailOf } from './furniture.ts'

/**
 * A text: the title once where it stands twice at the top, teasers below it marked.
 *
 * @throws {Refusal} document-without-text, document-unreadable, document-over-limit
 */
export function readPlainText({ bytes, mediaType }: ReceivedDocument): ReadDocument {
  const [, label] = /charset=["']?\s*([\w:.-]+)/i.exec(mediaType ?? '') ?? []
  const declared = label === undefined ? [] : [{ label, foundIn: 'Content-Type' }]
  refuseOverlongBytes(bytes.length)
  const { text, encoding } = decode(bytes, declared)
  refuseOverlong(codePoints(text))
  const body = withTitleOnce(text.trimEnd())
  if (!/[\p{L}\p{N}]/u.test(body))
    throw new Refusal('document-without-text', 'There is no text in it.')
  const [first = ''] = body.split('\n', 1)
  const title = first.trim()
  return {
    body,
    spans: spansOf(body),
    metadata: [
      ...(title !== '' && title.length <= 300
        ? [{ name: 'title' as const, value: title, foundIn: 'first line' }]
        : []),
      encoding,
    ],
    mediaType: `text/plain; charset=${encoding.value}`,
  }
}

function spansOf(body: string): ReadSpan[] {
  const length = codePoints(body)
  const tail = tailOf(body)
  if (tail === null) return [{ type: 'article', start: 0, end: length, page: null, note: null }]
  const end = codePoints(body.slice(0, tail.start).trimEnd())
  const start = codePoints(body.slice(0, tail.start))
  return [
    { type: 'article', start: 0, end, page: null, note: null },
    { type: 'teaser', start, end: length, page: null, note: `below "${tail.line}"` },
  ]
}
