import type { Draft } from '../draft.ts'

/** The permit or measure that an event is about, and how the event refers to it. */
export type EffectDraft = {
  draft: Draft
  /** Entries of the event's `effects`. Empty where the record cannot become so before other events are known. */
  effects: ({ permit: string; becomes: string } | { measure: string; becomes: string })[]
  /** Entries of the event's `about`. */
  about: { permit: string }[]
  /** Identities of the drafts of events that must come before. */
  needs: string[]
}
