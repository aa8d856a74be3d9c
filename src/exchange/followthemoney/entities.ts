import type { z } from 'zod'
import type { RecordCitation, StatedDate } from '../../records/model/schema.ts'

/** A record as the mappings need it, whatever its kind. */
export type CitedRecord = {
  id: string
  slug: string
  href: string
  citations: readonly z.infer<typeof RecordCitation>[]
}

/** One value of one property, and the field of the record that it is read from; null is of no field. */
export type PropertyValue = {
  property: string
  value: string
  field: string | null
  original?: string
}

export type MappedEntity = {
  id: string
  schema: string
  values: PropertyValue[]
  record: CitedRecord
}

/** A day, month or year as FollowTheMoney has it: as exact as the stated date is, and never more. Null when not even a year. */
function reduceDate(date: z.infer<typeof StatedDate> | null): string | null {
  if (date?.earliest == null || date.latest === null) return null
  for (const length of [10, 7, 4])
    if (date.earliest.slice(0, length) === date.latest.slice(0, length))
      return date.earliest.slice(0, length)
  return null
}

/** Collects the values of an entity; what is null or empty states nothing and is left out. */
export function createEntity(id: string, schema: string, record: CitedRecord) {
  const mapped: MappedEntity = { id, schema, values: [], record }
  return {
    mapped,
    add(
      property: string,
      value: string | null | undefined,
      field: string | null,
      original?: string,
    ) {
      if (value === null || value === undefined || value === '') return
      mapped.values.push({ property, value, field, ...(original !== undefined && { original }) })
    },
    date(property: string, date: z.infer<typeof StatedDate> | null, field: string) {
      this.add(property, reduceDate(date), field, date?.edtf)
    },
  }
}

/** What a passage has to do with a field: it is cited for it, for what holds it, for a part of it, or for the whole record. */
const coversField = (citedField: string | null, field: string): boolean =>
  citedField === null ||
  citedField === field ||
  field.startsWith(`${citedField}.`) ||
  citedField.startsWith(`${field}.`)

/** The anchored citations behind a value, those that claim another value left out. */
export const findSupportingCitations = ({ record: of }: MappedEntity, { field }: PropertyValue) =>
  field === null
    ? []
    : of.citations.filter(
        ({ state, value, field: cited }) =>
          state === 'anchored' && value === null && coversField(cited, field),
      )

/** Citations that claim another value of this very field. */
export const findRivalCitations = ({ record: of }: MappedEntity, { field }: PropertyValue) =>
  of.citations.filter(
    ({ state, value, field: cited }) =>
      state === 'anchored' && value !== null && cited !== null && cited === field,
  )
