import type { RevisionCause } from '../../../ledger/ledger-writer.ts'
import type { ActorReference } from '../mapping/cells/actor-reader.ts'
import type {
  EventDraft,
  FigureDraft,
  PermitDraft,
  RecordDraft,
} from '../mapping/records/drafts.ts'
import type { RegisterRow } from '../table/rows.ts'

/** Rows, and the record that they describe. `row` is the first of them. */
export type Drafted<Draft extends RecordDraft> = {
  row: RegisterRow
  rows: readonly RegisterRow[]
  draft: Draft
}
export type DraftedRow = Drafted<PermitDraft>
export type DraftedRecord = Drafted<EventDraft> | Drafted<FigureDraft>
export type AnyDrafted = DraftedRow | DraftedRecord

/** Ids of the known actors and goods, by slug. */
export type EntityIds = {
  actors: Map<string, string>
  goods: Map<string, string>
  /** The last revision whose merges and retractions are taken into account. */
  revision: bigint
  /** How often such a merge or retraction changed an id. */
  version: number
}

export type Release = {
  articleId: string
  register: string
  sha256: string
  title: string
  /** The cause of its revisions. */
  cause: RevisionCause
}

/** Actors and goods that rows name and that do not exist yet. */
export type NewEntities = {
  actors: Map<string, { id: string; input: NonNullable<ActorReference['input']>; row: RegisterRow }>
  goods: Map<string, { id: string; designation: string; row: RegisterRow }>
}

export const findActorId = ({ actors }: EntityIds, actor: ActorReference | null): string | null =>
  actor === null ? null : (actors.get(actor.slug) ?? null)
