import type { z } from 'zod'
import type { EventType, ParticipantRole } from '../../../../records/kinds/events/schema.ts'
import type { FigureMeasure } from '../../../../records/kinds/figures/schema.ts'
import type { PermitPartyRole, PermitType } from '../../../../records/kinds/permits/schema.ts'
import type { MoneyValue, QuantityValue } from '../../../../records/model/amounts.ts'
import type { ResolvedDate } from '../../../../records/model/references.ts'
import type { ActorReference, OpenCell } from '../cells/actor-reader.ts'
import type { ControlEntry } from '../cells/text-reader.ts'
import type { Outcome } from './schema.ts'

/** Records that rows describe. Actors and goods are named by slug: the importer knows their ids. */

export type GoodReference = { slug: string; designation: string }

/** What all drafts have. */
type DraftBase = {
  key: string
  slug: string
  title: string
  /** All actors that it names, each with its field. */
  mentions: { field: string; actor: ActorReference }[]
  /** All goods that it names. */
  goods: GoodReference[]
  leftOpen: OpenCell[]
}

/** What was decided about a permit, and when. */
export type DecisionDraft = { becomes: Outcome; on: ResolvedDate | null }

export type ItemDraft = {
  good: string
  quantity: QuantityValue | null
  unit: string | null
  controlEntries: readonly ControlEntry[]
  value: MoneyValue | null
}

/** The fields of a permit that name one actor. */
export const actorFields = [
  'issuer',
  'exporter',
  'consignee',
  'endUser',
  'destination',
  'endDestination',
] as const
export type ActorField = (typeof actorFields)[number]

export type PermitDraft = DraftBase & {
  kind: 'permit'
  type: z.infer<typeof PermitType> | null
  number: string | null
  actors: Record<ActorField, ActorReference | null>
  /** Several destinations; a single one is in `actors`. */
  destinations: readonly ActorReference[]
  parties: readonly { actor: ActorReference; role: z.infer<typeof PermitPartyRole> }[]
  permitCount: QuantityValue | null
  items: readonly ItemDraft[]
  value: MoneyValue | null
  validUntil: ResolvedDate | null
  statedEndUse: string | null
  legalBasis: string | null
  exceptionRelied: string | null
  restrictions: string | null
  /** In the order of time. */
  decisions: readonly DecisionDraft[]
}

/** A single destination stands in `actors`. */
export function setDestinations(
  draft: PermitDraft,
  destinations: PermitDraft['destinations'],
): void {
  const [first = null] = destinations
  draft.actors.destination = destinations.length === 1 ? first : null
  draft.destinations = destinations.length > 1 ? destinations : []
}

export type EventDraft = DraftBase & {
  kind: 'event'
  type: z.infer<typeof EventType>
  on: ResolvedDate | null
  description: string | null
  participants: readonly { actor: ActorReference; role: z.infer<typeof ParticipantRole> }[]
  items: readonly Omit<ItemDraft, 'controlEntries'>[]
}

export type FigureDraft = DraftBase & {
  kind: 'figure'
  measure: z.infer<typeof FigureMeasure>
  quantity: QuantityValue | null
  unit: string | null
  value: MoneyValue | null
  from: ActorReference | null
  to: ActorReference | null
  good: string | null
  controlEntries: readonly ControlEntry[]
  category: string | null
  period: ResolvedDate | null
  scope: string | null
}

export type RecordDraft = PermitDraft | EventDraft | FigureDraft
