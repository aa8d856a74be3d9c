import { formatSingle } from '../yardsticks/responses.ts'
import { arraySql, citationsSql, objectSql } from '../yardsticks/sql-fragments.ts'
import { sampleSlugs } from './sample-slugs.ts'
import type { Workload } from './workload.ts'

const statement = `SELECT ${objectSql(`
  r.id, r.kind, r.slug, r.revision, '/v1/actors/' || r.slug AS href, a.type, r.name,
  ${arraySql('name, language FROM actor_alias WHERE actor_id = r.id ORDER BY position')} AS aliases, a.country,
  ${arraySql('scheme, value FROM actor_identifier WHERE actor_id = r.id ORDER BY position')} AS identifiers,
  '[]'::json AS conflicts, ${citationsSql} AS citations`)}::text AS document
  FROM record r JOIN actor a ON a.id = r.id WHERE r.kind = 'actor' AND r.slug = $1 AND r.state = 'live'`

export const byKey: Workload = {
  name: 'by-key',
  what: 'an actor by its slug',
  isSingleRecord: true,
  goal: 0.75,
  requests: async (samples) =>
    (await sampleSlugs(samples, 'actor')).map((slug) => ({ path: `/v1/actors/${slug}` })),
  yardstick: {
    route: '/v1/actors/:slug',
    ways: {
      async json({ query }, { params }) {
        const [row] = await query<{ document: string }>('by-key', statement, [params.slug])
        return formatSingle(row?.document ?? '')
      },
    },
  },
}
