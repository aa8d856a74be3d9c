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

/** The fields for which a citation has another value than the record, in the order of their first such citation. */
export function findConflicts(record: RecordWithCitations): FieldConflict[] {
  const byField = new Map<string, FieldConflict>()
  for (const { id, field, value } of record.citations) {
    if (field === null || value === null) continue
    const claims = byField.get(field) ?? { field, chosen: getFieldValue(record, field), claims: [] }
    claims.claims.push({ value, citation: id })
    byField.set(field, claims)
  }
  return [...byField.values()]
}

/** The value at a field path such as `items.0.quantity`; null if there is none. */
function getFieldValue(record: unknown, field: string): unknown {
  let value: unknown = record
  for (const step of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null
    value = (value as Record<string, unknown>)[step]
  }
  return value ?? null
}
