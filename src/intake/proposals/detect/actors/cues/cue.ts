import type { z } from 'zod'
import type { ActorType } from '../../../../../records/kinds/actors/schema.ts'
import type { TextRange, Token } from '../../../words/sentences.ts'
import { rangeOfTokens, type SentenceText, type TokenRange } from '../../sentence-text.ts'

/** What suggests the type of an unknown name. The range covers the name and the words that suggest it. */
export type Cue = {
  type: z.infer<typeof ActorType>
  reason: string
  score: number
} & TextRange

/** Words that may be a name without a record. `from` and `to` number tokens, `start` and `end` are offsets. */
export type NameCandidate = TokenRange &
  TextRange & {
    sentence: SentenceText
    /** The words of the name. */
    words: readonly Token[]
    /** A title or post that was cut off the beginning of the name: `Prime Minister`. */
    title: TextRange | null
    /** It has two to four words, all of letters. */
    isLikePerson: boolean
  }

export function createCandidate(
  sentence: SentenceText,
  { from, to }: TokenRange,
  title: TextRange | null,
): NameCandidate {
  const words = sentence.tokens.slice(from, to)
  return {
    sentence,
    from,
    to,
    ...rangeOfTokens(sentence.tokens, { from, to }),
    words,
    title,
    isLikePerson:
      words.length >= 2 &&
      words.length <= 4 &&
      words.every(({ text }) => /^[\p{L}.’'-]+$/u.test(text)),
  }
}
