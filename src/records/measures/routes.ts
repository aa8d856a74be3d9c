import { recordRoutes } from '../record-routes.ts'
import { measureListing, singleMeasure } from './queries.ts'
import { Measure, MeasureListed } from './schema.ts'

export const measureRoutes = recordRoutes({
  kind: 'measure',
  plural: 'measures',
  description: 'Embargoes, suspensions and denial policies, and when they were in force.',
  listing: measureListing,
  listed: MeasureListed,
  single: singleMeasure,
  whole: Measure,
})
