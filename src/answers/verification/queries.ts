import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'

/** How much there is to verify. */
export async function countVerifiable(db: Db) {
  const { rows } = await sql<{ revisions: number; citations: number; records: number }>`
    SELECT
      (SELECT count(*) FROM revision)::float8 AS revisions,
      (SELECT count(*) FROM citation WHERE state = 'anchored')::float8 AS citations,
      (SELECT count(*) FROM record)::float8 AS records`.execute(db)
  return rows[0] ?? { revisions: 0, citations: 0, records: 0 }
}
