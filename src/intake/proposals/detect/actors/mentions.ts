import type { Entity, NameMatchKind } from '../../words/lexicon.ts'
import { rangeOfTokens, type SentenceText, type TokenRange } from '../sentence-text.ts'

/** A place in the text that names an actor or a good. `from` and `to` number tokens, `start` and `end` are offsets. */
export type Mention = {
  entity: Entity
  how: NameMatchKind
  /** Number of the sentence. */
  sentence: number
  from: number
  to: number
  start: number
  end: number
  /** The name with the words around it that identify the entity: `Turkish drone-maker Baykar`. */
  cueStart: number
  cueEnd: number
  reasons: string[]
  score: number
  /** It is in a description of another actor: `Y` in `X, a researcher with Y, says`. */
  isAside: boolean
}

const matches: Readonly<Record<NameMatchKind, { reason: string; score: number }>> = {
  name: { reason: 'the text has the name', score: 1 },
  alias: { reason: 'the text has another name of it', score: 0.95 },
  foreign: { reason: 'the text has its name in another language', score: 0.85 },
  capital: { reason: 'the capital stands for the state', score: 0.7 },
  people: { reason: 'the text names its people', score: 0.5 },
  adjective: { reason: 'the text has the adjective of the state', score: 0.5 },
  inflected: { reason: 'the text has the name with an ending', score: 0.8 },
  misspelt: { reason: 'the text has a name that is nearly the same', score: 0.6 },
  part: { reason: 'the text has a part of the name', score: 0.7 },
  // The cue of a new name gives its reason and its score.
  new: { reason: '', score: 0 },
}

export function createMention(
  entity: Entity,
  how: NameMatchKind,
  { number, tokens }: Pick<SentenceText, 'number' | 'tokens'>,
  { from, to }: TokenRange,
): Mention {
  const { start, end } = rangeOfTokens(tokens, { from, to })
  const { reason, score } = matches[how]
  return {
    entity,
    how,
    sentence: number,
    from,
    to,
    start,
    end,
    cueStart: start,
    cueEnd: end,
    reasons: [reason],
    score,
    isAside: false,
  }
}
