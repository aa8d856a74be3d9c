/** What one revision did to one record. */
export type LedgerChange = {
  revision: number
  /** ISO instant. */
  committedAt: string
  author: string
  /** What kind of write the revision was. */
  change: string
  recordId: string
  kind: string
  slug: string
  /** What it did to this record. */
  action: string
  /** Canonical JSON; `before` is null for a new record. */
  before: string | null
  after: string
}
