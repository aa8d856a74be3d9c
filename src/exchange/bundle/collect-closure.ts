import type { DatabaseSnapshot, Db } from '../../database/database.ts'
import { Kind } from '../../records/model/schema.ts'
import { findRelatedRecordIds, streamStoredRecords } from './queries.ts'
import { collectDependencies } from './record-lines.ts'

/** What a bundle has: the ids of its records by kind, in the order of kinds and ids, and what is sent before them. */
type Closure = {
  idsByKind: ReadonlyMap<Kind, readonly string[]>
  /** Slugs, sorted. */
  places: string[]
  caseHead: { slug: string; title: string }
}

/**
 * The closure of the records of the case: all records to which they and their citations refer, the events that change their
 * permits and measures, and the records that were merged into one of them.
 */
export async function collectClosure(
  db: Db,
  snapshot: DatabaseSnapshot,
  caseId: string,
  caseRecordIds: readonly string[],
): Promise<Closure> {
  const seen = new Set<string>()
  const idsByKind = new Map<Kind, string[]>(Kind.options.map((kind) => [kind, []]))
  const places = new Set<string>()
  const caseHead = { slug: '', title: '' }
  let ids = caseRecordIds
  while (ids.length > 0) {
    const nextIds = await findRelatedRecordIds(db, snapshot, ids)
    for await (const batch of streamStoredRecords(db, snapshot, ids))
      for (const stored of batch) {
        seen.add(stored.id)
        idsByKind.get(stored.kind)?.push(stored.id)
        if (stored.id === caseId) {
          caseHead.slug = stored.snapshot.slug
          caseHead.title = String(stored.snapshot.title)
        }
        const dependencies = collectDependencies(stored)
        for (const id of dependencies.ids) nextIds.add(id)
        for (const slug of dependencies.places) places.add(slug)
      }
    ids = [...nextIds].filter((id) => !seen.has(id))
  }
  for (const kindIds of idsByKind.values()) kindIds.sort()
  return { idsByKind, places: [...places].sort(), caseHead }
}
