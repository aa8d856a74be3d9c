import type { EntryFormats } from '../model/entry-format.ts'
import type { WriteContext } from '../write/idempotency.ts'

/** What every route of records is given. */
export type RouteContext = WriteContext & {
  formats: EntryFormats
  /** Where clients reach the server, when that is set. */
  publicUrl: string | undefined
}
