import { querySearch } from '../yardsticks/search.ts'
import type { Workload } from './workload.ts'

const limit = 20

export const search: Workload = {
  name: 'search',
  what: `the first ${limit} of what has some words, with facets`,
  goal: 0.7,
  isCrossRecord: true,
  /** As people search: names, a name with a word, words, a phrase, a word that is everywhere. */
  async requests({ sql }) {
    const names = await sql<{ name: string }>(
      `SELECT name FROM record WHERE kind IN ('actor', 'good') ORDER BY md5(slug) LIMIT 400`,
    )
    const words = ['embargo', 'drone engine', 'assurances checked', '"risk of diversion"', 'export']
    const queries = names.flatMap(({ name }, index) => {
      const word = words[index % words.length] ?? ''
      return index % 4 === 0 ? [name, word] : index % 4 === 1 ? [`${name} permit`] : [`"${name}"`]
    })
    return queries.map((q) => ({ path: `/v1/search?q=${encodeURIComponent(q)}&limit=${limit}` }))
  },
  yardstick: { route: '/v1/search', ways: { json: querySearch } },
}
