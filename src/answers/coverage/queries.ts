import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { Problem } from '../../problem.ts'
import { actorList } from '../../records/kinds/actors/queries.ts'
import { affiliationList } from '../../records/kinds/affiliations/queries.ts'
import { articleList } from '../../records/kinds/articles/queries.ts'
import { caseList } from '../../records/kinds/cases/queries.ts'
import { eventList } from '../../records/kinds/events/queries.ts'
import { goodList } from '../../records/kinds/goods/queries.ts'
import { measureList } from '../../records/kinds/measures/queries.ts'
import { permitList } from '../../records/kinds/permits/queries.ts'
import { buildListStatement } from '../../records/model/list-queries.ts'
import type { Kind, Reference } from '../../records/model/schema.ts'
import { referenceMembers } from '../../records/model/sql-json.ts'

const listings = {
  case: caseList,
  article: articleList,
  actor: actorList,
  affiliation: affiliationList,
  good: goodList,
  permit: permitList,
  measure: measureList,
  event: eventList,
} as const satisfies Record<Kind, unknown>

/** @throws {Problem} not-found */
export async function getCaseReference(database: Database, id: string): Promise<Reference> {
  const query = sql<{ reference: Reference }>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference
    FROM record
    WHERE id = ${id}`
  const { rows } = await query.execute(database.db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No case has the id ${id}.`)
  return row.reference
}

/** All records of the case as lists show them, by kind and slug. */
export async function* streamCaseRecords(database: Database, caseId: string) {
  for (const [kind, listing] of Object.entries(listings) as [Kind, typeof caseList][]) {
    const request = { filterValues: { case: caseId }, sort: 'slug', limit: null, cursor: undefined }
    const rows = database.stream(buildListStatement(database.db, listing, request, null))
    for await (const row of rows) yield { kind, record: JSON.parse(row.document) }
  }
}

/**
 * The fields with an anchored citation of each record of the case, by record id. The empty field stands for the whole
 * record: it is cited by a row of a table.
 */
export async function loadCitedFields(
  database: Database,
  caseId: string,
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; fields: string[] }>`
    SELECT record_id AS id, array_agg(DISTINCT COALESCE(field, '')) AS fields
    FROM citation
    WHERE (field IS NOT NULL OR starts_with(fragment, 'row='))
      AND state = 'anchored'
      AND record_id IN (
        SELECT case_citation.record_id
        FROM citation AS case_citation
        JOIN article ON article.id = case_citation.article_id
        WHERE article.case_id = ${caseId}
      )
    GROUP BY record_id`.execute(database.db)
  return new Map(rows.map(({ id, fields }) => [id, fields]))
}
