import { checkCitation } from '../../../evidence/quote-anchor.ts'
import { indexText } from '../../../evidence/text.ts'
import type { Reference } from '../../model/schema.ts'
import type { Verification } from './schema.ts'

/** A citation with the range of the body that contains it, as stored. */
export type StoredCitation = {
  article: Reference
  /** `start` is in code points of the body; `sha256` was computed when it was read; `intact` is whether it is the stored one. */
  textRange: { text: string; start: number; sha256: string; intact: boolean }
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  uncitable: { start: number; end: number }[]
}

/** Compares a citation with the stored body. */
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
