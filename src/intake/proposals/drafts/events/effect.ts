import type { Draft } from '../draft.ts'

/** A permit or measure that an event creates, and the entry in the event's `effects`. */
export type EffectDraft = {
  draft: Draft
  effect: { permit: string; becomes: string } | { measure: string; becomes: 'imposed' }
}
