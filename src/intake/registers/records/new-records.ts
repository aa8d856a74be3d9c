import { newId } from '../../../database/new-id.ts'
import { eventFields } from '../../../records/kinds/events/fields.ts'
import { figureFields } from '../../../records/kinds/figures/fields.ts'
import type { BulkRecords } from '../../../records/write/bulk-records.ts'
import type { EventDraft, FigureDraft, RecordDraft } from '../mapping/records/drafts.ts'
import { createRowCitation } from '../store-article.ts'
import {
  type Drafted,
  type DraftedRecord,
  type EntityIds,
  findActorId,
  type Release,
} from './drafted.ts'

/** Events and figures of rows. */

export const isRecord = (drafted: Drafted<RecordDraft>): drafted is DraftedRecord =>
  drafted.draft.kind !== 'permit'

export const isEvent = (drafted: DraftedRecord): drafted is Drafted<EventDraft> =>
  drafted.draft.kind === 'event'

export const isFigure = (drafted: DraftedRecord): drafted is Drafted<FigureDraft> =>
  drafted.draft.kind === 'figure'

/** Adds a new event or figure. */
export function addRecord(
  records: BulkRecords,
  drafted: DraftedRecord,
  entityIds: EntityIds,
  { articleId }: Release,
): void {
  const { slug } = drafted.draft
  const citations = drafted.rows.map((row) => createRowCitation(articleId, row))
  const base = { id: newId(), slug, citations }
  if (isEvent(drafted))
    records.add(eventFields, { ...base, values: buildEventValues(drafted.draft, entityIds) })
  else if (isFigure(drafted))
    records.add(figureFields, { ...base, values: buildFigureValues(drafted.draft, entityIds) })
}

export function buildEventValues(draft: EventDraft, entityIds: EntityIds) {
  const items = draft.items.map((item) => ({ ...item, good: entityIds.goods.get(item.good) ?? '' }))
  return {
    type: draft.type,
    title: draft.title,
    on: draft.on,
    description: draft.description,
    participants: draft.participants.map(({ actor, role }) => ({
      actor: findActorId(entityIds, actor) ?? '',
      role,
    })),
    goods: [...new Set(items.map(({ good }) => good))],
    items,
  }
}

export function buildFigureValues(draft: FigureDraft, entityIds: EntityIds) {
  const { title, measure, quantity, unit, value, category, period, scope } = draft
  return {
    title,
    measure,
    quantity,
    unit,
    value,
    from: findActorId(entityIds, draft.from),
    to: findActorId(entityIds, draft.to),
    good: draft.good === null ? null : (entityIds.goods.get(draft.good) ?? null),
    controlEntries: [...draft.controlEntries],
    category,
    period,
    scope,
  }
}
