import type { Kind } from '../../records/model/schema.ts'

/** Members that state no fact of the source: identity, what is derived from other records, properties of the text. */
const factless: Readonly<Record<Kind, readonly string[]>> = {
  case: [],
  article: ['case', 'language', 'bodyLength', 'bodySha256', 'sourceMediaType', 'sourceSha256'],
  actor: [],
  affiliation: [],
  good: [],
  permit: ['status', 'issuedOn'],
  measure: ['status', 'inForce'],
  event: [],
}
const identity = ['id', 'kind', 'slug', 'revision', 'href']

/** Arrays whose elements are one fact each, whatever they are made of. */
const atomic = new Set([
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
export function factFields(kind: Kind, record: Readonly<Record<string, unknown>>): string[] {
  const skipped = [...identity, ...factless[kind]]
  return Object.entries(record).flatMap(([name, value]) =>
    skipped.includes(name) ? [] : factsAt(name, value, atomic.has(name)),
  )
}

function factsAt(path: string, value: unknown, isAtomic: boolean): string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value))
    return value.flatMap((element, index) =>
      isAtomic ? [`${path}.${index}`] : factsAt(`${path}.${index}`, element, false),
    )
  if (typeof value !== 'object' || isOneFact(value)) return [path]
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'unit' ? [] : factsAt(`${path}.${name}`, member, false),
  )
}

/** References, dates, places, sums of money and entries of control lists. */
const isOneFact = (value: object): boolean =>
  ['href', 'edtf', 'latitude', 'currency', 'code'].some((member) => member in value)

/** Whether a citation on one of `cited` supports the field: on the field itself, on a part that holds it, or, of a row of a table, on the record as a whole. */
export const isCited = (field: string, cited: readonly string[]): boolean =>
  cited.some((one) => one === '' || field === one || field.startsWith(`${one}.`))
