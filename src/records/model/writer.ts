import type { z } from 'zod'
import type { References } from './references.ts'
import type { Rows } from './rows.ts'
import type { Kind } from './schema.ts'

/** What a kind of record adds to a write: the doors below and in commit.ts do the rest. */
export type Writer<Input extends { slug: string }> = {
  kind: Kind
  /** What may be given of it. */
  input: z.ZodType<Input>
  /** What references to the record will show. */
  nameOf(input: Input): string
  /** The rows of the kind's own tables; names each of them, also those without a row. */
  rows(id: string, input: Input, refs: References, pointer: string): Promise<Rows>
  /** Where only a part may change: what that part is, and its rows. */
  correction?: {
    input: z.ZodType
    rows(id: string, input: Input, refs: References, pointer: string): Promise<Rows>
  }
  /** Where a client sends something else than the input: what, and the input it stands for. */
  post?: { body: z.ZodObject; toInput(body: unknown): Input }
  /** Whether it may stand without a citation: cases and articles hold the evidence, all others need it. */
  uncited?: true
}
export type AnyWriter = Writer<{ slug: string }>
