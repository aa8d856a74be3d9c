import type { TradeRule } from '../../../words/dictionaries.ts'
import type { Token } from '../../../words/sentences.ts'
import type { Mention } from '../../actors/mentions.ts'
import type { Trigger } from '../trigger.ts'

type TargetRule = NonNullable<TradeRule['to']>

/** Most tokens between a preposition and the target: `to the Turkish drone-maker Baykar`. */
const targetDistanceMax = 4
const targetBorders = /^([,;]|in|on|over|under|against)$/

/** The actor directly after the verb, or one word later: `pressed Ottawa`. */
export function findDirectObject(
  tokens: readonly Token[],
  { to, clause }: Trigger,
  actors: readonly Mention[],
): Mention | undefined {
  const next = actors.find(({ from, how }) => from >= to && how !== 'adjective')
  const isNear = next !== undefined && next.from - to <= 1 && next.from < clause.to
  return isNear && !/^(to|by|in|from|on|for|at)$/.test(tokens[to]?.key ?? '') ? next : undefined
}

/** The first actor of a given type after one of the prepositions: `permits to Baykar`. */
export function findTarget(
  rule: TargetRule,
  tokens: readonly Token[],
  { to, clause }: Trigger,
  actors: readonly Mention[],
): Mention | undefined {
  return actors.find(
    ({ from, entity, how }) =>
      from >= to &&
      from < clause.to &&
      rule.types.includes(entity.type ?? 'state') &&
      (how !== 'adjective' || entity.type === 'state') &&
      followsTargetPreposition(rule, tokens, { from: to, to: from }),
  )
}

function followsTargetPreposition(
  { after }: TargetRule,
  tokens: readonly Token[],
  { from, to }: { from: number; to: number },
): boolean {
  const words = tokens.slice(from, to)
  const preposition = words.findLastIndex(({ key }) => after.has(key))
  if (preposition === -1) return false
  const between = words.slice(preposition + 1)
  return (
    between.length <= targetDistanceMax && !between.some(({ text }) => targetBorders.test(text))
  )
}
