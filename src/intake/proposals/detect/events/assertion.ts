import type { Token } from '../../words/sentences.ts'
import type { Trigger } from './trigger.ts'

/** Whether a sentence says that something happened, and not that it did not, or that it may. */

const negationWithin = 3
const negation = /^(not|never|didn't|didn’t|without)$/
const possibility = /^(would|could|may|might|should|if)$/
/** "decided to lift" is a decision; "urged Brazil to lift" and "plans to lift" are none. */
const decision = /^(decided|chose|agreed|voted|moved|managed)$/

export function isAsserted(tokens: readonly Token[], { from, isNoun }: Trigger): boolean {
  const before = tokens.slice(Math.max(0, from - negationWithin), from)
  if (before.some(({ key }) => negation.test(key) || possibility.test(key))) return false
  const isInfinitive = !isNoun && tokens[from - 1]?.key === 'to'
  return !isInfinitive || decision.test(tokens[from - 2]?.key ?? '')
}
