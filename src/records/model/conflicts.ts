import { isCompatibleClaim } from './claims.ts'

/** The members of a single record that `findConflicts` needs. */
export type RecordWithCitations = {
  citations: readonly { id: string; field: string | null; value: unknown }[]
  [member: string]: unknown
}

export type FieldConflict = {
  field: string
  chosen: unknown
  claims: { value: unknown; citation: string }[]
}

/**
 * The fields for which a citation says something that cannot be true beside the value of the record, in the order of their first
 * such citation. Where one claim conflicts, all claims are listed.
 */
export function findConflicts(record: RecordWithCitations): FieldConflict[] {
  const byField = new Map<string, FieldConflict>()
  const disputed = new Set<string>()
  for (const { id, field, value } of record.citations) {
    if (field === null || value === null) continue
    const chosen = getFieldValue(record, field)
    const claims = byField.get(field) ?? {
      field,
      chosen: describeChosen(record, field),
      claims: [],
    }
    claims.claims.push({ value, citation: id })
    byField.set(field, claims)
    if (!isCompatibleClaim(chosen, getFieldValue(record, `${field}Range`), value))
      disputed.add(field)
  }
  return [...byField.values()].filter(({ field }) => disputed.has(field))
}

/** The value of the record; of a quantity that is not exact, its range. */
const describeChosen = (record: unknown, field: string): unknown =>
  getFieldValue(record, field) ?? getFieldValue(record, `${field}Range`)

/** The value at a field path such as `items.0.quantity`; null if there is none. */
function getFieldValue(record: unknown, field: string): unknown {
  let value: unknown = record
  for (const step of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null
    value = (value as Record<string, unknown>)[step]
  }
  return value ?? null
}
