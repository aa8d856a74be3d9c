import type { z } from 'zod'
import type { JsonMembers, SqlFragment } from '../../database/sql-fragments.ts'
import type { ListDefinition } from './list-queries.ts'
import type { AnyRecordFields } from './record-fields.ts'
import type { Kind } from './schema.ts'
import type { AnyRecordWriter, RecordWriter } from './writer.ts'

/** Kinds of which two records may turn out to be the same thing, and can be merged. */
export const mergeableKinds = ['actor', 'good', 'place'] as const satisfies readonly Kind[]
export type MergeableKind = (typeof mergeableKinds)[number]

/** All that the code shared by every kind knows of one of them. */
export type RecordKind = {
  kind: Kind
  /** Plural, as it stands in the path and in sentences. */
  plural: string
  /** What the list of the kind holds, for the OpenAPI description. */
  description: string
  /** The member of the wire form that a reference shows as `name`. */
  nameMember: string
  fields: AnyRecordFields
  list: ListDefinition
  singleQuery: { from: SqlFragment; members: JsonMembers }
  /** Members that only the snapshots in the ledger have; a null one is left out. */
  ledgerMembers?: JsonMembers
  /** Shape of an entry of a list. */
  listEntrySchema: z.ZodObject
  /** Shape of a single record, with its citations. */
  recordSchema: z.ZodObject
  writer: AnyRecordWriter
}

type KindDefinition<Input extends { slug: string }> = Pick<
  RecordKind,
  'plural' | 'description' | 'list' | 'ledgerMembers' | 'listEntrySchema' | 'recordSchema'
> & { writer: RecordWriter<Input> }

export function defineKind<Input extends { slug: string }>(
  definition: KindDefinition<Input>,
): RecordKind {
  const { kind, fields } = definition.writer
  return {
    ...definition,
    kind,
    fields,
    nameMember: fields.nameField,
    singleQuery: { from: fields.from, members: fields.singleMembers },
    writer: definition.writer as unknown as AnyRecordWriter,
  }
}
