import type { DateBounds } from '../../../evidence/edtf.ts'
import type { Dictionaries } from '../words/dictionaries.ts'
import type { Lexicon } from '../words/lexicon.ts'
import type { TextRange } from '../words/sentences.ts'
import { type Sentence, splitSentences } from '../words/sentences.ts'
import { detectActors } from './actors/detect-actors.ts'
import type { Mention } from './actors/mentions.ts'
import type { Post } from './actors/posts.ts'
import { type DetectedDate, detectDates } from './dates/detect-dates.ts'
import { detectEvents } from './events/detect-events.ts'
import type { DetectedEvent } from './events/event.ts'
import { detectGoods, type GoodMention } from './goods/detect-goods.ts'
import type { Quantity } from './goods/quantities.ts'
import { numberSentences } from './sentence-text.ts'
import { detectSpeech, type ReportedSpeech } from './speech/detect-speech.ts'

/** Everything found in a text. Offsets are UTF-16 units of the body. */
export type Detection = {
  sentences: Sentence[]
  mentions: Mention[]
  posts: Post[]
  goods: GoodMention[]
  quantities: Quantity[]
  dates: DetectedDate[]
  speech: ReportedSpeech[]
  events: DetectedEvent[]
}

/** Reads the ranges of a body that may be cited. `published`: the day of the article, null where it is not known. */
export function detect(
  body: string,
  citable: readonly TextRange[],
  published: DateBounds | null,
  names: Lexicon,
  words: Dictionaries,
): Detection {
  const segments = splitSentences(body, citable)
  const sentences = numberSentences(body, segments)
  const { mentions: named, posts } = detectActors(sentences, words, names)
  const { goods, quantities } = detectGoods(sentences, named, words, names)
  const dates = detectDates(sentences, published, words)
  const mentions = removeDates(named, dates)
  const speech = detectSpeech(sentences, mentions, words)
  const events = detectEvents(sentences, { mentions, goods, dates, speech }, words)
  return { sentences: segments, mentions, posts, goods, quantities, dates, speech, events }
}

/** Without new names that are a part of a date: May is a month, not a person. */
function removeDates(mentions: readonly Mention[], dates: readonly DetectedDate[]): Mention[] {
  return mentions.filter(
    ({ start, end, how }) =>
      how !== 'new' || !dates.some((date) => date.start < end && start < date.end),
  )
}
