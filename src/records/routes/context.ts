import type { RevisionSource } from '../../http/revision-source.ts'
import type { EntryFormats } from '../model/entry-format.ts'
import type { CreateQueue } from '../write/create-queue.ts'
import type { WriteContext } from '../write/idempotency.ts'

/** Dependencies of the routes of records. */
export type RouteContext = WriteContext & {
  head: WriteContext['head'] & RevisionSource
  creates: CreateQueue
  formats: EntryFormats
  /** The address at which clients reach the server, if it is set. */
  publicUrl: string | undefined
}
