import type { TextRange, Token } from '../../words/sentences.ts'
import type { SentenceText } from '../sentence-text.ts'
import type { Trigger } from './trigger.ts'

/**
 * The passage to cite: from the first of subject, participants and trigger to the comma after the last of them, or to
 * the end of the clause.
 */
export function findEventPassage(
  { start: sentenceStart, tokens }: SentenceText,
  trigger: Trigger,
  participants: readonly TextRange[],
  subject: Token | undefined,
): TextRange {
  const first = tokens[trigger.from]
  if (!first) return { start: sentenceStart, end: sentenceStart }
  const starts = [first, ...(subject ? [subject] : []), ...participants].map(({ start }) => start)
  const start = Math.min(...starts.filter((one) => one >= sentenceStart))
  const lastEnd = Math.max(
    tokens[trigger.to - 1]?.end ?? first.end,
    ...participants.map(({ end }) => end),
  )
  const border = tokens.findIndex(
    (token, at) => at >= trigger.clause.to || (token.start >= lastEnd && token.text === ','),
  )
  const passageEnd = border === -1 ? tokens.length : border
  return { start, end: Math.max(lastEnd, tokens[passageEnd - 1]?.end ?? lastEnd) }
}
