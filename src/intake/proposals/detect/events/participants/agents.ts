import type { TradeRule } from '../../../words/dictionaries.ts'
import type { Token } from '../../../words/sentences.ts'
import type { Mention } from '../../actors/mentions.ts'
import { isClauseBorder, type Trigger } from '../trigger.ts'

/** Distances in tokens. */
const agentBeforeMax = 20
const agentAfterMax = 12
const ownerDistanceMax = 4

/** With one of these words an adjective names who acts: `the Turkish government`. */
const governmentWords = /^(government|authorities|officials|ministry|army|forces|military)$/
const prepositions = /^(in|from|to|of|against|on|over|into|for|with|at)$/
const ownerPrepositions = /^(from|by|of)$/

/** Who does what the verb says. */
export type Agent = { mention: Mention; isAfterBy: boolean }

/** The actor after "by", else the nearest one before an active verb. */
export function findAgent(
  rule: TradeRule,
  tokens: readonly Token[],
  trigger: Trigger,
  actors: readonly Mention[],
): Agent | null {
  const afterBy = findActorAfterBy(tokens, trigger, actors)
  if (afterBy && canAct(afterBy, rule, tokens)) return { mention: afterBy, isAfterBy: true }
  if (rule.agentAfterBy || trigger.isPassive) return null
  const candidates = actors.filter((actor) => canAct(actor, rule, tokens))
  const before = findActorBefore(tokens, trigger, candidates)
  return before ? { mention: before, isAfterBy: false } : null
}

/** Whose noun it is: `the committee's inquiry`, else `assurances from Ankara`. */
export function findOwner(
  tokens: readonly Token[],
  { from: noun }: Trigger,
  actors: readonly Mention[],
): Mention | undefined {
  const before = actors.find(
    ({ to, entity }) =>
      to === noun && (tokens[to - 1]?.isPossessive || entity.type === 'public-body'),
  )
  return before ?? actors.find(({ from }) => isOwnerAfter(tokens, noun, from))
}

function isOwnerAfter(tokens: readonly Token[], noun: number, from: number): boolean {
  if (from <= noun) return false
  const hasArticle = tokens[from - 1]?.key === 'the'
  const preposition = hasArticle ? from - 2 : from - 1
  return (
    ownerPrepositions.test(tokens[preposition]?.key ?? '') &&
    from - noun <= (hasArticle ? ownerDistanceMax + 1 : ownerDistanceMax)
  )
}

function canAct(
  { entity, how, to }: Mention,
  { agentTypes }: TradeRule,
  tokens: readonly Token[],
): boolean {
  if (agentTypes && !agentTypes.includes(entity.type ?? 'state')) return false
  if (how === 'adjective') return governmentWords.test(tokens[to]?.key ?? '')
  return how !== 'people'
}

/** The first actor that follows "by" with at most two words between them. */
function findActorAfterBy(
  tokens: readonly Token[],
  { to, clause }: Trigger,
  actors: readonly Mention[],
): Mention | undefined {
  return actors.find(
    ({ from }) =>
      from >= to &&
      from < clause.to &&
      from - to <= agentAfterMax &&
      [1, 2, 3].some(
        (back) =>
          tokens[from - back]?.key === 'by' &&
          tokens.slice(from - back + 1, from).every(({ isWord }) => isWord),
      ),
  )
}

/** The nearest actor before a verb in the same clause. What follows a preposition does not act, persons excepted. */
function findActorBefore(
  tokens: readonly Token[],
  { from: verb }: Trigger,
  actors: readonly Mention[],
): Mention | undefined {
  return actors
    .filter(({ to }) => to <= verb && verb - to <= agentBeforeMax)
    .filter(({ from, entity }) => entity.type === 'person' || !followsPreposition(tokens, from))
    .findLast(({ to }) => !tokens.slice(to, verb).some(isClauseBorder))
}

/** `in Karabakh`, `from the Turkish government`. */
function followsPreposition(tokens: readonly Token[], from: number): boolean {
  const at = tokens[from - 1]?.key === 'the' ? from - 2 : from - 1
  return prepositions.test(tokens[at]?.key ?? '')
}
