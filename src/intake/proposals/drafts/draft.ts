import type { CitationInput } from '../../../records/model/schema.ts'
import type { Entity, TextRange } from '../reading/detection.ts'

type DraftKind = 'actor' | 'affiliation' | 'good' | 'permit' | 'measure' | 'event'

/** A record that may be made from an article. Offsets are UTF-16 units of the body. */
export type Draft = {
  kind: DraftKind
  /** The same in every run, one for each passage of an event. The first identifies the draft. */
  identities: string[]
  /** The existing record that it adds passages to. Null for a new record. */
  known: { id: string; slug: string; name: string } | null
  /** The body of a POST. Of an existing record only the citations. */
  record: Record<string, unknown> & { citations: CitationInput[] }
  passages: TextRange[]
  score: number
  reasons: string[]
  /** Identities of the drafts whose records it refers to. */
  needs: string[]
  /** Of an actor or an event. */
  type: string | null
}

/** The draft of an actor or a good. */
export type EntityDraft = { entity: Entity; draft: Draft }

type NewDraft = Omit<Draft, 'known' | 'needs' | 'type'> & Partial<Pick<Draft, 'needs' | 'type'>>

/** A draft of a new record. */
export function createDraft({
  kind,
  identities,
  record,
  passages,
  score,
  reasons,
  needs = [],
  type = null,
}: NewDraft): Draft {
  return {
    kind,
    identities,
    known: null,
    record,
    passages,
    score: Math.round(score * 100) / 100,
    reasons,
    needs,
    type,
  }
}
