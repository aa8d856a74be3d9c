import type { z } from 'zod'
import { coversField } from '../../evidence/cited-fields.ts'
import type { RecordCitation, StatedDate } from '../../records/model/schema.ts'

/** The members of a record of any kind that the mappings need. */
export type CitedRecord = {
  id: string
  slug: string
  href: string
  citations: readonly z.infer<typeof RecordCitation>[]
}

/** A value of a property. `field`: the field of the record that it comes from; null when it comes from none. */
export type PropertyValue = {
  property: string
  value: string
  field: string | null
  original?: string
  /** The only citation behind it; of other values it is found by the field. */
  citation?: z.infer<typeof RecordCitation>
}

export type MappedEntity = {
  id: string
  schema: string
  values: PropertyValue[]
  record: CitedRecord
}

/** The day, month or year that contains all days of the date. Null when they are in different years. */
function reduceDate(date: z.infer<typeof StatedDate> | null): string | null {
  if (date?.earliest == null || date.latest === null) return null
  for (const length of [10, 7, 4])
    if (date.earliest.slice(0, length) === date.latest.slice(0, length))
      return date.earliest.slice(0, length)
  return null
}

/** Collects the values of an entity. Null and empty values are left out. */
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

/** The anchored citations that support a value, without those that state another value. */
export const findSupportingCitations = ({ record }: MappedEntity, { field }: PropertyValue) =>
  field === null
    ? []
    : record.citations.filter(
        (citation) =>
          citation.state === 'anchored' &&
          citation.value === null &&
          coversField(citation.field, field),
      )

/** The anchored citations that state another value for the same field. */
export const findRivalCitations = ({ record }: MappedEntity, { field }: PropertyValue) =>
  record.citations.filter(
    (citation) =>
      citation.state === 'anchored' &&
      citation.value !== null &&
      citation.field !== null &&
      citation.field === field,
  )
