import { sql } from 'kysely'
import { byExactText, byName, byReference, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { placeFields } from './fields.ts'
import { PlaceListed, PlaceRecord, PlaceRecordInput } from './schema.ts'

const placeList = defineRecordList({
  fields: placeFields,
  filters: {
    case: byRelation(
      'case',
      'Only places that records of this case name.',
      (id) =>
        sql`record.id IN (
          SELECT named.place_id
          FROM (
            SELECT id, place_id FROM event
            UNION ALL SELECT id, scope_place_id FROM event
            UNION ALL SELECT id, stated_end_use_place_id FROM permit
            UNION ALL SELECT id, reason_place_id FROM measure
          ) AS named (record_id, place_id)
            JOIN citation ON citation.record_id = named.record_id
            JOIN article AS source ON source.id = citation.article_id
          WHERE named.place_id IS NOT NULL AND source.case_id = ${id}
        )`,
    ),
    name: byName(
      'Name or another name, or a part of it; typing errors, case and accents do not matter.',
      (match) =>
        sql`EXISTS (
          SELECT 1
          FROM place_name
          WHERE place_name.place_id = record.id
            AND ${match('place_name.name')}
        )`,
    ),
    country: {
      ...byExactText('place.country', 'ISO 3166-1 alpha-2, e.g. `TR`.'),
      value: (value) => String(value).toUpperCase(),
    },
    within: byReference('place', 'place.within_id', 'The place that it lies in.'),
    identifier: {
      ...byExactText('place_identifier.value', 'A number or code of the place, in any scheme.'),
      where: (slot: (name: string) => unknown, _given: unknown, name: string) =>
        sql`EXISTS (
          SELECT 1
          FROM place_identifier
          WHERE place_identifier.place_id = record.id
            AND place_identifier.value = ${slot(name)}
        )`,
    },
  },
  defaultSort: 'name',
})

export const placeWriter: RecordWriter<PlaceRecordInput> = {
  kind: 'place',
  fields: placeFields,
  input: PlaceRecordInput,
  isCitationOptional: true,
  isSlugFixed: true,
}

export const placeKind = defineKind({
  plural: 'places',
  description:
    'Countries, regions, cities and other locations. They are reference data: they need no citation, and name their source instead. `?name=Ankra` finds one in spite of typing errors.',
  list: placeList,
  listEntrySchema: PlaceListed,
  recordSchema: PlaceRecord,
  writer: placeWriter,
})
