import { sql } from 'kysely'
import { jsonArray } from '../../../database/sql-fragments.ts'
import { derived, inSingle, list, recordName, reference, text } from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import { referenceMembers } from '../../model/sql-json.ts'
import type { GoodInput } from './schema.ts'

const membersJson = jsonArray(
  referenceMembers('member'),
  sql`good AS of_family
    JOIN record AS member ON member.id = of_family.id
    WHERE of_family.family_id = record.id AND member.state = 'live'`,
  sql`member.slug`,
)

export const goodFields = declareRecord<GoodInput>()({
  kind: 'good',
  table: 'good',
  fields: {
    designation: recordName(),
    description: text('good.description'),
    manufacturer: reference('actor', 'good.manufacturer_id'),
    family: reference('good', 'good.family_id'),
    controlEntries: list('good_control_entry.good_id', {
      list: text('good_control_entry.list'),
      code: text('good_control_entry.code'),
    }),
    /** Ids of the goods of this family. */
    members: inSingle(derived<readonly string[]>({ json: membersJson, absent: [] })),
  },
})
