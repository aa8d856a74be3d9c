import type { z } from 'zod'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { Kind } from '../../records/model/schema.ts'
import {
  type RecordSnapshot,
  snapshotToInput,
  snapshotToWire,
  wireToSnapshot,
} from '../../records/model/snapshots.ts'
import type { StoredRecord } from './queries.ts'
import type { BundledRecord } from './schema.ts'

/** Members of an article in a bundle that a client cannot send. Its text is in other parts of the bundle. */
const articleMembers = [
  'spans',
  'metadata',
  'bodySha256',
  'sourceSha256',
  'sourceMediaType',
] as const

/** The members from which a record can be created again: without those that are derived from other records. */
const listInputMembers = (kind: Kind): string[] => {
  const { writer } = kinds[kind]
  const { shape } = (writer.correctionInput ?? writer.input) as z.ZodObject
  return [...Object.keys(shape), ...(kind === 'article' ? articleMembers : [])]
}

const pickInputMembers = (kind: Kind, members: Record<string, unknown>) =>
  Object.fromEntries(
    listInputMembers(kind)
      .filter((name) => name in members)
      .map((name) => [name, members[name]]),
  )

/** The content of a snapshot in the form of a bundle. */
export function toBundledContent(kind: Kind, snapshot: Record<string, unknown>) {
  const { writer } = kinds[kind]
  const schema = writer.correctionInput ?? writer.input
  const inputFields = snapshotToInput(schema, snapshot) as Record<string, unknown>
  const extraMembers = kind === 'article' ? articleMembers : []
  const record = {
    ...inputFields,
    ...Object.fromEntries(extraMembers.map((name) => [name, snapshot[name]])),
  }
  return { record: record as BundledRecord['record'], citations: snapshot.citations }
}

export function toBundledRecord(stored: StoredRecord): BundledRecord {
  const { id, kind, state, stateReason, mergedInto, register, registerKey, wire } = stored
  const snapshot = wireToSnapshot(kinds[kind].recordSchema, { ...wire, body: null })
  const { record, citations } = toBundledContent(kind, snapshot)
  return {
    id,
    kind,
    state,
    stateReason,
    mergedInto,
    record,
    citations: citations as BundledRecord['citations'],
    ...(register !== null && { register: { name: register, key: registerKey } }),
  }
}

/** Ids of the records and slugs of the places that a stored record refers to. */
export function collectDependencies({ kind, wire, mergedInto }: StoredRecord): {
  ids: string[]
  places: string[]
} {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  const places = new Set<string>()
  const { recordSchema } = kinds[kind]
  const snapshot = wireToSnapshot(recordSchema, {
    ...pickInputMembers(kind, wire),
    citations: wire.citations,
  })
  snapshotToWire(recordSchema, snapshot as RecordSnapshot, {
    reference: (id) => ids.add(id),
    place: (slug) => places.add(slug),
  })
  return { ids: [...ids], places: [...places] }
}

/** Ids of the records that a line refers to, including its citations. */
export function collectReferencedIds({
  kind,
  record,
  citations,
  mergedInto,
}: BundledRecord): string[] {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  snapshotToWire(kinds[kind].recordSchema, { ...record, citations } as unknown as RecordSnapshot, {
    reference: (id) => ids.add(id),
    place: () => null,
  })
  return [...ids]
}

/** About the number of rows of a record: an event can have thousands of effects. */
export const estimateWeight = ({ record, citations }: BundledRecord): number =>
  citations.length + (Array.isArray(record.effects) ? record.effects.length : 0)
