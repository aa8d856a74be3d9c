import { queryFindings } from '../yardsticks/findings.ts'
import { sampleSlugs } from './sample-slugs.ts'
import type { Workload } from './workload.ts'

export const findings: Workload = {
  name: 'findings',
  what: 'the findings of a permit by all rules, with their passages',
  goal: 0.7,
  isCrossRecord: true,
  requests: async (samples) =>
    (await sampleSlugs(samples, 'permit')).map((slug) => ({ path: `/v1/findings?permit=${slug}` })),
  yardstick: {
    route: '/v1/findings',
    ways: { json: (ask, { query }) => queryFindings(ask, query.permit ?? '') },
  },
}
