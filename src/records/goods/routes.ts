import { recordRoutes } from '../record-routes.ts'
import { goodListing, singleGood } from './queries.ts'
import { Good, GoodListed } from './schema.ts'

export const goodRoutes = recordRoutes({
  kind: 'good',
  plural: 'goods',
  description: 'Controlled goods, and the families they belong to.',
  listing: goodListing,
  listed: GoodListed,
  single: singleGood,
  whole: Good,
})
