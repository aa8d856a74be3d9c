/** The change of one record in one revision. */
export type LedgerChange = {
  revision: number
  /** Hash of the revision. */
  hash: string
  /** ISO instant. */
  committedAt: string
  author: string
  /** The kind of write, e.g. `create` or `batch`. */
  change: string
  recordId: string
  kind: string
  slug: string
  /** The effect on this record, e.g. `update`. */
  action: string
  /** Canonical JSON; `before` is null for a new record. */
  before: string | null
  after: string
}
