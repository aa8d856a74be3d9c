import type { Kind } from '../../records/model/schema.ts'

/** Members that state no fact of the source: identity, what is derived from other records, properties of the text. */
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

/** Arrays whose elements are one fact each, whatever they are made of. */
const atomicArrays = new Set([
  'participants',
  'about',
  'effects',
  'aliases',
  'identifiers',
  'controlEntries',
])

/**
 * The paths of the fields of a record that state a fact (`items.0.quantity`, `participants.1`), in order. An absent
 * value states nothing; a date, a reference and a place are one fact each; a unit goes with its quantity.
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

/** References, dates, places, sums of money and entries of control lists. */
const isSingleFact = (value: object): boolean =>
  ['href', 'edtf', 'latitude', 'currency', 'code'].some((member) => member in value)

/** Whether a citation on one of `cited` supports the field: on the field itself, on a part that holds it, or, of a row of a table, on the record as a whole. */
export const isCited = (field: string, citedFields: readonly string[]): boolean =>
  citedFields.some((one) => one === '' || field === one || field.startsWith(`${one}.`))
