import { recordName, reference, statedDate } from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { AffiliationInput } from './schema.ts'

export const affiliationFields = declareRecord<AffiliationInput>()({
  kind: 'affiliation',
  table: 'affiliation',
  fields: {
    actor: reference('actor', 'affiliation.actor_id'),
    organisation: reference('actor', 'affiliation.organisation_id'),
    role: recordName(),
    during: statedDate('affiliation.during'),
  },
})
