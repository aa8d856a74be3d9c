import { sql } from 'kysely'
import { columnRef } from '../../../database/sql-fragments.ts'
import { byEnum, byName, byPeriod, byReference } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { affiliationFields } from './fields.ts'
import { Affiliation, AffiliationInput, AffiliationListed, AffiliationType } from './schema.ts'

const affiliationList = defineRecordList({
  fields: affiliationFields,
  filters: {
    type: byEnum(
      AffiliationType,
      'What the actor is to the organisation.',
      (anyOf) => sql`affiliation.type = ${anyOf}`,
    ),
    actor: byReference(
      'actor',
      'affiliation.actor_id',
      'Who holds the post or the share, or is the member, part or successor.',
    ),
    organisation: byReference(
      'actor',
      'affiliation.organisation_id',
      'Where the post is; what is owned, joined or succeeded.',
    ),
    role: byName('Words of the post or tie; typing errors and accents do not matter.'),
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
  description:
    'Who held which post where, who owns, belongs to or succeeds whom, and when the source has it so.',
  list: affiliationList,
  listEntrySchema: AffiliationListed,
  recordSchema: Affiliation,
  writer: affiliationWriter,
})
