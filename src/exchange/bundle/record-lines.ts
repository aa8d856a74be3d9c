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

/** What an article has besides what is said of it: its text lies in parts of its own. */
const articleMembers = [
  'spans',
  'metadata',
  'bodySha256',
  'sourceSha256',
  'sourceMediaType',
] as const

/** The members of the wire form from which a record could be made again; what follows from other records is not among them. */
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

/** What a document says of a record itself, as a bundle has it. */
export function toBundledContent(kind: Kind, snapshot: Record<string, unknown>) {
  const { writer } = kinds[kind]
  const schema = writer.correctionInput ?? writer.input
  const inputFields = snapshotToInput(schema, pickInputMembers(kind, snapshot)) as Record<
    string,
    unknown
  >
  const extraMembers = kind === 'article' ? articleMembers : []
  const record = {
    ...inputFields,
    ...Object.fromEntries(extraMembers.map((name) => [name, snapshot[name]])),
  }
  return { record: record as BundledRecord['record'], citations: snapshot.citations }
}

/** A stored record as a line of a bundle. */
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

/** Ids of the records, and slugs of the places, that a stored record rests on. */
export function collectDependencies({ kind, wire, mergedInto }: StoredRecord): {
  ids: string[]
  places: string[]
} {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  const places = new Set<string>()
  const { recordSchema: whole } = kinds[kind]
  const snapshot = wireToSnapshot(whole, {
    ...pickInputMembers(kind, wire),
    citations: wire.citations,
  })
  snapshotToWire(whole, snapshot as RecordSnapshot, {
    reference: (id) => ids.add(id),
    place: (slug) => places.add(slug),
  })
  return { ids: [...ids], places: [...places] }
}

/** Ids of the records that a line refers to, also in its citations. */
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

/** About how much a line is: that of an event can have thousands of effects. */
export const estimateWeight = ({ record, citations }: BundledRecord): number =>
  citations.length + (Array.isArray(record.effects) ? record.effects.length : 0)
