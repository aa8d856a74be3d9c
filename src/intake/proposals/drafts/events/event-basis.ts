import type { CitationInput } from '../../../../records/model/schema.ts'
import { type EventGroup, pickNarrowestDate } from '../../event-groups.ts'
import type {
  DetectedDate,
  DetectedEvent,
  Entity,
  ParticipantRole,
  TextRange,
} from '../../reading/detection.ts'
import { createCitation } from '../citations.ts'
import { type DraftContext, listNeeds } from '../draft-context.ts'
import { createTitle } from './titles.ts'
import { referToVoices, type Voices } from './voices.ts'

/** One event, from the passages that describe it. */
export type EventBasis = {
  group: EventGroup
  /** The passage that says most. */
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
  const [first] = group
  const [main = first] = group.toSorted((a, b) => countFacts(b) - countFacts(a))
  return {
    group,
    main,
    identities: group.map((event) => createIdentity(event, context)),
    passages: group.map(({ start, end }) => ({ start, end })),
    title: createTitle(main),
    date: pickNarrowestDate(group),
    voices: referToVoices(main.voices),
  }
}

/** How much a passage says: participants first, then goods, destination, numbers. */
function countFacts(event: DetectedEvent): number {
  const { participants, destination, exporter, quantity, value, permitNumber, goods } = event
  const others = [destination, exporter, quantity, value, permitNumber, goods[0]]
  return participants.length * 10 + others.filter(Boolean).length
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

/** The sentence, the trigger and its number in the sentence: the same in every run. */
function createIdentity(
  { type, becomes, sentence, trigger, triggerStart }: DetectedEvent,
  { article, detection }: DraftContext,
): string {
  const { start = 0, end = 0 } = detection.sentences[sentence] ?? {}
  const occurrence = article.body.slice(start, triggerStart).split(trigger).length
  const text = article.body.slice(start, end)
  return `event|${type}|${becomes ?? ''}|${text}|${trigger}|${occurrence}`
}
