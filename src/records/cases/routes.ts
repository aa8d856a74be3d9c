import { recordRoutes } from '../record-routes.ts'
import { caseListing, singleCase } from './queries.ts'
import { Case, CaseListed } from './schema.ts'

export const caseRoutes = recordRoutes({
  kind: 'case',
  plural: 'cases',
  description:
    'Sets of articles under one heading. A record belongs to a case when an article of the case is cited for it.',
  listing: caseListing,
  listed: CaseListed,
  single: singleCase,
  whole: Case,
})
