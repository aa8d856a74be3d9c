import type { Kind } from '../../src/records/model/schema.ts'
import type { Samples } from './workload.ts'

/** More than are asked for in a round, and few enough to be kept ready. */
const keysMax = 20_000

/** Slugs of one kind in no order. */
export async function slugs({ sql }: Samples, kind: Kind): Promise<string[]> {
  const rows = await sql<{ slug: string }>(
    'SELECT slug FROM record WHERE kind = $1 ORDER BY md5(slug) LIMIT $2',
    [kind, keysMax],
  )
  return rows.map(({ slug }) => slug)
}
