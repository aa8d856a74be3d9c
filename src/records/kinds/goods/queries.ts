import { sql } from 'kysely'
import { columnRef, jsonArray } from '../../../database/sql-fragments.ts'
import { byExactText, byName, byReference, byRelation, type Filter } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import {
  baseMembers,
  evidenceMembers,
  referenceJson,
  referenceMembers,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { Good, GoodInput, GoodListed } from './schema.ts'

const listMembers = {
  ...baseMembers,
  designation: columnRef('record.name'),
  description: columnRef('good.description'),
  manufacturer: referenceJson('good.manufacturer_id'),
  family: referenceJson('good.family_id'),
  controlEntries: jsonArray(
    { list: columnRef('good_control_entry.list'), code: columnRef('good_control_entry.code') },
    sql`good_control_entry WHERE good_control_entry.good_id = record.id`,
    columnRef('good_control_entry.position'),
  ),
}

const from = sql`record JOIN good ON good.id = record.id`

const byControlEntry = (part: 'list' | 'code', description: string): Filter => ({
  ...byExactText(`good_control_entry.${part}`, description),
  where: (slot, _given, name) =>
    sql`EXISTS (SELECT 1 FROM good_control_entry WHERE good_control_entry.good_id = record.id AND ${columnRef(
      `good_control_entry.${part}`,
    )} = ${slot(name)})`,
})

export const goodList = defineRecordList({
  kind: 'good',
  from,
  members: listMembers,
  filters: {
    designation: byName('Designation or a part of it; typing errors and accents do not matter.'),
    manufacturer: byReference('actor', 'good.manufacturer_id', 'Who makes it.'),
    family: byReference('good', 'good.family_id', 'The good that it belongs to.'),
    controlList: byControlEntry('list', 'Control list, e.g. `EU ML`.'),
    controlCode: byControlEntry('code', 'Control list entry, e.g. `ML15d`.'),
    permit: byRelation(
      'permit',
      'Only goods that this permit covers.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM permit_item WHERE permit_item.good_id = record.id AND permit_item.permit_id = ${id})`,
    ),
  },
  defaultSort: 'name',
})

const singleGood = {
  from,
  members: {
    ...listMembers,
    members: jsonArray(
      referenceMembers('member'),
      sql`good AS of_family JOIN record AS member ON member.id = of_family.id WHERE of_family.family_id = record.id`,
      sql`member.slug`,
    ),
    ...evidenceMembers,
  },
}

export const goodWriter: RecordWriter<GoodInput> = {
  kind: 'good',
  input: GoodInput,
  getDisplayName: (input) => input.designation,
  async buildRows(id, { description, manufacturer, family, controlEntries }, refs, pointer) {
    return {
      good: [
        {
          id,
          description,
          manufacturerId: await refs.idOrNull('actor', manufacturer, `${pointer}/manufacturer`),
          familyId: await refs.idOrNull('good', family, `${pointer}/family`),
        },
      ],
      goodControlEntry: controlEntries.map(({ list, code }, position) => ({
        goodId: id,
        position,
        list,
        code,
      })),
    }
  },
}

export const goodKind = defineKind({
  kind: 'good',
  plural: 'goods',
  description: 'Controlled goods, and the families they belong to.',
  nameMember: 'designation',
  list: goodList,
  singleQuery: singleGood,
  listEntrySchema: GoodListed,
  recordSchema: Good,
  writer: goodWriter,
})
