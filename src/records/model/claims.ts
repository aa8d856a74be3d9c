import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { numberToDecimal } from '../../evidence/amounts/decimals.ts'
import { overlaps } from '../../evidence/amounts/ranges.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { findNearestName } from '../../evidence/nearest-name.ts'
import { Problem } from '../../problem.ts'
import {
  expandMoney,
  expandQuantity,
  MoneyInput,
  QuantityInput,
  resolveMoney,
  resolveQuantity,
} from './amounts.ts'
import type { AnyField, Fields } from './field.ts'
import type { ReferenceResolver } from './references.ts'
import { StatedDateInput } from './schema.ts'
import { validationProblem } from './validation-errors.ts'

/**
 * A claim is the `value` of a citation: what its passage says of a field, where that differs from the record. It has the type
 * of the field's input: a number or range, a date (also as EDTF alone), a reference by slug or id, a word of the list.
 */

/** A writer, as far as claims need it. */
export type ClaimContext = {
  kind: string
  fields: { fields: Fields }
  input: z.ZodType
  correctionInput?: z.ZodType | undefined
}

/**
 * The claim as it is stored: a date has its object, a record of the same batch its id.
 *
 * @throws {Problem} invalid-request, unknown-reference
 */
export function resolveClaim(
  { kind, fields, input, correctionInput }: ClaimContext,
  field: string | null,
  value: unknown,
  refs: ReferenceResolver,
  pointer: string,
): unknown {
  if (value === null || value === undefined) return value
  if (field === null)
    throw buildProblem(`${pointer}/field`, 'a value needs the field that it is claimed for')
  const schema = findSchema(correctionInput ?? input, field.split('.'))
  const declared = findField(fields.fields, field.split('.'))
  if (schema === null || declared === null)
    throw buildProblem(`${pointer}/field`, describeUnknownField(kind, fields.fields, field))
  const given = isDateSchema(schema) && typeof value === 'string' ? { edtf: value } : value
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw validationProblem(parsed.error, `${pointer}/value`)
  const resolved = declared.resolve(parsed.data, refs, `${pointer}/value`)
  const isLocalReference = typeof parsed.data === 'string' && parsed.data.startsWith('$')
  return isLocalReference && declared.references.length > 0 ? resolved : parsed.data
}

function buildProblem(pointer: string, detail: string): Problem {
  return new Problem('invalid-request', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}

function describeUnknownField(kind: string, fields: Fields, field: string): string {
  const [first = ''] = field.split('.')
  const known = Object.entries(fields)
    .filter(([, { origin }]) => origin === 'input')
    .map(([name]) => name)
  if (Object.hasOwn(fields, first) && !known.includes(first))
    return `${first} follows from other records; cite the value for the record that states it`
  const nearest = findNearestName(first, known)
  const hint = nearest === undefined || known.includes(first) ? '' : `; did you mean "${nearest}"?`
  return `a ${kind} has no field "${field}" that a passage can state${hint}`
}

const unwrap = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodOptional
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema

/** The schema of what stands at a path of an input; null if there is nothing. */
function findSchema(outer: z.ZodType, path: readonly string[]): z.ZodType | null {
  const schema = unwrap(outer)
  const [step, ...rest] = path
  if (step === undefined) return schema
  if (schema instanceof z.ZodArray)
    return /^\d+$/.test(step) ? findSchema(schema.element as z.ZodType, rest) : null
  if (schema instanceof z.ZodUnion)
    return (
      (schema.options as z.ZodType[])
        .map((option) => findSchema(option, path))
        .find((found) => found !== null) ?? null
    )
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, step)) return null
  return findSchema((schema.shape as Record<string, z.ZodType>)[step] as z.ZodType, rest)
}

/** The declaration of the field at a path. A part of a value, such as `value.amount`, is the whole value's. */
function findField(fields: Fields, [step = '', ...rest]: readonly string[]): AnyField | null {
  const field = Object.hasOwn(fields, step) ? fields[step] : undefined
  if (field === undefined || field.origin !== 'input') return null
  const { parts } = field
  if (rest.length === 0 || parts === undefined) return rest.length === 0 ? field : partOfValue
  if (parts.of === 'object') return findField(parts.fields, rest)
  const [, ...inElement] = rest
  if (parts.of === 'element') return inElement.length === 0 ? parts.field : null
  return inElement.length === 0 ? wholeElement(parts.fields) : findField(parts.fields, inElement)
}

/** What is not looked up: its schema has said all. */
const partOfValue = { resolve: (input: unknown) => input, references: [] } as unknown as AnyField

const wholeElement = (fields: Fields): AnyField =>
  ({
    references: [],
    resolve: (element: object, refs: ReferenceResolver, pointer: string) => {
      for (const [name, input] of Object.entries(element))
        if (input !== null) fields[name]?.resolve(input, refs, `${pointer}/${name}`)
      return element
    },
  }) as unknown as AnyField

const isDateSchema = (schema: z.ZodType): boolean => schema === StatedDateInput

/** Whether a claim can be true beside the value of the record: ranges and dates that overlap do not conflict. */
export function isCompatibleClaim(chosen: unknown, range: unknown, claim: unknown): boolean {
  if (chosen === null && (range === null || range === undefined)) return false
  if (isDeepStrictEqual(chosen, claim)) return true
  return (
    isCompatibleQuantity(range, claim) ??
    isCompatibleMoney(chosen, claim) ??
    isCompatibleDate(chosen, claim) ??
    isSameReference(chosen, claim)
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isCompatibleQuantity(range: unknown, claim: unknown): boolean | undefined {
  const parsed = QuantityInput.safeParse(claim)
  if (!isObject(range) || !parsed.success) return undefined
  const toRange = (value: Parameters<typeof expandQuantity>[0]) => {
    const { low, high, excludes } = expandQuantity(value)
    const toDecimal = (bound: number | null) => (bound === null ? null : numberToDecimal(bound))
    return { low: toDecimal(low), high: toDecimal(high), excludes }
  }
  return overlaps(
    toRange(range as Parameters<typeof expandQuantity>[0]),
    toRange(resolveQuantity(parsed.data)),
  )
}

function isCompatibleMoney(chosen: unknown, claim: unknown): boolean | undefined {
  if (!isObject(chosen) || !('currency' in chosen)) return undefined
  const parsed = MoneyInput.safeParse(claim)
  if (!parsed.success) return undefined
  const [one, other] = [
    expandMoney(chosen as Parameters<typeof expandMoney>[0]),
    expandMoney(resolveMoney(parsed.data)),
  ]
  return one.currency === other.currency && overlaps(one, other)
}

function isCompatibleDate(chosen: unknown, claim: unknown): boolean | undefined {
  if (!isObject(chosen) || !('edtf' in chosen) || !isObject(claim)) return undefined
  try {
    const { earliest, latest } = parseEdtfBounds(String(claim.edtf))
    const isBefore = (a: unknown, b: unknown) =>
      typeof a === 'string' && typeof b === 'string' && a < b
    return !isBefore(latest, chosen.earliest) && !isBefore(chosen.latest, earliest)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}

const isSameReference = (chosen: unknown, claim: unknown): boolean =>
  isObject(chosen) &&
  'href' in chosen &&
  typeof claim === 'string' &&
  (claim === chosen.slug || claim === chosen.id)
