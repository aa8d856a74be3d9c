import { recordRoutes } from '../record-routes.ts'
import { eventListing, singleEvent } from './queries.ts'
import { Event, EventListed } from './schema.ts'

export const eventRoutes = recordRoutes({
  kind: 'event',
  plural: 'events',
  description:
    'What happened, in the order the evidence allows. The life of permits and measures is dated by events alone.',
  listing: eventListing,
  listed: EventListed,
  single: singleEvent,
  whole: Event,
})
