import type { CitationInput } from '../../../../records/model/schema.ts'
import type { DetectedDate } from '../../detect/dates/detect-dates.ts'
import type { DetectedEvent } from '../../detect/events/event.ts'
import type { ParticipantRole } from '../../detect/events/participants/find-participants.ts'
import { type EventGroup, pickNarrowestDate } from '../../event-groups.ts'
import type { Entity } from '../../words/lexicon.ts'
import type { TextRange } from '../../words/sentences.ts'
import { createCitation } from '../citations.ts'
import { type DraftContext, listNeeds } from '../draft-context.ts'
import { findVoices, type Voices } from './voices.ts'

const titleLengthMax = 200

/** One event, from the passages that describe it. */
export type EventBasis = {
  group: EventGroup
  /** The passage with the most participants. */
  main: DetectedEvent
  /** One for each passage. */
  identities: string[]
  passages: TextRange[]
  title: string
  date: DetectedDate | null
  /** Who says what the main passage says. */
  voices: Voices
}

export function createBasis(group: EventGroup, context: DraftContext): EventBasis {
  const { body } = context.article
  const [first] = group
  const [main = first] = group.toSorted((a, b) => b.participants.length - a.participants.length)
  return {
    group,
    main,
    identities: group.map((event) => createIdentity(event, context)),
    passages: group.map(({ start, end }) => ({ start, end })),
    title: formatTitle(body.slice(main.start, main.end)),
    date: pickNarrowestDate(group),
    voices: findVoices(main, context),
  }
}

export function findParticipant({ main }: EventBasis, role: ParticipantRole): Entity | undefined {
  return main.participants.find((participant) => participant.role === role)?.entity
}

/** A citation of the main passage. */
export function citeMain(
  { main, voices }: EventBasis,
  field: string,
  { article }: DraftContext,
): CitationInput {
  return createCitation(article, main, field, voices.references)
}

/** Needs of the participants and the voices, and of further entities. */
export function listEventNeeds(
  { main, voices }: EventBasis,
  further: readonly Entity[],
  context: DraftContext,
): string[] {
  const participants = main.participants.map(({ entity }) => entity)
  return listNeeds([...participants, ...further, ...voices.actors], context)
}

/** With a capital, on one line, cut between words. */
export function formatTitle(words: string): string {
  const text = words.replaceAll(/\s+/g, ' ').trim()
  const title = text.charAt(0).toUpperCase() + text.slice(1)
  if (title.length <= titleLengthMax) return title
  return `${title.slice(0, title.lastIndexOf(' ', titleLengthMax - 2)).toWellFormed()} …`
}

/** The sentence, the trigger and its number in the sentence: the same in every run. */
function createIdentity(
  { rule, sentence, trigger, triggerStart }: DetectedEvent,
  { article, detection }: DraftContext,
): string {
  const { start = 0, end = 0 } = detection.sentences[sentence] ?? {}
  const occurrence = article.body.slice(start, triggerStart).split(trigger).length
  const text = article.body.slice(start, end)
  return `event|${rule.type}|${rule.becomes ?? ''}|${text}|${trigger}|${occurrence}`
}
