import { sql } from 'kysely'
import { column } from '../../../database/columns.ts'
import { byName, byPeriod, byReference } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { dateColumns } from '../../model/references.ts'
import {
  evidenceMembers,
  firstDay,
  reference,
  spineMembers,
  statedDate,
} from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { Affiliation, AffiliationInput, AffiliationListed } from './schema.ts'

const listed = {
  ...spineMembers,
  actor: reference('affiliation.actor_id'),
  organisation: reference('affiliation.organisation_id'),
  role: column('record.name'),
  during: statedDate('affiliation.during'),
}

const from = sql`record JOIN affiliation ON affiliation.id = record.id`

export const affiliationListing = recordListing({
  kind: 'affiliation',
  from,
  members: listed,
  filters: {
    actor: byReference('actor', 'affiliation.actor_id', 'Who held the post.'),
    organisation: byReference('actor', 'affiliation.organisation_id', 'Where the post was held.'),
    role: byName('Words of the post; typing errors and accents do not matter.'),
    ...byPeriod('affiliation.during', 'Held'),
  },
  sorts: {
    during: { by: firstDay('affiliation.during'), key: column('affiliation.id'), cast: 'date' },
  },
  defaultSort: 'slug',
})

export const singleAffiliation = { from, members: { ...listed, ...evidenceMembers } }

export const affiliationWriter: Writer<AffiliationInput> = {
  kind: 'affiliation',
  input: AffiliationInput,
  nameOf: (input) => input.role,
  async rows(id, { actor, organisation, during }, refs, pointer) {
    const held = dateColumns(during, `${pointer}/during`)
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
  listing: affiliationListing,
  single: singleAffiliation,
  listed: AffiliationListed,
  whole: Affiliation,
  writer: affiliationWriter,
})
