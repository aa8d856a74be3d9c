import type { ActorSpan } from '../names/actors.ts'
import type { Token } from '../tokens.ts'
import type { VerbGroup } from './verb-groups.ts'

/** Words that belong together as one noun phrase, without what follows after a preposition. */
export type Chunk = {
  from: number
  to: number
  /** The preposition before it: "to" in "to Egypt". */
  preposition: string | null
  isPronoun: boolean
  /** Names in it; the last one is its head where it ends the chunk. */
  actors: ActorSpan[]
  /** The last word. */
  head: string
}

export const prepositionWord =
  /^(of|to|for|in|on|at|by|from|with|into|onto|over|under|between|against|about|through|during|without|within|toward|towards|via|among|across|per|than|as|despite|including|near|after|before|since|until|till|following|concerning|regarding|worth|because|upon|behind|outside|inside|around|like|aboard|along|beyond|except|pending|off|out|up|down|back|away)$/
const breakWord =
  /^(and|or|but|nor|that|which|who|whom|whose|where|whether|if|unless|although|though|while|when|once|because|so|then|not|how|what|why|both|either|neither|yet|lest|whereas|whatever|there|also|already|only|even|still|just|ever|never|however|therefore|moreover|meanwhile|instead)$/
const pronounWord =
  /^(it|they|he|she|we|i|you|them|him|her|us|me|itself|themselves|this|these|those|none|nobody|nothing|both|all|some|others|one|everyone|anybody|anything|something)$/

/** They never stand before a noun of their own. */
const personalWord = /^(it|they|he|she|we|i|you|them|him|us|me)$/

export function readChunks(
  tokens: readonly Token[],
  groups: readonly VerbGroup[],
  actors: readonly ActorSpan[],
  isDate: (start: number) => boolean,
  isAdverb: (key: string) => boolean,
): Chunk[] {
  const isVerb = new Set(
    groups.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, n) => from + n)),
  )
  const named = actors.filter(({ form }) => form !== 'adjective')
  const chunks: Chunk[] = []
  let current: Chunk | null = null
  const flush = () => {
    if (current && current.to > current.from) {
      current.head = tokens[current.to - 1]?.key ?? ''
      chunks.push(current)
    }
    current = null
  }
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (!token) continue
    const span = named.find(({ from, to }) => from <= index && index < to)
    const isMark = token.kind === 'mark' && !/^[€£¥$&]|\$$|^%$/.test(token.text)
    if (
      !span &&
      (isVerb.has(index) || isMark || prepositionWord.test(token.key) || breakWord.test(token.key))
    ) {
      flush()
      continue
    }
    const to: number = span ? span.to : index + 1
    // An adverb before a verb is of the verb: "the firm first applied".
    if (!span && isAdverb(token.key) && isVerb.has(index + 1)) {
      flush()
      continue
    }
    const isPronoun =
      !span &&
      (personalWord.test(token.key) ||
        (pronounWord.test(token.key) &&
          !isNoun(tokens[index + 1]) &&
          tokens[index + 1]?.key !== 'of'))
    const parts =
      current !== null && !span && /^(the|a|an|its|his|her|their|this|these|those)$/.test(token.key)
    const turns = current !== null && isDate(token.start) !== isDate(tokens[index - 1]?.start ?? 0)
    // "By the time Sweden suspended": the name is another phrase.
    const isTimeBefore =
      current !== null && span?.form !== 'adjective' && timeNoun.test(tokens[index - 1]?.key ?? '')
    if (isPronoun || parts || turns || (span && isTimeBefore)) flush()
    current ??= {
      from: index,
      to,
      preposition: findPreposition(tokens, index),
      isPronoun,
      actors: [],
      head: '',
    }
    current.to = to
    if (isPronoun) flush()
    // "Saudi Arabia's" and "Oslo's" go on; another name behind a name is another phrase.
    index = to - 1
  }
  flush()
  for (const chunk of chunks)
    chunk.actors = actors.filter(({ from, to }) => from >= chunk.from && to <= chunk.to)
  return chunks
}

const isNoun = (token: Token | undefined): boolean =>
  token?.kind === 'word' && !prepositionWord.test(token.key) && !breakWord.test(token.key)

function findPreposition(tokens: readonly Token[], index: number): string | null {
  const before = tokens[index - 1]
  if (before?.kind !== 'word' || !prepositionWord.test(before.key)) return null
  // "received about 200 rifles", "up to 500", "more than 30": no phrase with a preposition.
  const isCounted =
    tokens[index]?.kind === 'number' ||
    /^(a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|hundred|dozen)$/.test(
      tokens[index]?.key ?? '',
    )
  if (isCounted && /^(about|around|over|under|than)$/.test(before.key)) {
    const earlier = tokens[before.key === 'than' ? index - 3 : index - 2]
    return earlier?.kind === 'word' && prepositionWord.test(earlier.key) ? earlier.key : null
  }
  if (isCounted && before.key === 'to' && tokens[index - 2]?.key === 'up') {
    const earlier = tokens[index - 3]
    return earlier?.kind === 'word' && prepositionWord.test(earlier.key) ? earlier.key : null
  }
  return before.key
}

const timeNoun = /^(time|day|moment|year|month|week|hour|date|morning|evening|night)$/

/** The name that a chunk is about: "the Turkish drone-maker Baykar". "Italian bombs" are bombs and not Italy. */
export function findChunkActor(chunk: Chunk): ActorSpan | null {
  const last = chunk.actors.at(-1)
  return last && last.to === chunk.to && last.form !== 'adjective' && last.form !== 'people'
    ? last
    : null
}
