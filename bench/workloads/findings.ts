import { findingsByHand } from '../yardsticks/findings.ts'
import { slugs } from './keys.ts'
import type { Workload } from './workload.ts'

export const findings: Workload = {
  name: 'findings',
  what: 'the findings of a permit by all rules, with their passages',
  goal: 0.7,
  question: true,
  requests: async (samples) =>
    (await slugs(samples, 'permit')).map((slug) => ({ path: `/v1/findings?permit=${slug}` })),
  yardstick: {
    route: '/v1/findings',
    ways: { json: (ask, { query }) => findingsByHand(ask, query.permit ?? '') },
  },
}
