import type { z } from 'zod'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { Kind } from '../../records/model/schema.ts'
import {
  fromDocument,
  type RecordDocument,
  toDocument,
  toInput,
} from '../../records/model/snapshots.ts'
import type { Stored } from './queries.ts'
import type { BundledRecord } from './schema.ts'

/** What an article has besides what is said of it: its text lies in parts of its own. */
const ofArticles = ['spans', 'metadata', 'bodySha256', 'sourceSha256', 'sourceMediaType'] as const

/** The members of the wire form from which a record could be made again; what follows from other records is not among them. */
const membersOf = (kind: Kind): string[] => {
  const { writer } = kinds[kind]
  const { shape } = (writer.correction?.input ?? writer.input) as z.ZodObject
  return [...Object.keys(shape), ...(kind === 'article' ? ofArticles : [])]
}

const picked = (kind: Kind, document: Record<string, unknown>) =>
  Object.fromEntries(
    membersOf(kind)
      .filter((name) => name in document)
      .map((name) => [name, document[name]]),
  )

/** What a document says of a record itself, as a bundle has it. */
export function ownPart(kind: Kind, document: Record<string, unknown>) {
  const { writer } = kinds[kind]
  const schema = writer.correction?.input ?? writer.input
  const own = toInput(schema, picked(kind, document)) as Record<string, unknown>
  const more = kind === 'article' ? ofArticles : []
  const record = { ...own, ...Object.fromEntries(more.map((name) => [name, document[name]])) }
  return { record: record as BundledRecord['record'], citations: document.citations }
}

/** A stored record as a line of a bundle. */
export function lineOf(stored: Stored): BundledRecord {
  const { id, kind, state, stateReason, mergedInto, register, registerKey, wire } = stored
  const document = toDocument(kinds[kind].whole, { ...wire, body: null })
  const { record, citations } = ownPart(kind, document)
  return {
    ...{ id, kind, state, stateReason, mergedInto, record },
    citations: citations as BundledRecord['citations'],
    ...(register !== null && { register: { name: register, key: registerKey } }),
  }
}

/** Ids of the records, and slugs of the places, that a stored record rests on. */
export function restsOn({ kind, wire, mergedInto }: Stored): { ids: string[]; places: string[] } {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  const places = new Set<string>()
  const { whole } = kinds[kind]
  const document = toDocument(whole, { ...picked(kind, wire), citations: wire.citations })
  fromDocument(whole, document as RecordDocument, {
    reference: (id) => ids.add(id),
    place: (slug) => places.add(slug),
  })
  return { ids: [...ids], places: [...places] }
}

/** Ids of the records that a line refers to, also in its citations. */
export function refersTo({ kind, record, citations, mergedInto }: BundledRecord): string[] {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  fromDocument(kinds[kind].whole, { ...record, citations } as unknown as RecordDocument, {
    reference: (id) => ids.add(id),
    place: () => null,
  })
  return [...ids]
}

/** About how much a line is: that of an event can have thousands of effects. */
export const weightOf = ({ record, citations }: BundledRecord): number =>
  citations.length + (Array.isArray(record.effects) ? record.effects.length : 0)
