import type { Kind } from '../../records/model/schema.ts'

/** Members that state no fact of a source: they are derived from other records or describe the text itself. */
const nonFactMembers: Readonly<Record<Kind, readonly string[]>> = {
  case: [],
  article: ['case', 'language', 'bodyLength', 'bodySha256', 'sourceMediaType', 'sourceSha256'],
  actor: [],
  affiliation: [],
  good: [],
  permit: ['status', 'issuedOn'],
  measure: ['status', 'inForce'],
  event: [],
}
const identityMembers = ['id', 'kind', 'slug', 'revision', 'href']

/** Arrays in which each element is one fact, even if the element is an object. */
const atomicArrays = new Set([
  'participants',
  'about',
  'effects',
  'aliases',
  'identifiers',
  'controlEntries',
])

/**
 * The paths of the fields that state a fact, in order, e.g. `items.0.quantity`, `participants.1`. Null states no fact; a
 * date, a reference or a place is one fact; a unit belongs to its quantity.
 */
export function listFactFields(kind: Kind, record: Readonly<Record<string, unknown>>): string[] {
  const skippedMembers = [...identityMembers, ...nonFactMembers[kind]]
  return Object.entries(record).flatMap(([name, value]) =>
    skippedMembers.includes(name) ? [] : listFactPaths(name, value, atomicArrays.has(name)),
  )
}

function listFactPaths(path: string, value: unknown, isAtomic: boolean): string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value))
    return value.flatMap((element, index) =>
      isAtomic ? [`${path}.${index}`] : listFactPaths(`${path}.${index}`, element, false),
    )
  if (typeof value !== 'object' || isSingleFact(value)) return [path]
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'unit' ? [] : listFactPaths(`${path}.${name}`, member, false),
  )
}

/** References, dates, places, amounts of money and control list entries. */
const isSingleFact = (value: object): boolean =>
  ['href', 'edtf', 'latitude', 'currency', 'code'].some((member) => member in value)

/** Whether a citation supports the field: on the field itself, on a part that holds it, or (empty) on the whole record. */
export const isCited = (field: string, citedFields: readonly string[]): boolean =>
  citedFields.some(
    (citedField) => citedField === '' || field === citedField || field.startsWith(`${citedField}.`),
  )
