import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { RouteContext } from '../context.ts'
import { recordRoutes } from '../record-routes.ts'
import { mergeRoute } from '../write-routes.ts'
import { goodListing, singleGood } from './queries.ts'
import { Good, GoodListed } from './schema.ts'

const commonRoutes = recordRoutes({
  kind: 'good',
  plural: 'goods',
  description: 'Controlled goods, and the families they belong to.',
  listing: goodListing,
  listed: GoodListed,
  single: singleGood,
  whole: Good,
})

export const goodRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  await app.register(commonRoutes, context)
  await app.register(mergeRoute('good', 'goods'), context)
}
