import { z } from 'zod'
import type { Kind } from './schema.ts'

/**
 * The snapshot of a record in the ledger: the JSON of the single record with references as ids and places as slugs, without
 * members that follow from others (`href`, `conflicts`). So renaming an actor changes one snapshot.
 */
export type RecordSnapshot = { id: string; kind: Kind; slug: string; revision: number } & Record<
  string,
  unknown
>

const derivedMembers = ['href', 'conflicts']

/** Makes the snapshot of a single record. `schema` is the schema of that record. */
export function wireToSnapshot(schema: z.ZodType, wire: Record<string, unknown>): RecordSnapshot {
  const storedMembers = Object.entries(wire).filter(([name]) => !derivedMembers.includes(name))
  return convertValue(schema, Object.fromEntries(storedMembers), {
    reference: (value) => (value as { id: string }).id,
    place: (value) => (value as { slug: string }).slug,
  }) as RecordSnapshot
}

export type ReferenceLookup = {
  /** `Reference` of the record with this id. */
  reference(id: string): unknown
  /** `Place` with this slug. */
  place(slug: string): unknown
}

/** The single record again, without `href` and `conflicts`. */
export const snapshotToWire = (
  schema: z.ZodType,
  document: RecordSnapshot,
  lookup: ReferenceLookup,
): Record<string, unknown> =>
  convertValue(schema, document, {
    reference: (value) => lookup.reference(String(value)),
    place: (value) => lookup.place(String(value)),
  }) as Record<string, unknown>

type ReferenceConversion = {
  reference(value: unknown): unknown
  place(value: unknown): unknown
}
type Converter = (value: unknown, how: ReferenceConversion) => unknown

const convertValue = (schema: z.ZodType, value: object, how: ReferenceConversion): unknown => {
  const conversion = getConverter(schema)
  return conversion ? conversion(value, how) : value
}

/** Caches one result per schema. */
function memoizeBySchema<T>(
  make: (schema: z.ZodType) => T | null,
): (schema: z.ZodType) => T | null {
  const resultBySchema = new WeakMap<z.ZodType, T | null>()
  return (schema) => {
    const known = resultBySchema.get(schema)
    if (known !== undefined) return known
    const one = make(schema)
    resultBySchema.set(schema, one)
    return one
  }
}

/** Null for a schema without references and places, whose values stay unchanged. */
const getConverter = memoizeBySchema<Converter>(buildConverter)

