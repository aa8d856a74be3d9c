import type { TradeRule } from '../../words/dictionaries.ts'
import type { ReportedSpeech } from '../speech/detect-speech.ts'
import type { DetectedEvent } from './event.ts'
import type { ParticipantRole } from './participants/find-participants.ts'

const speakerTypes = new Set(['person', 'organisation', 'public-body', 'state', 'company'])
const score = 0.6

/** The statement of an actor, or the report of a medium. Null for documents, and for actors that make no statements. */
export function createStatement(speech: ReportedSpeech): DetectedEvent | null {
  const { sentence, start, end, voice, verb, verbStart, mention, isReporting } = speech
  if (!voice.entity || !mention) return null
  const type = voice.entity.type ?? 'person'
  if (isReporting ? type !== 'publisher' : !speakerTypes.has(type)) return null
  const role: ParticipantRole = isReporting ? 'reporter' : 'speaker'
  return {
    rule: createRule(isReporting ? 'report' : 'statement', role),
    trigger: verb,
    triggerStart: verbStart,
    sentence,
    start,
    end,
    participants: [{ entity: voice.entity, role, start: mention.start, end: mention.end }],
    date: null,
    goods: [],
    reasons: [`"${verb}" is next to ${voice.entity.name}`],
    score,
  }
}

function createRule(type: TradeRule['type'], agent: ParticipantRole): TradeRule {
  return { type, agent, agentAfterBy: false, directRequired: false }
}
