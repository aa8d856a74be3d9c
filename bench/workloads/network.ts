import { queryNetwork } from '../yardsticks/network.ts'
import type { Workload } from './workload.ts'

const rootCount = 300

export const network: Workload = {
  name: 'network',
  what: 'the network around an actor, two steps of at most 100 nodes, with citations',
  goal: 0.7,
  isCrossRecord: true,
  /** Actors as they come: some with few connections, some with very many. */
  async requests({ sql }) {
    const rows = await sql<{ slug: string }>(`
      SELECT slug FROM record WHERE kind = 'actor' AND EXISTS (SELECT FROM event_participant WHERE actor_id = record.id)
      ORDER BY md5(slug) LIMIT ${rootCount}`)
    return rows.map(({ slug }) => ({ path: `/v1/network?actor=${slug}&depth=2` }))
  },
  yardstick: { route: '/v1/network', ways: { documents: queryNetwork } },
}
