import {
  queryTimelineAsJson,
  queryTimelineAsRows,
  queryTimelineAsSnapshots,
} from '../yardsticks/timeline.ts'
import type { Workload } from './workload.ts'

const limit = 50

export const timeline: Workload = {
  name: 'timeline',
  what: `the first ${limit} events on the timeline of an actor, with all citations`,
  goal: 0.7,
  isCrossRecord: true,
  async requests({ sql }) {
    const rows = await sql<{ slug: string }>(`
      SELECT slug FROM record JOIN event_participant ON actor_id = record.id
      GROUP BY slug HAVING count(*) > ${limit} ORDER BY md5(slug)`)
    return rows.map(({ slug }) => ({ path: `/v1/timeline?actor=${slug}` }))
  },
  yardstick: {
    route: '/v1/timeline',
    ways: {
      json: (ask, { query }) => queryTimelineAsJson(ask, query.actor),
      rows: (ask, { query }) => queryTimelineAsRows(ask, query.actor),
      documents: (ask, { query }) => queryTimelineAsSnapshots(ask, query.actor),
    },
  },
}
