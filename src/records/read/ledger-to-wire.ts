import { kinds } from '../kinds/all-kinds.ts'
import { conflictsOf, type Disputed } from '../model/conflicts.ts'
import type { Kind } from '../model/schema.ts'
import { type Expansion, fromDocument, type RecordDocument } from '../model/snapshots.ts'

/** A document as the ledger keeps it of a live record. */
export type Kept = { kind: Kind; document: RecordDocument }

/** Ids of the records and slugs of the places that these documents name, each once. */
export function namedIn(documents: readonly Kept[]): { ids: string[]; slugs: string[] } {
  const ids = new Set<string>()
  const slugs = new Set<string>()
  for (const { kind, document } of documents)
    fromDocument(kinds[kind].whole, document, {
      reference: (id) => ids.add(id),
      place: (slug) => slugs.add(slug),
    })
  return { ids: [...ids], slugs: [...slugs] }
}

/** The wire form of a document, with what follows from it. */
export function wireOf({ kind, document }: Kept, expansion: Expansion): Record<string, unknown> {
  const {
    id,
    slug,
    revision,
    kind: itself,
    citations,
    ...own
  } = fromDocument(kinds[kind].whole, document, expansion)
  const whole = { id, kind: itself, slug, revision, href: `/v1/${kind}s/${String(slug)}`, ...own }
  const conflicts = conflictsOf({ ...whole, citations } as Disputed)
  return { ...whole, conflicts, citations }
}
