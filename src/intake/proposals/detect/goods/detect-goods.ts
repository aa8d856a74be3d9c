import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Entity, Lexicon } from '../../words/lexicon.ts'
import { createMention, type Mention } from '../actors/mentions.ts'
import { EntityRegistry } from '../entity-registry.ts'
import { rangeOfTokens, type SentenceText, type TokenRange } from '../sentence-text.ts'
import { findDesignation, findGoodsByOrigin, readGoodName } from './designations.ts'
import { findNounAfter, toSingular } from './nouns.ts'
import { findQuantities, type Quantity } from './quantities.ts'
import { createVocabulary, type GoodsVocabulary } from './vocabulary.ts'

/** A mention of a good. The cue is its noun: `MX-15D air-strike targeting systems`. */
export type GoodMention = Mention & {
  /** The noun in the singular: `air-strike targeting system`. */
  description: string | null
  maker: Entity | null
}

/** What the reading of one article for goods depends on. */
type GoodsRules = {
  names: Lexicon
  vocabulary: GoodsVocabulary
  newGoods: EntityRegistry
}

/** The name of a good, and why it is one. */
type GoodName = TokenRange & {
  entity: Entity
  reason: string
  score: number
}

const nounBonus = 0.2
/** Most characters between a good and its maker. */
const makerDistanceMax = 60

/** Finds goods that have a record, designations, goods named by their origin, and quantities. `actors` are mentions. */
export function detectGoods(
  sentences: readonly SentenceText[],
  actors: readonly Mention[],
  words: Dictionaries,
  names: Lexicon,
): { goods: GoodMention[]; quantities: Quantity[] } {
  const rules = { names, vocabulary: createVocabulary(words), newGoods: new EntityRegistry() }
  const bySentence = Map.groupBy(actors, ({ sentence }) => sentence)
  const detections = sentences.map((sentence) => {
    const goods = findGoods(sentence, bySentence.get(sentence.number) ?? [], rules)
    return { goods, quantities: findQuantities(sentence, goods, rules.vocabulary) }
  })
  return {
    goods: detections.flatMap(({ goods }) => goods),
    quantities: detections.flatMap(({ quantities }) => quantities),
  }
}

function findGoods(
  sentence: SentenceText,
  actors: readonly Mention[],
  rules: GoodsRules,
): GoodMention[] {
  const goods: GoodMention[] = []
  for (let index = 0; index < sentence.tokens.length; index += 1) {
    const name = findGoodName(sentence, index, actors, rules)
    if (!name) continue
    goods.push(mentionGood(sentence, name, actors, rules.vocabulary))
    // A name of a record is read once. A new one may hold another designation.
    if (name.entity.known) index = name.to - 1
  }
  return goods
}

function findGoodName(
  sentence: SentenceText,
  index: number,
  actors: readonly Mention[],
  { names, vocabulary, newGoods }: GoodsRules,
): GoodName | null {
  const { tokens } = sentence
  if (!tokens[index]?.isWord) return null
  const known = names.matchAt(tokens, index)
  if (known?.entity.kind === 'good') {
    const range = { from: index, to: index + known.length }
    return { ...range, entity: known.entity, reason: 'the text has the name', score: 1 }
  }
  const designation = findDesignation(sentence, index, actors, vocabulary)
  const range = designation ?? findGoodsByOrigin(tokens, index, vocabulary)
  if (!range) return null
  const name = readGoodName(sentence, range)
  const key = `good:${name.toLowerCase()}`
  const entity = newGoods.findOrCreate(key, { kind: 'good', type: null, name })
  return designation
    ? { ...range, entity, reason: 'letters and digits together are a designation', score: 0.7 }
    : { ...range, entity, reason: 'goods named by their origin', score: 0.6 }
}

function mentionGood(
  sentence: SentenceText,
  { entity, reason, score, from, to }: GoodName,
  actors: readonly Mention[],
  vocabulary: GoodsVocabulary,
): GoodMention {
  const { body, tokens } = sentence
  const how = entity.known ? 'name' : 'new'
  const mention = createMention(entity, how, sentence, { from, to })
  const noun = findNounAfter(tokens, to, vocabulary)
  const maker = findMaker(sentence, noun ?? to - 1, actors, vocabulary)
  if (noun === null) return { ...mention, reasons: [reason], score, description: null, maker }
  const { start, end } = rangeOfTokens(tokens, { from: to, to: noun + 1 })
  const description = body.slice(start, end)
  return {
    ...mention,
    cueEnd: end,
    reasons: [reason, `"${description}" is after it`],
    score: Math.min(1, score + nounBonus),
    description: toSingular(description, vocabulary),
    maker,
  }
}

/** The next company, if only "made by" is between: `systems made by L3Harris Wescam`. */
function findMaker(
  { body, tokens }: SentenceText,
  last: number,
  actors: readonly Mention[],
  { goods }: GoodsVocabulary,
): Entity | null {
  const end = tokens[last]?.end ?? 0
  const company = actors.find(({ start, entity }) => start >= end && entity.type === 'company')
  if (!company) return null
  const between = body.slice(end, company.start).toLowerCase().trim()
  const isMadeBy =
    between.length < makerDistanceMax && goods.makers.some((phrase) => between.startsWith(phrase))
  return isMadeBy ? company.entity : null
}
