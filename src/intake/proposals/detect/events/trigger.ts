import type { TradeRule } from '../../words/dictionaries.ts'
import type { Token } from '../../words/sentences.ts'
import type { TokenRange } from '../sentence-text.ts'

/** The words of a rule that a sentence has: a verb or a noun, up to three tokens. */
export type Trigger = TokenRange & {
  isNoun: boolean
  isPassive: boolean
  /** The clause around it. */
  clause: TokenRange
}

const triggerWordsMax = 3
/** Most tokens before and after a verb in which one of the words of `with` must be. */
const objectWithin = { before: 12, after: 14 }
/** Most tokens between the words of `subject` and the verb. */
const subjectDistanceMax = 14

/** Null where none of the rule's words begin at the token. */
export function findTrigger(
  rule: TradeRule,
  tokens: readonly Token[],
  index: number,
): Trigger | null {
  const nounLength = matchWords(rule.nouns, tokens, index)
  const length = nounLength ?? matchWords(rule.verbs, tokens, index)
  if (length === null) return null
  return {
    from: index,
    to: index + length,
    isNoun: nounLength !== null,
    isPassive: isPassive(tokens, index),
    clause: findClause(tokens, index),
  }
}

/** Whether one of the words of `with` is after the trigger, or before it where that may be the object. */
export function hasObject(
  { with: objects, agentAfterBy }: TradeRule,
  tokens: readonly Token[],
  { from, to, clause, isPassive }: Trigger,
): boolean {
  if (!objects) return true
  const after = tokens.slice(to, clause.to).slice(0, objectWithin.after)
  if (containsWords(objects, after)) return true
  const before = tokens.slice(clause.from, from).slice(-objectWithin.before)
  return (isPassive || agentAfterBy) && containsWords(objects, before)
}

/** The nearest word of `subject` before the trigger. `undefined`: there is none near enough. */
export function findSubject(
  { subject }: TradeRule,
  tokens: readonly Token[],
  { from }: Trigger,
): Token | undefined {
  const at = tokens.slice(0, from).findLastIndex(({ key, isWord }) => isWord && subject?.has(key))
  return at !== -1 && from - at <= subjectDistanceMax ? tokens[at] : undefined
}

/** From the border before a token to the border after it. A comma is no border. */
export function findClause(tokens: readonly Token[], index: number): TokenRange {
  const before = tokens.slice(0, index).findLastIndex(isClauseBorder)
  const after = tokens.findIndex((token, at) => at > index && isClauseBorder(token))
  return { from: before + 1, to: after === -1 ? tokens.length : after }
}

export function isClauseBorder({ text, key }: Token): boolean {
  return /^[;:.!?“”"«»]$/.test(text) || /^(but|while|although|whereas|because)$/.test(key)
}

/** The number of tokens of the longest phrase that begins at a token. */
function matchWords(
  phrases: ReadonlySet<string> | undefined,
  tokens: readonly Token[],
  index: number,
): number | null {
  if (!phrases) return null
  for (let length = triggerWordsMax; length > 0; length -= 1)
    if (phrases.has(joinKeys(tokens.slice(index, index + length)))) return length
  return null
}

function containsWords(phrases: ReadonlySet<string>, tokens: readonly Token[]): boolean {
  return tokens.some((_, index) =>
    [1, 2, 3].some((length) => phrases.has(joinKeys(tokens.slice(index, index + length)))),
  )
}

function isPassive(tokens: readonly Token[], index: number): boolean {
  return (
    /^(was|were|been|being|be|is|are|got)$/.test(tokens[index - 1]?.key ?? '') ||
    /^(was|were|been|being|be|is|are)$/.test(tokens[index - 2]?.key ?? '')
  )
}

const joinKeys = (tokens: readonly Token[]): string => tokens.map(({ key }) => key).join(' ')
