import { eventsAsJson, eventsAsRows, type Found } from '../yardsticks/events.ts'
import type { Workload } from './workload.ts'

const limit = 50

const found = (actor: string | undefined): Found => ({
  ...{ name: 'timeline', limit, values: [actor] },
  select: `
    SELECT e.id, COALESCE(e.on_earliest, '-infinity') AS position
    FROM event e JOIN record r ON r.id = e.id AND r.state = 'live'
    WHERE e.id IN (SELECT event_id FROM event_participant WHERE actor_id = (SELECT id FROM record WHERE kind = 'actor' AND slug = $1))
    ORDER BY position, e.id LIMIT ${limit + 1}`,
})

export const timeline: Workload = {
  name: 'timeline',
  what: `the first ${limit} events of an actor`,
  goal: 0.75,
  async requests({ sql }) {
    const rows = await sql<{ slug: string }>(`
      SELECT slug FROM record JOIN event_participant ON actor_id = record.id
      GROUP BY slug HAVING count(*) > ${limit} ORDER BY md5(slug)`)
    return rows.map(({ slug }) => ({ path: `/v1/events?actor=${slug}&sort=on&limit=${limit}` }))
  },
  yardstick: {
    route: '/v1/events',
    ways: {
      json: (ask, { query }) => eventsAsJson(ask, found(query.actor)),
      rows: (ask, { query }) => eventsAsRows(ask, found(query.actor)),
    },
  },
}
