import type { Db } from '../../../database/database.ts'
import { updateRows } from '../../../database/row-writer.ts'
import { eventFields } from '../../../records/kinds/events/fields.ts'
import { figureFields } from '../../../records/kinds/figures/fields.ts'
import { BulkRecords } from '../../../records/write/bulk-records.ts'
import type { BulkWrite, BulkWriter } from '../../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../../records/write/commit.ts'
import { findImportedRecords, type ImportedRecord } from '../queries.ts'
import type { DraftedRecord, EntityIds, Release } from '../records/drafted.ts'
import { findMissingEntity } from '../records/entity-ids.ts'
import { buildEventValues, buildFigureValues, isEvent, isFigure } from '../records/new-records.ts'
import { createRowCitation } from '../store-article.ts'
import type { RowRejection } from './change-permits.ts'
import {
  copyRowsAndSettle,
  deleteEventLists,
  findNextPosition,
  removeCitations,
  renameRecords,
  restoreRecords,
} from './queries.ts'

type BuildWrite = Parameters<BulkWriter['write']>[1]

export type RecordChangeContext = {
  release: Release
  known: EntityIds
  write(build: BuildWrite): Promise<void>
}

/**
 * Writes events and figures of which the rows are different, as one revision. They get the values of the new rows and cite
 * them. Citations of other articles stay.
 */
export async function changeRecords(
  { release, known, write }: RecordChangeContext,
  drafted: readonly DraftedRecord[],
  onDone: (record: DraftedRecord, outcome: 'changed' | RowRejection) => void,
): Promise<void> {
  if (drafted.length === 0) return
  const outcomes = new Map<DraftedRecord, 'changed' | RowRejection>()
  await write(async ({ number }, db, client) => {
    const names = drafted.map(({ draft }) => draft)
    const stored = await findImportedRecords(db, release.register, names)
    const changes: StoredChange[] = []
    for (const one of drafted) {
      const record = stored.get(`${one.draft.kind} ${one.draft.slug}`)
      const missing = findMissingEntity(one.draft, known, () => true)
      if (record !== undefined && missing === null) changes.push({ record, drafted: one })
      outcomes.set(one, missing ?? 'changed')
    }
    return changes.length === 0
      ? null
      : await writeChanges(db, client, changes, { release, known }, number + 1n)
  })
  for (const one of drafted) onDone(one, outcomes.get(one) ?? 'changed')
}

type StoredChange = { record: ImportedRecord; drafted: DraftedRecord }

async function writeChanges(
  db: Db,
  client: Parameters<BuildWrite>[2],
  changes: readonly StoredChange[],
  { release, known }: Pick<RecordChangeContext, 'release' | 'known'>,
  revision: bigint,
): Promise<BulkWrite> {
  const ids = changes.map(({ record }) => record.id)
  await restoreRecords(db, ids)
  await removeCitations(
    db,
    changes.flatMap(({ record }) => record.rows.map(({ citation }) => citation)),
  )
  const records = new BulkRecords(revision)
  const figures: (object & { id: string })[] = []
  const events: (object & { id: string })[] = []
  const titles: string[] = []
  for (const { record, drafted } of changes) {
    const { id } = record
    titles.push(drafted.draft.title)
    if (isFigure(drafted)) {
      const values = buildFigureValues(drafted.draft, known)
      figures.push({ ...figureFields.buildRows(id, values).figure?.[0], id })
    } else if (isEvent(drafted)) {
      const values = buildEventValues(drafted.draft, known)
      events.push({ ...eventFields.buildRows(id, values).event?.[0], id })
      records.addList(eventFields, id, 'participants', values.participants, values)
      records.addList(eventFields, id, 'goods', values.goods, values)
      records.addList(eventFields, id, 'items', values.items, values)
    }
    const next = await findNextPosition(db, id)
    for (const [index, row] of drafted.rows.entries())
      records.addCitation(id, next + index, createRowCitation(release.articleId, row))
  }
  await deleteEventLists(
    db,
    events.map(({ id }) => id),
  )
  await updateRows(db, 'figure', figures)
  await updateRows(db, 'event', events)
  await renameRecords(db, ids, titles)
  await copyRowsAndSettle(db, client, records.toBatches(), [])
  const changedRecords: ChangedRecords = new Map()
  for (const { record } of changes)
    changedRecords.set(record.id, { kind: record.kind, change: 'update' })
  return { tables: [], snapshots: records.snapshots, changedRecords }
}
