import type { Draft } from '../draft.ts'

/** A permit or measure that an event creates, and the entry in the event's `effects`. */
export type EffectDraft = {
  draft: Draft
  effect: { permit: string; becomes: 'issued' } | { measure: string; becomes: 'imposed' }
}

/** Longest slug of a record that is named by a title. */
export const slugLengthMax = 80
