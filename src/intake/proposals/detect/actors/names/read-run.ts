import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { Lexicon } from '../../../words/lexicon.ts'
import type { TextRange, Token } from '../../../words/sentences.ts'
import { rangeOfTokens, readName, type SentenceText, type TokenRange } from '../../sentence-text.ts'
import { type ActorRules, createActorKey } from '../actor-rules.ts'
import { type Cue, createCandidate } from '../cues/cue.ts'
import { findCue } from '../cues/find-cue.ts'
import { createMention, type Mention } from '../mentions.ts'
import { findKnownNames } from './known-names.ts'
import { findRunEnd } from './name-runs.ts'
import { hasOrganisationWord, isPost } from './word-classes.ts'

/** What was read from a run of capitalised words. */
export type RunReading = {
  mentions: Mention[]
  /** Words that may be a part of a name found elsewhere: `Morgan`. */
  unresolved: TokenRange | null
  /** The token after the words that were read. */
  next: number
}

const bodyTailMax = 4
/** They end the search for the rest of a public body's name. */
const bodyBorders = /^(in|on|at|to|by|that|which|who|has|had|was|is|will|said|says)$/
const openingQuotes = /^[“"«‘]$/

/** Reads a run of capitalised words: a title, then a known name, a misspelled one or a new one. */
export function readRun(
  sentence: SentenceText,
  { from, to }: TokenRange,
  rules: ActorRules,
): RunReading {
  const { tokens } = sentence
  const { words, names } = rules
  const { start, title } = skipTitles(tokens, { from, to }, words)
  if (start >= to) {
    const continues = findRunEnd(tokens, start, words.actors) !== null
    return { mentions: [], unresolved: null, next: continues ? start : Math.max(to, start) }
  }
  const name = { from: start, to }
  if (endsInKnownName(tokens, name, rules))
    return { mentions: findKnownNames(sentence, name, names), unresolved: null, next: to }
  const end = extendPublicBody(tokens, name, words)
  const near = end === to ? findNearName(tokens, name, names) : null
  if (near) {
    const mention = createMention(near.entity, near.how, sentence, name)
    return { mentions: [mention], unresolved: null, next: to }
  }
  const cue = findCue(createCandidate(sentence, { from: start, to: end }, title), words)
  if (cue === null || (cue.type !== 'publisher' && isOpeningWord(tokens, name, rules)))
    return { mentions: findKnownNames(sentence, name, names), unresolved: name, next: to }
  const mention = mentionNewActor(sentence, { from: start, to: end }, cue, rules)
  return { mentions: [mention], unresolved: null, next: end }
}

/** Cuts titles and posts off the beginning: `Prime Minister`, `Gen.`. `start` is the first token after them. */
export function skipTitles(
  tokens: readonly Token[],
  { from, to }: TokenRange,
  { actors }: Dictionaries,
): { start: number; title: TextRange | null } {
  let start = from
  let title: TextRange | null = null
  while (
    start < to &&
    (isPost(tokens[start], actors) ||
      actors.titles.has(tokens[start]?.key ?? '') ||
      (start + 1 < to && isPost(tokens[start + 1], actors)))
  ) {
    title = rangeOfTokens(tokens, { from, to: start + 1 })
    start += 1
    if (tokens[start]?.text === '.') start += 1
  }
  return { start, title }
}

/** A known name inside the name of an organisation does not count: `Turkish Aerospace Industries`. */
function endsInKnownName(
  tokens: readonly Token[],
  { from, to }: TokenRange,
  { names, words }: ActorRules,
): boolean {
  const isPartOfLonger = hasOrganisationWord(tokens.slice(from, to), words.actors)
  for (let at = from; at < to; at += 1) {
    const known = names.matchAt(tokens, at)
    if (known && known.how !== 'adjective' && at + known.length === to)
      if (at === from || !isPartOfLonger) return true
  }
  return false
}

/** `House of Commons` continues in lower case: `foreign affairs committee`. Returns the new end (exclusive). */
export function extendPublicBody(
  tokens: readonly Token[],
  { from, to }: TokenRange,
  { actors }: Dictionaries,
): number {
  if (tokens[to - 1]?.isPossessive) return to
  for (let at = to; at < Math.min(tokens.length, to + bodyTailMax); at += 1) {
    const token = tokens[at]
    if (!token?.isWord || token.isCapital) return to
    if (actors.publicBodies.has(token.key) && to - from > 1) return at + 1
    if (token.isPossessive || bodyBorders.test(token.key)) return to
  }
  return to
}

/** The known name that a single word is an inflected or misspelled form of. */
function findNearName(tokens: readonly Token[], { from, to }: TokenRange, names: Lexicon) {
  const token = tokens[from]
  return token && to - from === 1 ? names.matchInexact(token) : null
}

/** A single word that opens a sentence and has a capital nowhere else in the article may be no name. */
function isOpeningWord(
  tokens: readonly Token[],
  { from, to }: TokenRange,
  { innerCapitals }: ActorRules,
): boolean {
  const token = tokens[from]
  const isOpening = from === 0 || openingQuotes.test(tokens[from - 1]?.text ?? '')
  return (
    token !== undefined &&
    to - from === 1 &&
    isOpening &&
    !innerCapitals.has(token.key) &&
    !/\d|\./.test(token.text)
  )
}

function mentionNewActor(
  sentence: SentenceText,
  range: TokenRange,
  { type, reason, score, start, end }: Cue,
  { newActors }: ActorRules,
): Mention {
  const name = readName(sentence, range)
  const entity = newActors.findOrCreate(createActorKey(name), { kind: 'actor', type, name })
  return {
    ...createMention(entity, 'new', sentence, range),
    cueStart: start,
    cueEnd: end,
    reasons: [reason],
    score,
  }
}
