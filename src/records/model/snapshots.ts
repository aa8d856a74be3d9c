import { z } from 'zod'
import type { Kind } from './schema.ts'

/**
 * The document of a record, as the ledger keeps it: the wire form with references reduced to ids and places to slugs,
 * without what follows from the rest (`href`, `conflicts`). Renaming an actor so changes one document.
 */
export type RecordDocument = { id: string; kind: Kind; slug: string; revision: number } & Record<
  string,
  unknown
>

const derived = ['href', 'conflicts']

/** Reduces a single record's wire form to its document. `schema` is the schema of that wire form. */
export function toDocument(schema: z.ZodType, wire: Record<string, unknown>): RecordDocument {
  const kept = Object.entries(wire).filter(([name]) => !derived.includes(name))
  return convert(schema, Object.fromEntries(kept), {
    reference: (value) => (value as { id: string }).id,
    place: (value) => (value as { slug: string }).slug,
  }) as RecordDocument
}

export type Expansion = {
  /** `Reference` of the record with this id. */
  reference(id: string): unknown
  /** `Place` with this slug. */
  place(slug: string): unknown
}

/** The wire form again, without `href` and `conflicts`. */
export const fromDocument = (
  schema: z.ZodType,
  document: RecordDocument,
  expansion: Expansion,
): Record<string, unknown> =>
  convert(schema, document, {
    reference: (value) => expansion.reference(String(value)),
    place: (value) => expansion.place(String(value)),
  }) as Record<string, unknown>

type Conversion = {
  reference(value: unknown): unknown
  place(value: unknown): unknown
}
type Convert = (value: unknown, how: Conversion) => unknown

const convert = (schema: z.ZodType, value: object, how: Conversion): unknown => {
  const conversion = conversionOf(schema)
  return conversion ? conversion(value, how) : value
}

/** What is made of a schema, made once for each. */
function madeOnce<T>(make: (schema: z.ZodType) => T | null): (schema: z.ZodType) => T | null {
  const made = new WeakMap<z.ZodType, T | null>()
  return (schema) => {
    const known = made.get(schema)
    if (known !== undefined) return known
    const one = make(schema)
    made.set(schema, one)
    return one
  }
}

/** Null for what holds no reference and no place, and stays as it is. */
const conversionOf = madeOnce<Convert>(makeConversion)

/** Walks value and schema together and puts references and places through the conversion. */
function makeConversion(schema: z.ZodType): Convert | null {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return conversionOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodArray) {
    const element = conversionOf(schema.element as z.ZodType)
    return element && ((value, how) => (value as unknown[]).map((one) => element(one, how)))
  }
  if (!(schema instanceof z.ZodObject)) return null
  const shape = schema.shape as Record<string, z.ZodType>
  if (isReference(shape)) return (value, how) => how.reference(value)
  if (isPlace(shape)) return (value, how) => how.place(value)
  const members = Object.entries(shape).map(([name, inner]) => ({
    name,
    inner: conversionOf(inner),
  }))
  return (value, how) => {
    const given = value as Record<string, unknown>
    const made: Record<string, unknown> = {}
    for (const { name, inner } of members) {
      const one = given[name]
      if (one !== undefined) made[name] = inner && one !== null ? inner(one, how) : one
    }
    return made
  }
}

/** Whether a document has every member that the schema demands. One of a time before there was one has not. */
export const isWhole = (schema: z.ZodType, document: RecordDocument): boolean =>
  checkOf(schema)?.(document) ?? true

type Check = (value: unknown) => boolean
/** Null for what has no members. */
const checkOf = madeOnce<Check>(makeCheck)

function makeCheck(schema: z.ZodType): Check | null {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return checkOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodArray) {
    const element = checkOf(schema.element as z.ZodType)
    return element && ((value) => (value as unknown[]).every(element))
  }
  if (!(schema instanceof z.ZodObject)) return null
  const shape = schema.shape as Record<string, z.ZodType>
  if (isReference(shape) || isPlace(shape)) return null
  const members = Object.entries(shape).map(([name, inner]) => ({
    name,
    check: checkOf(inner),
    isDemanded: !(inner instanceof z.ZodOptional) && !derived.includes(name),
  }))
  return (value) =>
    members.every(({ name, check, isDemanded }) => {
      const one = (value as Record<string, unknown>)[name]
      return one === undefined ? !isDemanded : one === null || check === null || check(one)
    })
}

const isReference = (shape: object): boolean =>
  Object.keys(shape).sort().join() === 'href,id,name,slug'
const isPlace = (shape: object): boolean => 'latitude' in shape && 'slug' in shape

/**
 * What a client would send to make the record that a document shows: the members that the input schema knows, ids
 * standing for references. `schema` is the input schema.
 */
export function toInput(schema: z.ZodType, document: unknown): unknown {
  if (document === null || document === undefined) return document
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return toInput(schema.unwrap() as z.ZodType, document)
  if (schema instanceof z.ZodArray)
    return (document as unknown[]).map((one) => toInput(schema.element as z.ZodType, one))
  if (schema instanceof z.ZodUnion) {
    // Alternatives of one member each, e.g. `{permit}` or `{measure}`: the wire form has both and one is null.
    const present = Object.fromEntries(Object.entries(document).filter(([, one]) => one !== null))
    const fitting = (schema.options as z.ZodType[]).find(
      (option) => option.safeParse(present).success,
    )
    return fitting === undefined ? document : toInput(fitting, present)
  }
  if (!(schema instanceof z.ZodObject) || typeof document !== 'object') return document
  const members = document as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(schema.shape as Record<string, z.ZodType>)
      .filter(([name]) => name in members)
      .map(([name, inner]) => [name, toInput(inner, members[name])]),
  )
}

/** JSON Merge Patch (RFC 7396): what `patch` makes of `target`; neither is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [name, value] of Object.entries(patch))
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  return Object.fromEntries(merged)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
