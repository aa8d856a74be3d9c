import type { z } from 'zod'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { Kind } from '../../records/model/schema.ts'
import {
  type RecordSnapshot,
  snapshotToInput,
  snapshotToWire,
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
const inputMembers = new Map<Kind, readonly string[]>()
function listInputMembers(kind: Kind): readonly string[] {
  const known = inputMembers.get(kind)
  if (known !== undefined) return known
  const { writer } = kinds[kind]
  const { shape } = (writer.correctionInput ?? writer.input) as z.ZodObject
  const names = [...Object.keys(shape), ...(kind === 'article' ? articleMembers : [])]
  inputMembers.set(kind, names)
  return names
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
  const { id, kind, state, stateReason, mergedInto, register, registerKey, snapshot } = stored
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
export function collectDependencies({ kind, snapshot, mergedInto }: StoredRecord): {
  ids: string[]
  places: string[]
} {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  const places = new Set<string>()
  const content = { ...pickInputMembers(kind, snapshot), citations: snapshot.citations }
  snapshotToWire(kinds[kind].recordSchema, content as unknown as RecordSnapshot, {
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
