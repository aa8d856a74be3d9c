import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Entity, Lexicon } from '../../words/lexicon.ts'
import type { TextRange, Token } from '../../words/sentences.ts'
import { rangeOfTokens, type SentenceText, type TokenRange } from '../sentence-text.ts'
import { findApposition, findPostBefore, findTitleBefore } from './cues/surrounding-words.ts'
import type { Mention } from './mentions.ts'

/** A post that the text gives a person. Offsets cover the name and the post. */
export type Post = {
  person: Entity
  role: string
  /** Null where the text does not name the organisation. */
  organisation: Entity | null
  start: number
  end: number
  sentence: number
}

/** The words of a post beside a name. */
type PostPhrase = TokenRange & {
  isAfterName: boolean
  /** Other mentions in the phrase or next to it. */
  mentions: readonly Mention[]
  /** The name and the phrase. */
  cited: TextRange
}

/** Posts before and after names of persons, and the mentions that only describe such a person. */
export function findPosts(
  mentions: readonly Mention[],
  sentences: readonly SentenceText[],
  words: Dictionaries,
  names: Lexicon,
): { posts: Post[]; asides: ReadonlySet<Mention> } {
  const posts: Post[] = []
  const asides = new Set<Mention>()
  for (const [number, inSentence] of Map.groupBy(mentions, ({ sentence }) => sentence)) {
    const sentence = sentences[number]
    if (!sentence) continue
    for (const person of inSentence.filter(({ entity }) => entity.type === 'person')) {
      const phrase =
        findPhraseAfter(sentence, person, inSentence, words) ??
        findPhraseBefore(sentence, person, inSentence, words)
      if (!phrase) continue
      if (phrase.isAfterName) for (const mention of phrase.mentions) asides.add(mention)
      const post = readPost(sentence, person.entity, phrase, names)
      if (post && !posts.some((other) => isSamePost(other, post))) posts.push(post)
    }
  }
  return { posts, asides }
}

/** `Marta Morgan, deputy minister of foreign affairs`. */
function findPhraseAfter(
  sentence: SentenceText,
  person: Mention,
  inSentence: readonly Mention[],
  words: Dictionaries,
): PostPhrase | null {
  const phrase = findApposition(sentence, person.to, words)
  if (!phrase?.hasPost) return null
  const { from, to, end } = phrase
  return {
    from,
    to,
    isAfterName: true,
    mentions: inSentence.filter((one) => one.from >= from && one.to <= to),
    cited: { start: person.start, end },
  }
}

/** `Canada's foreign minister Marc Garneau`. A mention one token before the phrase counts: it may own the post. */
function findPhraseBefore(
  { tokens }: SentenceText,
  person: Mention,
  inSentence: readonly Mention[],
  words: Dictionaries,
): PostPhrase | null {
  const from =
    findPostBefore(tokens, person.from, words) ?? findTitleBefore(tokens, person.from, words)
  if (from === null) return null
  const to = person.from
  return {
    from,
    to,
    isAfterName: false,
    mentions: inSentence.filter((one) => one !== person && one.from >= from - 1 && one.to <= to),
    cited: { start: rangeOfTokens(tokens, { from, to }).start, end: person.end },
  }
}

function readPost(
  { body, number, tokens }: SentenceText,
  person: Entity,
  { from, to, mentions, cited }: PostPhrase,
  names: Lexicon,
): Post | null {
  const first = skipDeterminers(tokens, { from, to }, names)
  const preposition = findOrganisationPreposition(tokens, { from: first + 1, to })
  const last = preposition ?? to
  const roleTo = tokens[last - 1]?.text === ',' ? last - 1 : last
  const { start, end } = rangeOfTokens(tokens, { from: first, to: roleTo })
  if (first >= tokens.length || end <= start) return null
  return {
    person,
    role: body.slice(start, end).replace(/^(then|former|ex)[- ]/i, ''),
    organisation: chooseOrganisation(mentions, preposition),
    sentence: number,
    ...cited,
  }
}

/** The first token after articles, possessives and states: `the Turkish foreign minister`. */
function skipDeterminers(
  tokens: readonly Token[],
  { from, to }: TokenRange,
  names: Lexicon,
): number {
  let at = from
  while (
    at < to &&
    (/^(a|an|the|its|his|her|their)$/.test(tokens[at]?.key ?? '') ||
      names.findCountry(tokens[at]?.key ?? ''))
  )
    at += 1
  return at
}

/** `with` in `a researcher with Project Ploughshares`. */
function findOrganisationPreposition(
  tokens: readonly Token[],
  { from, to }: TokenRange,
): number | null {
  const at = tokens.findIndex(
    ({ key }, index) => index >= from && index < to && /^(with|at|from|for)$/.test(key),
  )
  return at === -1 ? null : at
}

/** The organisation after the preposition, else the state of an adjective, else any other actor in the phrase. */
function chooseOrganisation(
  mentions: readonly Mention[],
  preposition: number | null,
): Entity | null {
  const organisations = mentions.filter(
    ({ entity }) => entity.kind === 'actor' && entity.type !== 'person',
  )
  const chosen =
    (preposition !== null && organisations.find(({ from }) => from > preposition)) ||
    organisations.find(({ entity, how }) => entity.type === 'state' && how === 'adjective') ||
    organisations[0]
  return chosen?.entity ?? null
}

const isSamePost = (a: Post, b: Post): boolean => a.person === b.person && a.role === b.role
