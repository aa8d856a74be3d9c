import type { Kind } from '../../src/records/model/schema.ts'
import type { SampleSource } from './workload.ts'

/** More than are asked for in a round, and few enough to be kept ready. */
const maxSlugs = 20_000

/** Slugs of one kind in no order. */
export async function sampleSlugs({ sql }: SampleSource, kind: Kind): Promise<string[]> {
  const rows = await sql<{ slug: string }>(
    'SELECT slug FROM record WHERE kind = $1 ORDER BY md5(slug) LIMIT $2',
    [kind, maxSlugs],
  )
  return rows.map(({ slug }) => slug)
}
