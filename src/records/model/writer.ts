import type { z } from 'zod'
import type { AnyRecordFields } from './record-fields.ts'
import type { Kind } from './schema.ts'

/** How records of a kind are written; `src/records/write/` does so for all kinds. */
export type RecordWriter<Input extends { slug: string }> = {
  kind: Kind
  fields: AnyRecordFields
  /** What a new record is made of. */
  input: z.ZodType<Input>
  /** Values of the computed fields of a new record. */
  computeValues?(input: Input): object
  /** What a correction may change; all of `input` unless it is said. */
  correctionInput?: z.ZodType
  /** Where a client sends something else than the input: what, and the input it stands for. */
  postRequest?: { body: z.ZodObject; toInput(body: unknown): Input }
  /** Whether it may stand without a citation: cases and articles hold the evidence, all others need it. */
  isCitationOptional?: true
  /** Whether its slug stays as it is: snapshots of other records name places by slug. */
  isSlugFixed?: true
}
export type AnyRecordWriter = RecordWriter<{ slug: string }>
