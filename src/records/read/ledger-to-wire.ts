import { kinds } from '../kinds/all-kinds.ts'
import { findConflicts, type RecordWithCitations } from '../model/conflicts.ts'
import { buildHref, type Kind } from '../model/schema.ts'
import { type RecordSnapshot, type ReferenceLookup, snapshotToWire } from '../model/snapshots.ts'

/** The snapshot of a live record. */
export type LiveSnapshot = { kind: Kind; snapshot: RecordSnapshot }

/** Distinct ids of the records and slugs of the places that these snapshots refer to. */
export function collectReferencedKeys(documents: readonly LiveSnapshot[]): {
  ids: string[]
  slugs: string[]
} {
  const ids = new Set<string>()
  const slugs = new Set<string>()
  for (const { kind, snapshot: document } of documents)
    snapshotToWire(kinds[kind].recordSchema, document, {
      reference: (id) => ids.add(id),
      place: (slug) => slugs.add(slug),
    })
  return { ids: [...ids], slugs: [...slugs] }
}

/** The single record of a snapshot, with the members that follow from others. */
export function buildWireRecord(
  { kind, snapshot: document }: LiveSnapshot,
  expansion: ReferenceLookup,
): Record<string, unknown> {
  const {
    id,
    slug,
    revision,
    kind: recordKind,
    citations,
    ...otherMembers
  } = snapshotToWire(kinds[kind].recordSchema, document, expansion)
  const record = {
    id,
    kind: recordKind,
    slug,
    revision,
    href: buildHref(kind, String(slug)),
    ...otherMembers,
  }
  const conflicts = findConflicts({ ...record, citations } as RecordWithCitations)
  return { ...record, conflicts, citations }
}
