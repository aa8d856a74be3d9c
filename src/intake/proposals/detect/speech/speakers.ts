import type { Mention } from '../actors/mentions.ts'
import type { SentenceText } from '../sentence-text.ts'

/** A sentence and the actors that may speak in it. */
export type SpeechContext = {
  sentence: SentenceText
  speakers: readonly Mention[]
  /** Mentions that only describe another actor. */
  asides: readonly Mention[]
  /** Whom "he" or "she" means. */
  lastPerson: Mention | null
}

/** Distances in tokens. */
const sourceDistanceMax = 13
const asideLengthMax = 14

/** The actor after "according to". */
export function findSpeakerAfter({ speakers }: SpeechContext, index: number): Mention | undefined {
  return speakers.find(({ from }) => from > index + 1 && from - index <= sourceDistanceMax)
}

/** Who a verb of saying is said of: a pronoun, the actor before it, or the one directly after it. */
export function findSpeaker(context: SpeechContext, verb: number): Mention | null {
  const { sentence, speakers, lastPerson } = context
  if (/^(he|she)$/.test(sentence.tokens[verb - 1]?.key ?? '')) return lastPerson
  const before = speakers.findLast(({ to }) => to <= verb)
  if (before && isSubjectOf(context, before, verb)) return before
  const after = speakers.find(({ from }) => from > verb)
  return after?.from === verb + 1 ? after : null
}

/** Whether only an aside, a post or up to two words stand between an actor and a verb. */
function isSubjectOf({ sentence, asides }: SpeechContext, actor: Mention, verb: number): boolean {
  const between = sentence.tokens.slice(actor.to, verb)
  const [first, ...rest] = between
  if (!first) return true
  const startsWithComma = first.text === ','
  const isBetweenCommas = startsWithComma && between.at(-1)?.text === ','
  const hasPost = asides.some(({ from, to }) => from >= actor.to && to <= verb)
  const isOpenAside =
    startsWithComma &&
    between.length <= asideLengthMax &&
    !rest.some(({ text }) => text === ',' || text === ';')
  const isShort =
    between.length <= 2 &&
    between.every(({ isWord, key }) => isWord && !/^(to|by|for|of|in|and|that)$/.test(key))
  return isBetweenCommas || hasPost || isOpenAside || isShort
}