/** Converts the references and places in a value of the schema. */
function buildConverter(schema: z.ZodType): Converter | null {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return getConverter(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodArray) {
    const element = getConverter(schema.element as z.ZodType)
    // Null stands for a reference whose record is missing: verification reports it.
    const convert = (one: unknown, how: ReferenceConversion) =>
      one === null ? null : (element?.(one, how) ?? null)
    return element && ((value, how) => (value as unknown[]).map((one) => convert(one, how)))
  }
  if (!(schema instanceof z.ZodObject)) return null
  const shape = schema.shape as Record<string, z.ZodType>
  if (isReferenceShape(shape)) return (value, how) => how.reference(value)
  if (isPlaceShape(shape)) return (value, how) => how.place(value)
  const members = Object.entries(shape).map(([name, inner]) => ({
    name,
    inner: getConverter(inner),
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

/** Whether a snapshot has every member of the schema. One that is older than a member does not. */
export const isCompleteSnapshot = (schema: z.ZodType, document: RecordSnapshot): boolean =>
  getCompletenessCheck(schema)?.(document) ?? true

type CompletenessCheck = (value: unknown) => boolean
/** Null for a schema without members. */
const getCompletenessCheck = memoizeBySchema<CompletenessCheck>(buildCompletenessCheck)

function buildCompletenessCheck(schema: z.ZodType): CompletenessCheck | null {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return getCompletenessCheck(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodArray) {
    const element = getCompletenessCheck(schema.element as z.ZodType)
    return element && ((value) => (value as unknown[]).every(element))
  }
  if (!(schema instanceof z.ZodObject)) return null
  const shape = schema.shape as Record<string, z.ZodType>
  if (isReferenceShape(shape) || isPlaceShape(shape)) return null
  const members = Object.entries(shape).map(([name, inner]) => ({
    name,
    check: getCompletenessCheck(inner),
    isDemanded: !(inner instanceof z.ZodOptional) && !derivedMembers.includes(name),
  }))
  return (value) =>
    members.every(({ name, check, isDemanded }) => {
      const one = (value as Record<string, unknown>)[name]
      return one === undefined ? !isDemanded : one === null || check === null || check(one)
    })
}

const isReferenceShape = (shape: object): boolean =>
  Object.keys(shape).sort().join() === 'href,id,name,slug'
/** A place as other records show it, not the record of kind `place`. */
const isPlaceShape = (shape: object): boolean =>
  'latitude' in shape && 'slug' in shape && !('kind' in shape)

/** Makes the input of a member of this name from its snapshot and those of the members beside it. */
type InputRestorer = (
  member: unknown,
  siblings: Readonly<Record<string, unknown>>,
  name: string,
) => unknown
const inputRestorers = new WeakMap<z.ZodType, InputRestorer>()

/** Notes how an input is restored whose snapshot has another form. */
export const noteInputRestorer = (schema: z.ZodType, restore: InputRestorer): void => {
  inputRestorers.set(schema, restore)
}

const findInputRestorer = (schema: z.ZodType): InputRestorer | undefined =>
  schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? findInputRestorer(schema.unwrap() as z.ZodType)
    : inputRestorers.get(schema)

/**
 * The input that would create the record of a snapshot: the members of the input schema, with ids as references.
 * `schema` is the input schema.
 */
export function snapshotToInput(schema: z.ZodType, document: unknown): unknown {
  if (document === null || document === undefined) return document
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return snapshotToInput(schema.unwrap() as z.ZodType, document)
  if (schema instanceof z.ZodArray)
    return (document as unknown[]).map((one) => snapshotToInput(schema.element as z.ZodType, one))
  if (schema instanceof z.ZodUnion) {
    // Alternatives of one member each, e.g. `{permit}` or `{measure}`: the snapshot has both, and one is null.
    const present = Object.fromEntries(Object.entries(document).filter(([, one]) => one !== null))
    const fitting = (schema.options as z.ZodType[]).find(
      (option) => option.safeParse(present).success,
    )
    return fitting === undefined ? document : snapshotToInput(fitting, present)
  }
  if (!(schema instanceof z.ZodObject) || typeof document !== 'object') return document
  const members = document as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(schema.shape as Record<string, z.ZodType>)
      .filter(([name]) => name in members)
      .map(([name, inner]) => {
        const restore = findInputRestorer(inner)
        const member = members[name]
        return [name, restore ? restore(member, members, name) : snapshotToInput(inner, member)]
      }),
  )
}

/** Replaces the ids of other records in an input by their slugs, which `wire`, the record as it is answered, has beside them. */
export function replaceIdsBySlugs(input: unknown, wire: unknown): unknown {
  const slugs = new Map<string, string>()
  collectSlugs(wire, slugs)
  return mapStrings(input, (text) => slugs.get(text) ?? text)
}

function collectSlugs(value: unknown, slugs: Map<string, string>): void {
  if (Array.isArray(value)) for (const one of value) collectSlugs(one, slugs)
  else if (isObject(value)) {
    if (typeof value.id === 'string' && typeof value.slug === 'string')
      slugs.set(value.id, value.slug)
    for (const one of Object.values(value)) collectSlugs(one, slugs)
  }
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, change))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, mapStrings(one, change)]),
  )
}

/** JSON Merge Patch (RFC 7396) of `target` with `patch`; neither is changed. */
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
