import type { CitationInput, StatedDateInput } from '../../../../records/model/schema.ts'
import { groupEvents } from '../../event-groups.ts'
import type { DetectedDate, DetectedEvent, Entity, TextRange } from '../../reading/detection.ts'
import { createCitation } from '../citations.ts'
import { createDraft, type Draft } from '../draft.ts'
import { type DraftContext, referTo } from '../draft-context.ts'
import type { EffectDraft } from './effect.ts'
import { citeMain, createBasis, type EventBasis, listEventNeeds } from './event-basis.ts'
import { draftMeasure } from './measures.ts'
import { draftPermits } from './permits.ts'
import { createEventSlug } from './slugs.ts'

/** Most citations of passages beside the main one. */
const otherCitationsMax = 3

/** Drafts of all events. The permit or measure that an event creates comes before it. */
export function draftEvents(context: DraftContext): Draft[] {
  const bases = groupEvents(context.detection.events).map((group) => createBasis(group, context))
  const permits = draftPermits(bases, context)
  const drafts = bases.flatMap((basis) => {
    const effect = permits.get(basis) ?? draftMeasure(basis, context)
    const event = draftEvent(basis, effect, context)
    return effect ? [effect.draft, event] : [event]
  })
  return [...new Set(drafts)]
}

function draftEvent(basis: EventBasis, effect: EffectDraft | null, context: DraftContext): Draft {
  const { group, main, title, date } = basis
  const { type } = main
  const goods = [...new Set(group.flatMap((event) => event.goods))]
  return createDraft({
    kind: 'event',
    identities: basis.identities,
    record: {
      slug: createEventSlug(title, date),
      type,
      title,
      on: stateDate(date),
      description: describeNumbers(main),
      place: null,
      participants: main.participants.map(({ entity, role }) => ({ actor: referTo(entity), role })),
      goods: goods.map(referTo),
      about: effect?.about ?? [],
      effects: effect?.effects ?? [],
      assurance: null,
      citations: citeEvent(basis, effect, goods, context),
    },
    passages: basis.passages,
    score: Math.max(...group.map(({ score }) => score)),
    reasons: listReasons(basis, effect),
    needs: [
      ...listEventNeeds(basis, goods, context),
      ...(effect && effect.draft.known === null ? effect.draft.identities.slice(0, 1) : []),
      ...(effect?.needs ?? []),
    ],
    type,
  })
}

function citeEvent(
  basis: EventBasis,
  effect: EffectDraft | null,
  goods: readonly Entity[],
  context: DraftContext,
): CitationInput[] {
  const { group, main, date, voices } = basis
  const fields = [
    'type',
    'title',
    ...(main.participants.length > 0 ? ['participants'] : []),
    ...(effect?.effects.length ? ['effects.0'] : []),
    ...(effect?.about.length ? ['about.0'] : []),
  ]
  const others = group.filter((event) => event !== main).slice(0, otherCitationsMax)
  const cite = (range: TextRange, field: string) =>
    createCitation(context.article, range, field, voices.references)
  return [
    ...fields.map((field) => citeMain(basis, field, context)),
    ...(date?.edtf ? [cite(citedDate(basis, date), 'on')] : []),
    ...goods.map((_, index) => citeMain(basis, `goods.${index}`, context)),
    ...others.map((event) => cite(event, 'type')),
  ]
}

function listReasons({ main, date }: EventBasis, effect: EffectDraft | null): string[] {
  const { becomes } = main
  const reasons = [...main.reasons]
  if (date?.reasoning && !reasons.includes(date.reasoning)) reasons.push(date.reasoning)
  if (main.place) reasons.push(`it is said to have been in ${main.place.name}: name the place`)
  if (becomes && effect && effect.effects.length === 0)
    reasons.push(`it says "${becomes}": add it to \`effects\` when the permit's issue is recorded`)
  if (becomes && !effect)
    reasons.push(`it says "${becomes}": name the permit or measure in \`effects\``)
  return reasons
}

function stateDate(date: DetectedDate | null): StatedDateInput | null {
  if (!date?.edtf) return null
  return { edtf: date.edtf, asStated: date.words, reasoning: date.reasoning }
}

/** The date with the passage that it belongs to. */
function citedDate({ group }: EventBasis, date: DetectedDate): TextRange {
  const event = group.find((one) => one.date === date)
  return {
    start: Math.min(date.start, event?.start ?? date.start),
    end: Math.max(date.end, event?.end ?? date.end),
  }
}

/** Numbers of an event for which a record has no field, in a sentence each. Null where there are none. */
function describeNumbers({
  type,
  permitCount,
  permitNumber,
  value,
  becomes,
}: DetectedEvent): string | null {
  const parts: string[] = []
  if (permitCount !== null && permitCount > 1) parts.push(`${permitCount} permits.`)
  // A permit that is issued has its own draft with number and value.
  const hasPermitDraft = type === 'permit-decision' && becomes === 'issued'
  if (permitNumber && !hasPermitDraft) parts.push(`Permit number: ${permitNumber}.`)
  if (value && !hasPermitDraft) parts.push(`Value: ${value.text.trim()}.`)
  return parts.length > 0 ? parts.join(' ') : null
}
