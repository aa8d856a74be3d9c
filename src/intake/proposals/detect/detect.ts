import type { DateBounds } from '../../../evidence/edtf.ts'
import type { Dictionaries } from '../words/dictionaries.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { type CitableRange, type Sentence, splitSentences } from '../words/sentences.ts'
import { detectActors, type Mention, type Post } from './actors.ts'
import { dateFinder, type FoundDate } from './dates.ts'
import { detectEvents, type FoundEvent } from './events.ts'
import { detectGoods, type GoodFound, type Quantity } from './goods.ts'
import { detectSpeech, type Speech } from './speech.ts'

/** All that is found in a text. Offsets are UTF-16 units of the body. */
export type Found = {
  sentences: Sentence[]
  mentions: Mention[]
  posts: Post[]
  goods: GoodFound[]
  quantities: Quantity[]
  dates: FoundDate[]
  speech: Speech[]
  events: FoundEvent[]
}

/** Reads the stretches of a body that may be cited. `published` is when the article is from, null when nobody knows. */
export function detect(
  body: string,
  stretches: readonly CitableRange[],
  published: DateBounds | null,
  names: Lexicon,
  words: Dictionaries,
): Found {
  const sentences = splitSentences(body, stretches)
  const { mentions, posts } = detectActors(body, sentences, words, names)
  const { goods, quantities } = detectGoods(body, sentences, mentions, words, names)
  const find = dateFinder(words, published)
  const dates = sentences.flatMap((sentence) => find(body, sentence))
  // May, the month, is no person, and 2020 no good.
  const actors = mentions.filter(
    ({ start, end, how }) =>
      how !== 'new' || !dates.some((date) => date.start < end && start < date.end),
  )
  const speech = detectSpeech(body, sentences, actors, words)
  const events = detectEvents(body, sentences, { mentions: actors, goods, dates, speech }, words)
  return { sentences, mentions: actors, posts, goods, quantities, dates, speech, events }
}
