import { checkCitation } from '../../../evidence/quote-anchor.ts'
import { indexText } from '../../../evidence/text.ts'
import type { Reference } from '../../model/schema.ts'
import type { Verification } from './schema.ts'

/** A citation with the stretch of the body that it points into, as they are stored. */
export type StoredCitation = {
  article: Reference
  /** Where it starts in code points of the body, its SHA-256 as computed just now, and whether that is the stored one. */
  textRange: { text: string; start: number; sha256: string; intact: boolean }
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  uncitable: { start: number; end: number }[]
}

/** Holds a citation against the stored body. */
export function verifyCitation(id: string, stored: StoredCitation): Verification {
  const { article, textRange: stretch, start, end, quote } = stored
  const text = indexText(stretch.text)
  const clampToRange = (at: number) => Math.min(Math.max(0, at - stretch.start), text.length)
  const localCitation = { ...stored, start: start - stretch.start, end: end - stretch.start }
  const uncitable = stored.uncitable.map((span) => ({
    start: clampToRange(span.start),
    end: clampToRange(span.end),
  }))
  const result = checkCitation(text, localCitation, uncitable)
  return {
    citation: id,
    holds: result.holds,
    reason: result.holds ? null : result.reason,
    start,
    end,
    quote,
    found: text.slice(clampToRange(start), clampToRange(end)),
    article,
    bodySha256: stretch.sha256,
    bodyStretch: { start: stretch.start, end: stretch.start + text.length },
    bodyIntact: stretch.intact,
  }
}
