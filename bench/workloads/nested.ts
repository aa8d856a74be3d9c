import { formatSingle } from '../yardsticks/responses.ts'
import {
  arraySql,
  citationsSql,
  objectSql,
  permitColumnsSql,
  referenceSql,
  statedDateSql,
} from '../yardsticks/sql-fragments.ts'
import { sampleSlugs } from './sample-slugs.ts'
import type { Workload } from './workload.ts'

const statement = `SELECT ${objectSql(`
  ${permitColumnsSql},
  ${arraySql(`x.becomes, ${statedDateSql('e.on')} AS "on", ${referenceSql('x.event_id', 'events')} AS event
    FROM event_effect x JOIN event e ON e.id = x.event_id WHERE x.permit_id = r.id
    ORDER BY COALESCE(e.on_earliest, '-infinity'), COALESCE(e.on_latest, 'infinity'), x.event_id, x.position`)} AS history,
  '[]'::json AS conflicts, ${citationsSql} AS citations`)}::text AS document
  FROM record r JOIN permit p ON p.id = r.id
  LEFT JOIN event_effect w ON w.permit_id = p.id AND w.becomes = 'issued' LEFT JOIN event i ON i.id = w.event_id
  WHERE r.kind = 'permit' AND r.slug = $1 AND r.state = 'live'`

export const nested: Workload = {
  name: 'nested',
  what: 'a permit with parties, goods, history and citations',
  isSingleRecord: true,
  goal: 0.75,
  requests: async (samples) =>
    (await sampleSlugs(samples, 'permit')).map((slug) => ({ path: `/v1/permits/${slug}` })),
  yardstick: {
    route: '/v1/permits/:slug',
    ways: {
      async json({ query }, { params }) {
        const [row] = await query<{ document: string }>('nested', statement, [params.slug])
        return formatSingle(row?.document ?? '')
      },
    },
  },
}
