import type { DetectedEvent } from '../../detect/events/event.ts'
import type { Quantity } from '../../detect/goods/quantities.ts'
import type { Entity } from '../../words/lexicon.ts'
import { createDraft } from '../draft.ts'
import { createSlug, type DraftContext, listNeeds, referTo } from '../draft-context.ts'
import { type EffectDraft, slugLengthMax } from './effect.ts'
import {
  citeMain,
  type EventBasis,
  findParticipant,
  formatTitle,
  listEventNeeds,
} from './event-basis.ts'

type PermitItem = Quantity & { good: Entity }

/** The permit that an event issues. Null for other events, and where the issuer is not known. */
export function draftPermit(basis: EventBasis, context: DraftContext): EffectDraft | null {
  const { main, title, identities, passages } = basis
  const issuer = findParticipant(basis, 'issuer')
  if (main.rule.type !== 'permit-decision' || main.rule.becomes !== 'issued' || !issuer) return null
  const consignee = findParticipant(basis, 'consignee')
  const destination = findDestination(main, issuer, context)
  const items = findItems(main, context)
  const slug = createSlug(`permit ${title}`).slice(0, slugLengthMax)
  const fields = [
    'title',
    'issuer',
    ...(consignee ? ['consignee'] : []),
    ...(destination ? ['destination'] : []),
    ...items.map((_, index) => `items.${index}`),
  ]
  const draft = createDraft({
    kind: 'permit',
    identities: identities.map((identity) => `permit|${identity}`),
    record: {
      slug,
      title: formatTitle(`Permit: ${title}`),
      number: null,
      issuer: referTo(issuer),
      exporter: null,
      consignee: consignee ? referTo(consignee) : null,
      endUser: null,
      destination: destination ? referTo(destination) : null,
      items: items.map(({ good, value, unit }) => ({ good: referTo(good), quantity: value, unit })),
      legalBasis: null,
      exceptionRelied: null,
      statedEndUse: null,
      restrictions: null,
      citations: fields.map((field) => citeMain(basis, field, context)),
    },
    passages,
    score: main.score,
    reasons: main.reasons,
    needs: [
      ...listEventNeeds(basis, [], context),
      ...listNeeds(
        [...items.map(({ good }) => good), ...(destination ? [destination] : [])],
        context,
      ),
    ],
  })
  return { draft, effect: { permit: slug, becomes: 'issued' } }
}

/** Quantities of named goods in the passage. */
function findItems(
  { sentence, start, end }: DetectedEvent,
  { detection }: DraftContext,
): PermitItem[] {
  return detection.quantities.flatMap((quantity) => {
    const { good } = quantity
    const isInPassage =
      quantity.sentence === sentence && quantity.start >= start && quantity.end <= end
    return good && isInPassage ? [{ ...quantity, good }] : []
  })
}

/** The first state after "to" or "for" in the passage. */
function findDestination(
  { sentence, start, end }: DetectedEvent,
  issuer: Entity,
  { article, detection }: DraftContext,
): Entity | null {
  const mention = detection.mentions.find(
    (one) =>
      one.sentence === sentence &&
      one.start > start &&
      one.end <= end &&
      one.entity.type === 'state' &&
      one.entity !== issuer &&
      one.how !== 'adjective' &&
      one.how !== 'people' &&
      /\b(to|for) (the )?$/i.test(article.body.slice(Math.max(0, one.start - 9), one.start)),
  )
  return mention?.entity ?? null
}
