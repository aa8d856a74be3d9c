import type { Columns } from '../profile/column-roles.ts'
import type { Column } from '../profile/column-values.ts'
import type { TableSample } from '../profile/table-sample.ts'
import type { Notes } from '../write-map.ts'

/** What a draft is made from. */
export type DraftContext = {
  columns: Columns
  sample: TableSample
  notes: Notes
  /** Slug of the issuing state, or a placeholder. */
  issuer: string
  isIssuerKnown: boolean
  /** Columns of states that the map uses. */
  drafted: Set<Column>
}
