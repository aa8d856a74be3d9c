import { sha256 } from '../../../evidence/sha256.ts'
import type { IndexedText } from '../../../evidence/text.ts'
import type { Draft } from '../drafts/draft.ts'
import type { Detection, TextRange } from '../reading/detection.ts'
import type { Proposal, Proposals } from '../schema.ts'

/** A draft whose identities are hashed, and whose passages have their words. */
export type ReadDraft = Omit<Draft, 'identities' | 'passages' | 'needs'> & {
  hashes: string[]
  passages: Proposal['passages']
  /** Hashes of the drafts whose records it refers to. */
  needs: string[]
}

/** What the API returns besides the proposals. */
export type FindingName = 'mentions' | 'dates' | 'quantities' | 'speech'

export const formatDraft = (
  { identities, passages, needs, ...draft }: Draft,
  text: IndexedText,
): ReadDraft => ({
  ...draft,
  hashes: identities.map(hashIdentity),
  passages: passages.map((range) => toPassage(text, range)),
  needs: needs.map(hashIdentity),
})

const hashIdentity = (identity: string): string => sha256(identity).slice(0, 16)

/** Offsets in UTF-16 units to a passage in code points. */
const toPassage = (text: IndexedText, { start, end }: TextRange) => ({
  start: text.toCodePoints(start),
  end: text.toCodePoints(end),
  quote: text.text.slice(start, end),
})

const toNamedReference = (entity: { name: string; known: { slug: string } | null }) => ({
  name: entity.name,
  record: entity.known?.slug ?? null,
})

/** Everything detected besides the proposals, as the API returns it. */
export function formatFindings(
  detection: Detection,
  text: IndexedText,
): Pick<Proposals, FindingName> {
  return {
    mentions: [...detection.mentions, ...detection.goods]
      .toSorted((a, b) => a.start - b.start)
      .map(({ entity, how, ...range }) => ({
        ...toPassage(text, range),
        ...toNamedReference(entity),
        how,
      })),
    dates: detection.dates.map(({ edtf, reasoning, words, ...range }) => ({
      ...toPassage(text, range),
      date: edtf === null ? null : { edtf, asStated: words, reasoning },
    })),
    quantities: detection.quantities.map(({ value, unit, good, ...range }) => ({
      ...toPassage(text, range),
      value,
      unit,
      good: good && toNamedReference(good),
    })),
    speech: detection.speech.map(({ voice, ...range }) => ({
      ...toPassage(text, range),
      actor: voice.entity && toNamedReference(voice.entity),
      document: voice.document,
    })),
  }
}
