import { sql } from 'kysely'
import { columnRef } from '../../../database/sql-fragments.ts'
import { byExactText, byName, byReference, byRelation, type Filter } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { goodFields } from './fields.ts'
import { Good, GoodInput, GoodListed } from './schema.ts'

const byControlEntry = (part: 'list' | 'code', description: string): Filter => ({
  ...byExactText(`good_control_entry.${part}`, description),
  where: (slot, _given, name) =>
    sql`EXISTS (SELECT 1 FROM good_control_entry WHERE good_control_entry.good_id = record.id AND ${columnRef(
      `good_control_entry.${part}`,
    )} = ${slot(name)})`,
})

const goodList = defineRecordList({
  fields: goodFields,
  filters: {
    designation: byName('Designation or a part of it; typing errors and accents do not matter.'),
    manufacturer: byReference('actor', 'good.manufacturer_id', 'Who makes it.'),
    family: byRelation(
      'good',
      'The family that it belongs to, at any level.',
      (id) => sql`good.id = ANY(ARRAY(SELECT goods_of_family(${id}))) AND good.id <> ${id}`,
    ),
    controlList: byControlEntry('list', 'Control list, e.g. `EU ML`.'),
    controlCode: {
      ...byControlEntry('code', 'Control list entry, or one that holds it: `ML15` finds `ML15d`.'),
      where: (slot, _given, name) =>
        sql`EXISTS (
          SELECT 1
          FROM good_control_entry
          WHERE good_control_entry.good_id = record.id
            AND control_ancestors(ARRAY[good_control_entry.code]) @> ARRAY[${slot(name)}::text]
        )`,
    },
    permit: byRelation(
      'permit',
      'Only goods that this permit covers.',
      (id) =>
        sql`EXISTS (
          SELECT 1
          FROM permit_item
          WHERE permit_item.good_id = record.id
            AND permit_item.permit_id = ${id}
        )`,
    ),
  },
  defaultSort: 'name',
})

export const goodWriter: RecordWriter<GoodInput> = {
  kind: 'good',
  fields: goodFields,
  input: GoodInput,
}

export const goodKind = defineKind({
  plural: 'goods',
  description: 'Controlled goods, and the families they belong to.',
  list: goodList,
  listEntrySchema: GoodListed,
  recordSchema: Good,
  writer: goodWriter,
})
