/**
 * Whether a citation of one of `citedFields` supports a field: it names the field itself or a field that holds it, or it
 * is the row of a table and so supports the whole record (`''`).
 */
export const isCited = (field: string, citedFields: readonly string[]): boolean =>
  citedFields.some((one) => one === '' || field === one || field.startsWith(`${one}.`))
