import { sql } from 'kysely'
import { columnRef } from '../../../database/sql-fragments.ts'
import { byName, byPeriod, byReference } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { buildDateColumns } from '../../model/references.ts'
import {
  baseMembers,
  evidenceMembers,
  firstDay,
  referenceJson,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { Affiliation, AffiliationInput, AffiliationListed } from './schema.ts'

const listMembers = {
  ...baseMembers,
  actor: referenceJson('affiliation.actor_id'),
  organisation: referenceJson('affiliation.organisation_id'),
  role: columnRef('record.name'),
  during: statedDateJson('affiliation.during'),
}

const from = sql`record JOIN affiliation ON affiliation.id = record.id`

export const affiliationList = defineRecordList({
  kind: 'affiliation',
  from,
  members: listMembers,
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

const singleAffiliation = { from, members: { ...listMembers, ...evidenceMembers } }

export const affiliationWriter: RecordWriter<AffiliationInput> = {
  kind: 'affiliation',
  input: AffiliationInput,
  getDisplayName: (input) => input.role,
  async buildRows(id, { actor, organisation, during }, refs, pointer) {
    const held = buildDateColumns(during, `${pointer}/during`)
    return {
      affiliation: [
        {
          id,
          actorId: await refs.id('actor', actor, `${pointer}/actor`),
          organisationId: await refs.id('actor', organisation, `${pointer}/organisation`),
          duringEdtf: held.edtf,
          duringAsStated: held.asStated,
          duringReasoning: held.reasoning,
          duringEarliest: held.earliest,
          duringLatest: held.latest,
        },
      ],
    }
  },
}

export const affiliationKind = defineKind({
  kind: 'affiliation',
  plural: 'affiliations',
  description: 'Who held which post where, and when the source has them there.',
  nameMember: 'role',
  list: affiliationList,
  singleQuery: singleAffiliation,
  listEntrySchema: AffiliationListed,
  recordSchema: Affiliation,
  writer: affiliationWriter,
})
