import type { z } from 'zod'
import type { Kind } from './schema.ts'

/**
 * A format that `src/exchange/` adds: it makes a file of the JSON texts of records, which come in batches. `base` is the
 * address of the server as the client sees it.
 */
export type EntryFormat = {
  /** Whether it takes entries of lists, or whole records with their citations. */
  recordForm: 'listed' | 'whole'
  /** Of a format that is JSON: what the whole file looks like. */
  schema?: z.ZodType
  write(batches: AsyncIterable<readonly string[]>, base: string): AsyncIterable<string>
}

/** Additional formats of lists and records, by kind and by the value of `format`. */
export type EntryFormats = Partial<Record<Kind | 'citation', Readonly<Record<string, EntryFormat>>>>
