import { sql } from 'kysely'
import { column, jsonArray } from '../../../database/columns.ts'
import { byName, byReference, byRelation, byText, type Filter } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { evidenceMembers, reference, referenceMembers, spineMembers } from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { Good, GoodInput, GoodListed } from './schema.ts'

const listed = {
  ...spineMembers,
  designation: column('record.name'),
  description: column('good.description'),
  manufacturer: reference('good.manufacturer_id'),
  family: reference('good.family_id'),
  controlEntries: jsonArray(
    { list: column('good_control_entry.list'), code: column('good_control_entry.code') },
    sql`good_control_entry WHERE good_control_entry.good_id = record.id`,
    column('good_control_entry.position'),
  ),
}

const from = sql`record JOIN good ON good.id = record.id`

const byControlEntry = (part: 'list' | 'code', description: string): Filter => ({
  ...byText(`good_control_entry.${part}`, description),
  where: (slot, _given, name) =>
    sql`EXISTS (SELECT 1 FROM good_control_entry WHERE good_control_entry.good_id = record.id AND ${column(
      `good_control_entry.${part}`,
    )} = ${slot(name)})`,
})

export const goodListing = recordListing({
  kind: 'good',
  from,
  members: listed,
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

export const singleGood = {
  from,
  members: {
    ...listed,
    members: jsonArray(
      referenceMembers('member'),
      sql`good AS of_family JOIN record AS member ON member.id = of_family.id WHERE of_family.family_id = record.id`,
      sql`member.slug`,
    ),
    ...evidenceMembers,
  },
}

export const goodWriter: Writer<GoodInput> = {
  kind: 'good',
  input: GoodInput,
  nameOf: (input) => input.designation,
  async rows(id, { description, manufacturer, family, controlEntries }, refs, pointer) {
    return {
      good: [
        {
          ...{ id, description },
          manufacturerId: await refs.idOrNull('actor', manufacturer, `${pointer}/manufacturer`),
          familyId: await refs.idOrNull('good', family, `${pointer}/family`),
        },
      ],
      goodControlEntry: controlEntries.map(({ list, code }, position) => ({
        ...{ goodId: id, position, list, code },
      })),
    }
  },
}

export const goodKind = defineKind({
  kind: 'good',
  plural: 'goods',
  description: 'Controlled goods, and the families they belong to.',
  nameMember: 'designation',
  listing: goodListing,
  single: singleGood,
  listed: GoodListed,
  whole: Good,
  writer: goodWriter,
})
