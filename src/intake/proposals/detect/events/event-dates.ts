import type { TradeRule } from '../../words/dictionaries.ts'
import type { TextRange } from '../../words/sentences.ts'
import type { DetectedDate } from '../dates/detect-dates.ts'
import type { SentenceText } from '../sentence-text.ts'

/** Most characters between a trigger and its date, and between the opening of a sentence and the event. */
const dateDistanceMax = 80
const openingMax = 60

const yearPrepositions = /\b(in|since|of|from|by|during|until|before|after|back in|early|late) $/i

/**
 * The date nearest to the trigger, among those in the passage of the event and the one that opens the sentence. Other
 * dates of the sentence may be of something else.
 */
export function findEventDate(
  type: TradeRule['type'],
  dates: readonly DetectedDate[],
  sentence: SentenceText,
  passage: TextRange,
  triggerStart: number,
): DetectedDate | null {
  const distance = ({ start, end }: TextRange) =>
    end <= triggerStart ? triggerStart - end : start - triggerStart
  const candidates = dates.filter(
    (date) =>
      (opensSentence(date, sentence, passage) ||
        (date.start >= passage.start &&
          date.end <= passage.end &&
          distance(date) < dateDistanceMax)) &&
      canDateEvent(date, type, sentence),
  )
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

function canDateEvent(
  { start, words }: DetectedDate,
  type: TradeRule['type'],
  sentence: SentenceText,
): boolean {
  const textBefore = (length: number) =>
    sentence.body.slice(Math.max(sentence.start, start - length), start)
  // A year without a preposition belongs to the noun after it: the 2020 conflict.
  if (/^\d{4}$/.test(words) && !yearPrepositions.test(textBefore(8))) return false
  // "since 2019" says how long something lasts. Only of a measure is that its beginning.
  return type === 'measure-decision' || !/\bsince $/i.test(textBefore(6))
}

/** `In late 2019 Canada ...`. */
function opensSentence(date: TextRange, sentence: SentenceText, passage: TextRange): boolean {
  const before = sentence.body.slice(sentence.start, date.start)
  return (
    date.start >= sentence.start &&
    date.end <= passage.start &&
    passage.start - sentence.start < openingMax &&
    /^(in |on |a |the |by |since |during )?$/i.test(before)
  )
}
