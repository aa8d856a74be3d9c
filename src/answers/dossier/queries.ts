import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Kind } from '../../records/model/schema.ts'

/** The number of live records of a kind for which an article of the case is cited. */
export async function countCitedRecords(db: Db, kind: Kind, caseId: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*)::int AS total
    FROM record
    WHERE record.kind = ${kind}
      AND record.state = 'live'
      AND record.id IN (
        SELECT citation.record_id
        FROM article
        JOIN citation ON citation.article_id = article.id
        WHERE article.case_id = ${caseId}::uuid
      )`.execute(db)
  return rows[0]?.total ?? 0
}
