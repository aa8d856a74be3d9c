import { recordRoutes } from '../record-routes.ts'
import { permitListing, singlePermit } from './queries.ts'
import { Permit, PermitListed } from './schema.ts'

export const permitRoutes = recordRoutes({
  kind: 'permit',
  plural: 'permits',
  description:
    'Export authorisations: who issued which to whom, for what, and what events made of them. Status and dates are read from events, never stored beside them.',
  listing: permitListing,
  listed: PermitListed,
  single: singlePermit,
  whole: Permit,
})
