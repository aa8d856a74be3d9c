import type { IndexedText } from '../../../evidence/text.ts'
import { findTeaserHeading } from '../../extraction/text/teaser-headings.ts'
import type { TextRange } from '../reading/detection.ts'

/** UTF-16 units of a body that are read: about 60,000 words, which take some seconds. */
export const readLengthMax = 400_000

/**
 * The beginning of a body without uncitable parts, unmarked teasers below it, and text after the first 400,000 units.
 * `uncitable` is in code points, `bodyLength` that of the whole body.
 */
export function findCitableRanges(
  text: IndexedText,
  uncitable: readonly TextRange[],
  bodyLength: number,
): TextRange[] {
  const body = text.text
  const teaserHeading = findTeaserHeading(body, Math.max(body.length, bodyLength))
  const toUnits = (codePoint: number) => text.toUnits(Math.min(codePoint, text.length))
  const excluded = [
    ...uncitable.map(({ start, end }) => ({ start: toUnits(start), end: toUnits(end) })),
    ...(teaserHeading ? [{ start: teaserHeading.start, end: body.length }] : []),
    { start: readLengthMax, end: Number.POSITIVE_INFINITY },
  ].sort((a, b) => a.start - b.start)
  const ranges: TextRange[] = []
  let from = 0
  for (const { start, end } of excluded) {
    if (Math.min(start, body.length) > from)
      ranges.push({ start: from, end: Math.min(start, body.length) })
    from = Math.max(from, end)
  }
  return ranges
}

/** Parts of the text that the rules leave out, in words. */
export function listUnread(
  { text }: IndexedText,
  uncitable: readonly TextRange[],
  bodyLength: number,
): string[] {
  const unread: string[] = []
  if (text.length > readLengthMax) unread.push('The end of this very long text was not read.')
  if (uncitable.length > 0) unread.push('Parts that cannot be cited, such as menus, were not read.')
  if (findTeaserHeading(text, Math.max(text.length, bodyLength)))
    unread.push('The teasers of other articles at the end were not read.')
  return unread
}
