import { recordRoutes } from '../record-routes.ts'
import { affiliationListing, singleAffiliation } from './queries.ts'
import { Affiliation, AffiliationListed } from './schema.ts'

export const affiliationRoutes = recordRoutes({
  kind: 'affiliation',
  plural: 'affiliations',
  description: 'Who held which post where, and when the source has them there.',
  listing: affiliationListing,
  listed: AffiliationListed,
  single: singleAffiliation,
  whole: Affiliation,
})
