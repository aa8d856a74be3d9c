import type { z } from 'zod'
import type { Kind } from './schema.ts'

/**
 * A format that records know nothing of: it makes a file of their JSON texts, which come in batches. `base` is the address
 * of the server as the client sees it.
 */
export type EntryFormat = {
  /** Of the form that lists have, or of whole records with their citations. */
  recordForm: 'listed' | 'whole'
  /** Of a format that is JSON: what the whole file looks like. */
  schema?: z.ZodType
  write(batches: AsyncIterable<readonly string[]>, base: string): AsyncIterable<string>
}

/** The formats of a list and its records besides those that every list has: by what the list is of, then by their word. */
export type EntryFormats = Partial<Record<Kind | 'citation', Readonly<Record<string, EntryFormat>>>>
