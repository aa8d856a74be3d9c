import { recordRoutes } from '../record-routes.ts'
import { actorListing, singleActor } from './queries.ts'
import { Actor, ActorListed } from './schema.ts'

export const actorRoutes = recordRoutes({
  kind: 'actor',
  plural: 'actors',
  description:
    'States, companies, persons, public bodies, armed forces, organisations and publishers. Find one by name even with typing errors: `?name=Baykr`, `?name=francois`.',
  listing: actorListing,
  listed: ActorListed,
  single: singleActor,
  whole: Actor,
})
