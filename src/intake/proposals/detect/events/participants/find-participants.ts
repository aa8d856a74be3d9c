import type { TradeRule } from '../../../words/dictionaries.ts'
import type { Entity } from '../../../words/lexicon.ts'
import type { Token } from '../../../words/sentences.ts'
import type { Mention } from '../../actors/mentions.ts'
import type { Trigger } from '../trigger.ts'
import { findAgent, findOwner } from './agents.ts'
import { findDirectObject, findTarget } from './objects.ts'

export type ParticipantRole = NonNullable<TradeRule['agent']>

/** An actor of an event. Offsets are those of the mention. */
export type Participant = {
  entity: Entity
  role: ParticipantRole
  start: number
  end: number
}

type Candidate = {
  mention: Mention | undefined
  role: ParticipantRole | undefined
  reason: string
}

/** The participants that a rule names, with a reason for each. Null where one that the rule requires is missing. */
export function findParticipants(
  rule: TradeRule,
  tokens: readonly Token[],
  trigger: Trigger,
  actors: readonly Mention[],
): { participants: Participant[]; reasons: string[] } | null {
  const first = trigger.isNoun
    ? findOwnerCandidate(rule, tokens, trigger, actors)
    : findAgentCandidate(rule, tokens, trigger, actors)
  const direct = findDirectObject(tokens, trigger, actors)
  const target = rule.to && findTarget(rule.to, tokens, trigger, actors)
  if (trigger.isNoun && !first.mention) return null
  if (rule.directRequired && !direct) return null
  if (rule.needs === 'to' && !target) return null
  const verb = tokens[trigger.to - 1]?.text
  const prepositions = [...(rule.to?.after ?? [])].join('/')
  return listParticipants([
    first,
    { mention: direct, role: rule.direct, reason: 'is after the verb' },
    { mention: target, role: rule.to?.role, reason: `is after "${verb} ... ${prepositions}"` },
  ])
}

function findOwnerCandidate(
  rule: TradeRule,
  tokens: readonly Token[],
  trigger: Trigger,
  actors: readonly Mention[],
): Candidate {
  const owner = findOwner(tokens, trigger, actors)
  const isOfType = !rule.fromTypes || rule.fromTypes.includes(owner?.entity.type ?? 'state')
  return { mention: isOfType ? owner : undefined, role: rule.from, reason: 'it is theirs' }
}

function findAgentCandidate(
  rule: TradeRule,
  tokens: readonly Token[],
  trigger: Trigger,
  actors: readonly Mention[],
): Candidate {
  const agent = findAgent(rule, tokens, trigger, actors)
  const reason = agent?.isAfterBy ? 'is after "by"' : 'is before the verb'
  return { mention: agent?.mention, role: rule.agent, reason }
}

/** An actor keeps the first of its roles. */
function listParticipants(candidates: readonly Candidate[]): {
  participants: Participant[]
  reasons: string[]
} {
  const participants: Participant[] = []
  const reasons: string[] = []
  for (const { mention, role, reason } of candidates) {
    if (!mention || !role) continue
    const { entity, start, end } = mention
    if (participants.some((other) => other.entity === entity)) continue
    participants.push({ entity, role, start, end })
    reasons.push(`${entity.name} is ${role}: ${reason}`)
  }
  return { participants, reasons }
}
