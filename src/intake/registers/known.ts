import type { Db } from '../../database/database.ts'
import type { DraftedRow, Known } from './new-permits.ts'
import { goneSince } from './queries.ts'
import { actorFields, type Draft } from './table/draft.ts'

/**
 * Follows what others did to the actors and goods that are known, up to this revision: one that was merged is the other
 * from now on, one that was retracted is known no more. Call it when nobody else can write.
 */
export async function catchUp(db: Db, known: Known, until: bigint): Promise<void> {
  const gone = await goneSince(db, known.until, until)
  known.until = until
  if (gone.length === 0) return
  const now = new Map(gone.map(({ id, into }) => [id, into]))
  for (const names of [known.actors, known.goods])
    for (const [slug, id] of names) {
      const into = now.get(id)
      if (into === undefined) continue
      known.changes += 1
      if (into === null) names.delete(slug)
      else names.set(slug, into)
    }
}

/** Why a row is not taken that names an actor or good which is not known; null: all are. */
export function strangerIn(
  draft: Draft,
  known: Pick<Known, 'actors' | 'goods'>,
  isGone: (slug: string) => boolean,
): { column: string; reason: string } | null {
  for (const field of actorFields) {
    const actor = draft.actors[field]
    if (actor === null || known.actors.has(actor.slug)) continue
    if (isGone(actor.slug))
      return { column: field, reason: `the actor ${actor.slug} was retracted` }
    if (actor.input === null)
      return { column: field, reason: `there is no actor ${actor.slug}, here or in the map` }
  }
  if (draft.good !== null && isGone(draft.good.slug) && !known.goods.has(draft.good.slug))
    return { column: 'goods', reason: `the good ${draft.good.slug} was retracted` }
  return null
}

/** Rows of which something was retracted since they were looked up. */
export function orphaned(
  rows: readonly DraftedRow[],
  known: Known,
): Map<DraftedRow, { column: string; reason: string }> {
  const found = new Map<DraftedRow, { column: string; reason: string }>()
  for (const row of rows) {
    const stranger = strangerIn(row.draft, known, () => true)
    if (stranger !== null) found.set(row, stranger)
  }
  return found
}
