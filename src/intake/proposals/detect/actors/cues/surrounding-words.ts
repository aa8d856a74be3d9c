import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { TextRange, Token } from '../../../words/sentences.ts'
import {
  lastCompoundPart,
  rangeOfTokens,
  type SentenceText,
  type TokenRange,
} from '../../sentence-text.ts'
import { isPost } from '../names/word-classes.ts'

/** Most words of a phrase before a name. */
const phraseMax = 5
/** Most tokens of a phrase after a name, and those among which the first known noun must be. */
const apposition = { tokensMax: 15, nounWithin: 8 }
/** Most tokens between "made by" and the name of the maker. */
const makerDistanceMax = 9

/** They end a phrase that is read backwards from a name. */
const phraseBorders = new Set(
  `a an the of to by for in on at from with and or but that which who its his her their this these after before despite
  against as is was were are be been has had have memo said says say told by per than then if when while where`.split(
    /\s+/,
  ),
)
const relativeWords = /^(who|which|that|has|had|is|was|whose)$/

/** The first token of the post that is before a name: `then-foreign affairs minister X`, `its chief executive, X,`. */
export function findPostBefore(
  tokens: readonly Token[],
  from: number,
  { actors }: Dictionaries,
): number | null {
  const last = tokens[from - 1]?.text === ',' ? from - 2 : from - 1
  const post = tokens[last]
  if (!post?.isWord || !isPost(post, actors) || post.isPossessive) return null
  let at = last
  while (from - at <= phraseMax && continuesPhrase(tokens[at - 1])) at -= 1
  return at
}

/** The first token of the capitalised post directly before a name, also where it is possessive. */
export function findTitleBefore(
  tokens: readonly Token[],
  to: number,
  { actors }: Dictionaries,
): number | null {
  let at = to
  while (
    tokens[at - 1]?.isCapital &&
    (isPost(tokens[at - 1], actors) || (at < to && isPost(tokens[at], actors)))
  )
    at -= 1
  return at === to ? null : at
}

/** A common noun directly before a name, and where its phrase starts: `the Turkish drone-maker Baykar`. */
export type NounBefore = { key: string; text: string; phraseStart: number }

export function findNounBefore(tokens: readonly Token[], from: number): NounBefore | null {
  const noun = tokens[from - 1]
  if (!noun?.isWord || noun.isPossessive || noun.isCapital) return null
  let at = from - 1
  while (from - at <= phraseMax && continuesPhrase(tokens[at - 1])) at -= 1
  const { start } = rangeOfTokens(tokens, { from: at, to: from })
  return { key: lastCompoundPart(noun.key), text: noun.text, phraseStart: start }
}

/** The offset of `made by` before a name: `made by Burlington, Ont.-based X`. */
export function findMakerPhrase(
  { body, tokens }: SentenceText,
  from: number,
  { goods }: Dictionaries,
): number | null {
  const first = Math.max(0, from - makerDistanceMax)
  const start = rangeOfTokens(tokens, { from: first, to: from }).start
  const text = body.slice(start, tokens[from]?.start).toLowerCase()
  for (const phrase of goods.makers) {
    const at = text.lastIndexOf(phrase)
    if (at === -1) continue
    const between = text.slice(at + phrase.length).trim()
    if (between === '' || /-based$/.test(between) || /^(the )?\p{L}+$/u.test(between))
      return start + at
  }
  return null
}

/** Whether a name says where a company is, not who it is: `Burlington, Ont.-based`, `Paris-based`. */
export function isPlaceOfCompany(tokens: readonly Token[], to: number): boolean {
  return tokens.slice(to - 1, to + 6).some(({ text }) => /(^|-)based$/.test(text))
}

/** A description after a name, in commas or brackets: `, deputy minister of foreign affairs,`. */
export type Apposition = TokenRange &
  TextRange & { text: string; hasPost: boolean; hasCompany: boolean; hasOrganisation: boolean }

export function findApposition(
  { body, tokens }: SentenceText,
  nameEnd: number,
  { actors, speech }: Dictionaries,
): Apposition | null {
  if (!/^[,(]$/.test(tokens[nameEnd]?.text ?? '')) return null
  const from = nameEnd + 1
  let hasPost = false
  let hasCompany = false
  let hasOrganisation = false
  let to = from
  for (; to < Math.min(tokens.length, from + apposition.tokensMax); to += 1) {
    const token = tokens[to]
    if (!token?.isWord || relativeWords.test(token.key) || speech.verbs.has(token.key)) break
    const hasNoun = hasPost || hasCompany || hasOrganisation
    if (!hasNoun && to - nameEnd > apposition.nounWithin) return null
    const key = lastCompoundPart(token.key)
    if (actors.posts.has(key)) hasPost = true
    else if (!hasPost && actors.companies.has(key)) hasCompany = true
    else if (!hasPost && actors.organisations.has(key)) hasOrganisation = true
  }
  if (!hasPost && !hasCompany && !hasOrganisation) return null
  const { start, end } = rangeOfTokens(tokens, { from, to })
  return {
    from,
    to,
    start,
    end,
    text: body.slice(start, end),
    hasPost,
    hasCompany,
    hasOrganisation,
  }
}

const continuesPhrase = (token: Token | undefined): boolean =>
  token?.isWord === true && !phraseBorders.has(token.key)
