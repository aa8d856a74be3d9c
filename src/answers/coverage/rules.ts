/** Whether a citation supports the field: on the field itself, on a part that holds it, or (empty) on the whole record. */
export const isCited = (field: string, citedFields: readonly string[]): boolean =>
  citedFields.some(
    (citedField) => citedField === '' || field === citedField || field.startsWith(`${citedField}.`),
  )
