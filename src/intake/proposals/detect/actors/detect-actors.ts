import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Lexicon } from '../../words/lexicon.ts'
import { EntityRegistry } from '../entity-registry.ts'
import type { SentenceText } from '../sentence-text.ts'
import type { ActorRules } from './actor-rules.ts'
import { createMention, type Mention } from './mentions.ts'
import { resolveNameParts, type UnresolvedName } from './name-parts.ts'
import { findNamesInCompound, isCompoundWithState } from './names/known-names.ts'
import { collectInnerCapitals, findRunEnd } from './names/name-runs.ts'
import { type RunReading, readRun } from './names/read-run.ts'
import { hasOrganisationWord } from './names/word-classes.ts'
import { findPosts, type Post } from './posts.ts'

/** Finds mentions of actors, with and without a record, and the posts of persons. Mentions are in text order. */
export function detectActors(
  sentences: readonly SentenceText[],
  words: Dictionaries,
  names: Lexicon,
): { mentions: Mention[]; posts: Post[] } {
  const innerCapitals = collectInnerCapitals(sentences)
  const rules: ActorRules = { words, names, innerCapitals, newActors: new EntityRegistry() }
  const readings = sentences.map((sentence) => readNames(sentence, rules))
  const named = readings.flatMap(({ mentions }) => mentions)
  const parts = resolveNameParts(
    readings.flatMap(({ unresolved }) => unresolved),
    named,
    rules,
  )
  const mentions = [...named, ...parts].sort((a, b) => a.start - b.start)
  const { posts, asides } = findPosts(mentions, sentences, words, names)
  return {
    mentions: mentions.map((mention) =>
      asides.has(mention) ? { ...mention, isAside: true } : mention,
    ),
    posts,
  }
}

/** Reads one sentence from left to right. */
function readNames(
  sentence: SentenceText,
  rules: ActorRules,
): { mentions: Mention[]; unresolved: UnresolvedName[] } {
  const mentions: Mention[] = []
  const unresolved: UnresolvedName[] = []
  for (let index = 0; index < sentence.tokens.length; ) {
    const reading = readNameAt(sentence, index, rules)
    mentions.push(...reading.mentions)
    if (reading.unresolved) unresolved.push({ ...reading.unresolved, sentence })
    index = reading.next
  }
  return { mentions, unresolved }
}

function readNameAt(sentence: SentenceText, index: number, rules: ActorRules): RunReading {
  const { tokens } = sentence
  const { names, words } = rules
  const known = names.matchAt(tokens, index)
  const runEnd = findRunEnd(tokens, index, words.actors)
  if (known) {
    const range = { from: index, to: index + known.length }
    // A longer name may begin with the name of a state: Turkish Aerospace Industries.
    const beginsLongerName =
      runEnd !== null &&
      range.to < runEnd &&
      hasOrganisationWord(tokens.slice(index, runEnd), words.actors)
    if (!beginsLongerName) {
      const mention = createMention(known.entity, known.how, sentence, range)
      return { mentions: [mention], unresolved: null, next: range.to }
    }
  }
  if (runEnd === null || isCompoundWithState(tokens[index], names)) {
    const mentions = findNamesInCompound(sentence, index, names)
    return { mentions, unresolved: null, next: index + 1 }
  }
  return readRun(sentence, { from: index, to: runEnd }, rules)
}
