import { wholeRecord } from '../../evidence/cited-fields.ts'

/** Whether a citation supports the field: on the field itself, on a part that holds it, or (empty) by a row of a table. */
export const isCited = (field: string, citedFields: readonly string[]): boolean =>
  citedFields.some(
    (citedField) => citedField === '' || field === citedField || field.startsWith(`${citedField}.`),
  )

/** Whether a citation stands for the record with all its fields. */
export const isCitedAsWhole = (citedFields: readonly string[]): boolean =>
  citedFields.includes(wholeRecord)
