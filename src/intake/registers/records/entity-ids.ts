import type { Db } from '../../../database/database.ts'
import type { RecordDraft } from '../mapping/records/drafts.ts'
import { findGoneRecords } from '../queries.ts'
import type { AnyDrafted, EntityIds } from './drafted.ts'

/**
 * Applies the merges and retractions of others up to this revision to the known ids: the target takes the place of a merged
 * record, and a retracted one is removed. Call it under the lock of the ledger.
 */
export async function refreshEntityIds(db: Db, entityIds: EntityIds, until: bigint): Promise<void> {
  const gone = await findGoneRecords(db, entityIds.revision, until)
  entityIds.revision = until
  if (gone.length === 0) return
  const successors = new Map(gone.map(({ id, into }) => [id, into]))
  for (const names of [entityIds.actors, entityIds.goods])
    for (const [slug, id] of names) {
      const into = successors.get(id)
      if (into === undefined) continue
      entityIds.version += 1
      if (into === null) names.delete(slug)
      else names.set(slug, into)
    }
}

/** Why a row is rejected that names an unknown actor or good; null if all are known. */
export function findMissingEntity(
  draft: Pick<RecordDraft, 'mentions' | 'goods'>,
  entityIds: Pick<EntityIds, 'actors' | 'goods'>,
  isGone: (slug: string) => boolean,
): { column: string; reason: string } | null {
  for (const { field, actor } of draft.mentions) {
    if (entityIds.actors.has(actor.slug)) continue
    if (isGone(actor.slug))
      return { column: field, reason: `the actor ${actor.slug} was retracted` }
    if (actor.input === null)
      return { column: field, reason: `there is no actor ${actor.slug}, here or in the map` }
  }
  for (const { slug } of draft.goods)
    if (isGone(slug) && !entityIds.goods.has(slug))
      return { column: 'goods', reason: `the good ${slug} was retracted` }
  return null
}

/** Rows that name something that was retracted after it was looked up. */
export function findOrphanedRows(
  rows: readonly AnyDrafted[],
  entityIds: EntityIds,
): Map<AnyDrafted, { column: string; reason: string }> {
  const found = new Map<AnyDrafted, { column: string; reason: string }>()
  for (const row of rows) {
    const missing = findMissingEntity(row.draft, entityIds, () => true)
    if (missing !== null) found.set(row, missing)
  }
  return found
}
