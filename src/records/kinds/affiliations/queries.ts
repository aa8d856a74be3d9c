import { columnRef } from '../../../database/sql-fragments.ts'
import { byName, byPeriod, byReference } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { affiliationFields } from './fields.ts'
import { Affiliation, AffiliationInput, AffiliationListed } from './schema.ts'

const affiliationList = defineRecordList({
  fields: affiliationFields,
  filters: {
    actor: byReference('actor', 'affiliation.actor_id', 'Who held the post.'),
    organisation: byReference('actor', 'affiliation.organisation_id', 'Where the post was held.'),
    role: byName('Words of the post; typing errors and accents do not matter.'),
    ...byPeriod('affiliation.during', 'Held'),
  },
  sorts: {
    during: {
      expression: firstDay('affiliation.during'),
      key: columnRef('affiliation.id'),
      cast: 'date',
    },
  },
  defaultSort: 'slug',
})

export const affiliationWriter: RecordWriter<AffiliationInput> = {
  kind: 'affiliation',
  fields: affiliationFields,
  input: AffiliationInput,
}

export const affiliationKind = defineKind({
  plural: 'affiliations',
  description: 'Who held which post where, and when the source has them there.',
  list: affiliationList,
  listEntrySchema: AffiliationListed,
  recordSchema: Affiliation,
  writer: affiliationWriter,
})
