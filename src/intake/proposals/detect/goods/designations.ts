import type { Token } from '../../words/sentences.ts'
import type { Mention } from '../actors/mentions.ts'
import { readName, type SentenceText, type TokenRange } from '../sentence-text.ts'
import { findNounAfter } from './nouns.ts'
import type { GoodsVocabulary } from './vocabulary.ts'

/** `MX-15D`, `TB2`, `Su-27`. */
const designation = /^(?:[A-Z]{1,6}|[A-Z][a-z])-?\d+[A-Z0-9]*(?:-[A-Z0-9]+)*$/
/** The plural ending of a designation: `TB2s`. */
const pluralEnding = /(?<=[A-Z0-9])s$/

export function hasDesignationForm({ body }: Pick<SentenceText, 'body'>, token: Token): boolean {
  return designation.test(body.slice(token.start, token.baseEnd).replace(pluralEnding, ''))
}

/** A designation with the brand before it, if there is one: `Bayraktar TB2`. */
export function findDesignation(
  sentence: SentenceText,
  index: number,
  actors: readonly Mention[],
  vocabulary: GoodsVocabulary,
): TokenRange | null {
  const token = sentence.tokens[index]
  if (!token || !hasDesignationForm(sentence, token)) return null
  if (vocabulary.goods.notGoods.has(token.key) || vocabulary.numbers.has(token.key)) return null
  const hasBrand = isBrand(sentence.tokens, index - 1, actors, vocabulary)
  return { from: hasBrand ? index - 1 : index, to: index + 1 }
}

/** Goods named by the state that made them: `Turkish-made drones`. */
export function findGoodsByOrigin(
  tokens: readonly Token[],
  index: number,
  vocabulary: GoodsVocabulary,
): TokenRange | null {
  const text = tokens[index]?.text ?? ''
  const adjective = text.split('-')[0]?.toLowerCase() ?? ''
  if (!/^\p{Lu}\p{L}+-(?:made|built|supplied|produced)$/u.test(text)) return null
  if (!vocabulary.stateAdjectives.has(adjective)) return null
  const noun = findNounAfter(tokens, index + 1, vocabulary)
  return noun === null ? null : { from: index, to: noun + 1 }
}

/** The name of a good. A designation is in the singular. */
export function readGoodName(sentence: SentenceText, range: TokenRange): string {
  const name = readName(sentence, range)
  const last = sentence.tokens[range.to - 1]
  return last && hasDesignationForm(sentence, last) ? name.replace(pluralEnding, '') : name
}

/** The first word of a sentence is no brand: its capital says nothing. */
function isBrand(
  tokens: readonly Token[],
  index: number,
  actors: readonly Mention[],
  { actors: words }: GoodsVocabulary,
): boolean {
  const token = tokens[index]
  return (
    index > 0 &&
    token !== undefined &&
    /^\p{Lu}\p{Ll}+$/u.test(token.text) &&
    token.isCapital &&
    !words.notNames.has(token.key) &&
    !words.posts.has(token.key) &&
    !actors.some(({ entity, from, to }) => entity.type === 'state' && from <= index && to > index)
  )
}
