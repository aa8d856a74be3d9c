import { reconcileByHand } from '../yardsticks/reconcile.ts'
import type { Workload } from './workload.ts'

const batch = 10

export const reconcile: Workload = {
  name: 'reconcile',
  what: `${batch} names matched, as a spreadsheet spells them`,
  goal: 0.7,
  question: true,
  async requests({ sql }) {
    const names = await sql<{ name: string }>(
      `SELECT name FROM record WHERE kind = 'actor' ORDER BY md5(slug) LIMIT 1000`,
    )
    const spelt = names.map(({ name }, index) =>
      index % 3 === 0 ? name.toUpperCase() : index % 3 === 1 ? name.replace(/ \S+$/, '') : name,
    )
    return Array.from({ length: Math.floor(spelt.length / batch) }, (_, first) => {
      const queries = spelt.slice(first * batch, (first + 1) * batch)
      const asked = Object.fromEntries(queries.map((query, at) => [`q${at}`, { query }]))
      return { path: `/reconcile?queries=${encodeURIComponent(JSON.stringify(asked))}` }
    })
  },
  yardstick: { route: '/reconcile', ways: { json: reconcileByHand } },
}
