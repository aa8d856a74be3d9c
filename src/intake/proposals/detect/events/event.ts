import type { TradeRule } from '../../words/dictionaries.ts'
import type { Entity } from '../../words/lexicon.ts'
import type { DetectedDate } from '../dates/detect-dates.ts'
import type { Participant } from './participants/find-participants.ts'

/** Something that a sentence says happened. Offsets are UTF-16 units. */
export type DetectedEvent = {
  rule: TradeRule
  /** The words of the rule, as in the text. */
  trigger: string
  triggerStart: number
  /** Number of the sentence. */
  sentence: number
  /** The part of the sentence that is cited for it. */
  start: number
  end: number
  participants: Participant[]
  date: DetectedDate | null
  goods: Entity[]
  reasons: string[]
  score: number
}
