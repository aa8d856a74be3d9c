import { check } from '../../evidence/anchor.ts'
import { indexText } from '../../evidence/text.ts'
import type { Reference } from '../schema.ts'
import type { Verification } from './schema.ts'

/** A citation with the body that it points into, as they are stored. */
export type StoredCitation = {
  article: Reference
  body: string
  bodySha256: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  uncitable: { start: number; end: number }[]
}

/** Holds a citation against the stored body; `sha256` is the hash of that body, computed just now. */
export function verify(id: string, stored: StoredCitation, sha256: string): Verification {
  const { article, body, bodySha256, start, end, quote, uncitable } = stored
  const text = indexText(body)
  const result = check(text, stored, uncitable)
  return {
    citation: id,
    holds: result.holds,
    reason: result.holds ? null : result.reason,
    start,
    end,
    quote,
    found: text.slice(start, end),
    article,
    bodySha256: sha256,
    bodyIntact: sha256 === bodySha256,
  }
}
