import { queryReconcile } from '../yardsticks/reconcile.ts'
import type { Workload } from './workload.ts'

const batchSize = 10

export const reconcile: Workload = {
  name: 'reconcile',
  what: `${batchSize} names matched, as a spreadsheet spells them`,
  goal: 0.7,
  isCrossRecord: true,
  async requests({ sql }) {
    const names = await sql<{ name: string }>(
      `SELECT name FROM record WHERE kind = 'actor' ORDER BY md5(slug) LIMIT 1000`,
    )
    const spellings = names.map(({ name }, index) =>
      index % 3 === 0 ? name.toUpperCase() : index % 3 === 1 ? name.replace(/ \S+$/, '') : name,
    )
    return Array.from({ length: Math.floor(spellings.length / batchSize) }, (_, first) => {
      const queries = spellings.slice(first * batchSize, (first + 1) * batchSize)
      const queryBatch = Object.fromEntries(queries.map((query, at) => [`q${at}`, { query }]))
      return { path: `/reconcile?queries=${encodeURIComponent(JSON.stringify(queryBatch))}` }
    })
  },
  yardstick: { route: '/reconcile', ways: { json: queryReconcile } },
}
