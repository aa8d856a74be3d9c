import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { RouteContext } from '../context.ts'
import { recordRoutes } from '../record-routes.ts'
import { mergeRoute } from '../write-routes.ts'
import { actorListing, singleActor } from './queries.ts'
import { Actor, ActorListed } from './schema.ts'

const commonRoutes = recordRoutes({
  kind: 'actor',
  plural: 'actors',
  description:
    'States, companies, persons, public bodies, armed forces, organisations and publishers. Find one by name even with typing errors: `?name=Baykr`, `?name=francois`.',
  listing: actorListing,
  listed: ActorListed,
  single: singleActor,
  whole: Actor,
})

export const actorRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  await app.register(commonRoutes, context)
  await app.register(mergeRoute('actor', 'actors'), context)
}
