import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { isId } from './schema.ts'

/** A case with at least so many citations is large. */
const largeCaseCitations = 10_000

/**
 * Whether the case, by slug or id, has so many records that questions about all of them take long. False when there is no such
 * case.
 */
export async function isLargeCase(db: Db, ref: string): Promise<boolean> {
  const isCase = isId(ref) ? sql`record.id = ${ref}::uuid` : sql`record.slug = ${ref}`
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count
    FROM (
      SELECT
      FROM article
      JOIN citation ON citation.article_id = article.id
      WHERE article.case_id = (SELECT record.id FROM record WHERE record.kind = 'case' AND ${isCase})
      LIMIT ${sql.lit(largeCaseCitations)}
    ) AS cited`.execute(db)
  return rows[0]?.count === largeCaseCitations
}
