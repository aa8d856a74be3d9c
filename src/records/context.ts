import type { Database } from '../database/database.ts'
import type { Kind } from './schema.ts'

/**
 * A format that records know nothing of: it makes a file of their JSON texts, which come in batches. `base` is the address
 * of the server as the client sees it.
 */
export type EntryFormat = {
  /** Of the form that lists have, or of whole records with their citations. */
  needs: 'listed' | 'whole'
  write(batches: AsyncIterable<readonly string[]>, base: string): AsyncIterable<string>
}

/** The formats of a list and its records besides those that every list has: by what the list is of, then by their word. */
export type EntryFormats = Partial<Record<Kind | 'citation', Readonly<Record<string, EntryFormat>>>>

/** What every route of records is given. */
export type RouteContext = {
  database: Database
  /** Told of every revision that this process wrote, so that it reads its own writes at once. */
  head: { announced(revision: number): void }
  formats: EntryFormats
  /** Where clients reach the server, when that is set. */
  publicUrl: string | undefined
}
