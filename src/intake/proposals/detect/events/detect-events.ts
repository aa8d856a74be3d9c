import type { Dictionaries, TradeRule } from '../../words/dictionaries.ts'
import type { Mention } from '../actors/mentions.ts'
import type { DetectedDate } from '../dates/detect-dates.ts'
import type { GoodMention } from '../goods/detect-goods.ts'
import type { SentenceText } from '../sentence-text.ts'
import type { ReportedSpeech } from '../speech/detect-speech.ts'
import { isAsserted } from './assertion.ts'
import type { DetectedEvent } from './event.ts'
import { findEventDate } from './event-dates.ts'
import { findEventPassage } from './event-passage.ts'
import { findParticipants, type Participant } from './participants/find-participants.ts'
import { createStatement } from './statements.ts'
import { findSubject, findTrigger, hasObject } from './trigger.ts'

/** What was found in the article before. */
export type EventSources = {
  mentions: readonly Mention[]
  goods: readonly GoodMention[]
  dates: readonly DetectedDate[]
  speech: readonly ReportedSpeech[]
}

/** What one sentence gives an event. */
type SentenceSources = {
  sentence: SentenceText
  actors: readonly Mention[]
  goods: readonly GoodMention[]
  dates: readonly DetectedDate[]
}

/** Finds events by the words of dictionaries/trade.yaml, and statements. They are in text order. */
export function detectEvents(
  sentences: readonly SentenceText[],
  sources: EventSources,
  { trade }: Dictionaries,
): DetectedEvent[] {
  const rules = indexRules(trade)
  const actors = Map.groupBy(sources.mentions.filter(canTakePart), ({ sentence }) => sentence)
  const goods = Map.groupBy(sources.goods, ({ sentence }) => sentence)
  const events = sentences.flatMap((sentence) =>
    findEvents(rules, {
      sentence,
      actors: actors.get(sentence.number) ?? [],
      goods: goods.get(sentence.number) ?? [],
      dates: sources.dates,
    }),
  )
  const statements = sources.speech.flatMap((speech) => createStatement(speech) ?? [])
  return [...events, ...statements].sort((a, b) => a.triggerStart - b.triggerStart)
}

/** Rules by the first word of each of their verbs and nouns. */
function indexRules(rules: readonly TradeRule[]): ReadonlyMap<string, TradeRule[]> {
  const entries = rules.flatMap((rule) =>
    [...(rule.verbs ?? []), ...(rule.nouns ?? [])].map((phrase) => ({
      word: phrase.split(' ')[0] ?? '',
      rule,
    })),
  )
  const byWord = Map.groupBy(entries, ({ word }) => word)
  return new Map(
    [...byWord].map(([word, ofWord]) => [word, [...new Set(ofWord.map(({ rule }) => rule))]]),
  )
}

const canTakePart = ({ isAside, entity }: Mention): boolean => !isAside && entity.kind === 'actor'

/** At most one event for each word: the first rule that fits. */
function findEvents(
  rules: ReadonlyMap<string, TradeRule[]>,
  sources: SentenceSources,
): DetectedEvent[] {
  return sources.sentence.tokens.flatMap((token, index) => {
    if (!token.isWord) return []
    for (const rule of rules.get(token.key) ?? []) {
      const event = applyRule(rule, sources, index)
      if (event) return [event]
    }
    return []
  })
}

function applyRule(
  rule: TradeRule,
  { sentence, actors, goods, dates }: SentenceSources,
  index: number,
): DetectedEvent | null {
  const { body, number, tokens } = sentence
  const trigger = findTrigger(rule, tokens, index)
  if (!trigger || !hasObject(rule, tokens, trigger) || !isAsserted(tokens, trigger)) return null
  const subject = findSubject(rule, tokens, trigger)
  if (rule.subject && !subject) return null
  const found = findParticipants(rule, tokens, trigger, actors)
  if (!found) return null
  const { participants, reasons } = found
  const triggerStart = tokens[trigger.from]?.start ?? sentence.start
  const words = body.slice(triggerStart, tokens[trigger.to - 1]?.end)
  const passage = findEventPassage(sentence, trigger, participants, subject)
  const date = findEventDate(rule.type, dates, sentence, passage, triggerStart)
  return {
    rule,
    trigger: words,
    triggerStart,
    sentence: number,
    ...passage,
    participants,
    date,
    goods: [...new Set(goods.map(({ entity }) => entity))],
    reasons: [`"${words}" means ${rule.type}`, ...reasons],
    score: scoreEvent(participants, date),
  }
}

/** 0.4, 0.2 more for each participant and 0.1 more for a date; at most 1. */
function scoreEvent(participants: readonly Participant[], date: DetectedDate | null): number {
  const score = Math.min(1, 0.4 + 0.2 * participants.length + (date ? 0.1 : 0))
  return Math.round(score * 100) / 100
}
