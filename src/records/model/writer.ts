import type { z } from 'zod'
import type { ReferenceResolver } from './references.ts'
import type { RecordRows } from './rows.ts'
import type { Kind } from './schema.ts'

/** What a kind of record adds to a write: the doors below and in commit.ts do the rest. */
export type RecordWriter<Input extends { slug: string }> = {
  kind: Kind
  /** What may be given of it. */
  input: z.ZodType<Input>
  /** What references to the record will show. */
  getDisplayName(input: Input): string
  /** The rows of the kind's own tables; names each of them, also those without a row. */
  buildRows(id: string, input: Input, refs: ReferenceResolver, pointer: string): Promise<RecordRows>
  /** Where only a part may change: what that part is, and its rows. */
  correction?: {
    input: z.ZodType
    rows(id: string, input: Input, refs: ReferenceResolver, pointer: string): Promise<RecordRows>
  }
  /** Where a client sends something else than the input: what, and the input it stands for. */
  postRequest?: { body: z.ZodObject; toInput(body: unknown): Input }
  /** Whether it may stand without a citation: cases and articles hold the evidence, all others need it. */
  isCitationOptional?: true
}
export type AnyRecordWriter = RecordWriter<{ slug: string }>
