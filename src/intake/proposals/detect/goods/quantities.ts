import type { Entity } from '../../words/lexicon.ts'
import type { Token } from '../../words/sentences.ts'
import type { Mention } from '../actors/mentions.ts'
import { rangeOfTokens, type SentenceText } from '../sentence-text.ts'
import { hasDesignationForm } from './designations.ts'
import { findCompoundEnd, isPhraseBorder } from './nouns.ts'
import { readNumber } from './numbers.ts'
import type { GoodsVocabulary } from './vocabulary.ts'

/** A number of goods. */
export type Quantity = {
  /** Number of the sentence. */
  sentence: number
  start: number
  end: number
  words: string
  value: number
  /** In the singular: `system`. */
  unit: string
  good: Entity | null
}

/** Most tokens after a number among which the noun must be. */
const nounWithin = 7

export function findQuantities(
  sentence: SentenceText,
  goods: readonly Mention[],
  vocabulary: GoodsVocabulary,
): Quantity[] {
  return sentence.tokens.flatMap(
    (_, index) => readQuantity(sentence, index, goods, vocabulary) ?? [],
  )
}

function readQuantity(
  sentence: SentenceText,
  index: number,
  goods: readonly Mention[],
  vocabulary: GoodsVocabulary,
): Quantity | null {
  const { body, number, tokens } = sentence
  const count = readNumber(tokens, index, vocabulary.numbers)
  if (!count) return null
  const noun = findCountedNoun(sentence, index + count.length, vocabulary)
  if (noun === null) return null
  const { start, end } = rangeOfTokens(tokens, { from: index, to: noun + 1 })
  const good = goods.find(({ from, to }) => from >= index && to <= noun + 1)
  return {
    sentence: number,
    start,
    end,
    words: body.slice(start, end),
    value: count.value,
    unit: vocabulary.singulars.get(tokens[noun]?.key ?? '') ?? 'unit',
    good: good?.entity ?? null,
  }
}

/** The noun that a number counts, after its attributes. A designation without a noun is counted too: `six TB2s`. */
function findCountedNoun(
  sentence: SentenceText,
  from: number,
  { singulars, goods }: GoodsVocabulary,
): number | null {
  const { tokens } = sentence
  let designation: number | null = null
  for (const [offset, token] of tokens.slice(from, from + nounWithin).entries()) {
    const at = from + offset
    if (isPhraseBorder(token) || isNotCounted(token, goods)) break
    if (hasDesignationForm(sentence, token)) designation = at
    if (singulars.has(token.key) && !goods.notCounted.has(singulars.get(token.key) ?? ''))
      return findCompoundEnd(tokens, at, singulars)
  }
  return designation
}

function isNotCounted({ key }: Token, { notCounted }: GoodsVocabulary['goods']): boolean {
  return notCounted.has(key.replace(/s$/, ''))
}
