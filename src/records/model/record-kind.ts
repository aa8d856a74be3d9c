import type { z } from 'zod'
import type { Fragment, Members } from '../../database/columns.ts'
import type { Listing } from './list-queries.ts'
import type { Kind } from './schema.ts'
import type { AnyWriter, Writer } from './writer.ts'

/** Kinds of which two records may turn out to be the same thing, and can be merged. */
export const mergeableKinds = ['actor', 'good'] as const satisfies readonly Kind[]
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
  listing: Listing
  single: { from: Fragment; members: Members }
  /** Shape of an entry of a list. */
  listed: z.ZodObject
  /** Shape of a single record, with its citations. */
  whole: z.ZodObject
  writer: AnyWriter
}

export const defineKind = <Input extends { slug: string }>(
  definition: Omit<RecordKind, 'writer'> & { writer: Writer<Input> },
): RecordKind => ({ ...definition, writer: definition.writer as unknown as AnyWriter })
