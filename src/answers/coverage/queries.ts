import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { buildListStatement } from '../../records/model/list-queries.ts'
import type { Reference } from '../../records/model/schema.ts'
import { referenceMembers } from '../../records/model/sql-json.ts'

/** @throws {Problem} not-found */
export async function getCaseReference(database: Database, id: string): Promise<Reference> {
  const { rows } = await sql<{ reference: Reference }>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference FROM record WHERE id = ${id}`.execute(
    database.db,
  )
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No case has the id ${id}.`)
  return row.reference
}

/** Every record of the case in its list form, by kind and slug. */
export async function* streamCaseRecords(database: Database, caseId: string) {
  for (const { kind, list } of Object.values(kinds)) {
    const request = { filterValues: { case: caseId }, sort: 'slug', limit: null, cursor: undefined }
    const rows = database.stream(buildListStatement(database.db, list, request, null))
    for await (const row of rows) yield { kind, record: JSON.parse(row.document) }
  }
}

/** The fields that have an anchored citation (the empty one is the record as a whole, read from a row), by id of the record, over all records of the case. */
export async function loadCitedFields(
  database: Database,
  caseId: string,
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; fields: string[] }>`
    SELECT record_id AS id, array_agg(DISTINCT COALESCE(field, '')) AS fields FROM citation
    WHERE (field IS NOT NULL OR starts_with(fragment, 'row=')) AND state = 'anchored'
      AND record_id IN (SELECT c.record_id FROM citation AS c JOIN article ON article.id = c.article_id WHERE article.case_id = ${caseId})
    GROUP BY record_id`.execute(database.db)
  return new Map(rows.map(({ id, fields }) => [id, fields]))
}
