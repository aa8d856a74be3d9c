/** Whether two field paths (`items.0.quantity`) are equal, or one contains the other. */
export const isSameOrNestedField = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)

/** The field of a citation that supports all fields of its record. */
export const wholeRecord = '*'

/** Whether a citation is for the field, for a part of it, for the part that holds it, or (null) for the whole record. */
export const coversField = (citedField: string | null, field: string): boolean =>
  citedField === null || citedField === wholeRecord || isSameOrNestedField(citedField, field)
