import { sql } from 'kysely'
import { jsonObject } from '../../database/columns.ts'
import type { Database } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { actorListing } from '../../records/kinds/actors/queries.ts'
import { affiliationListing } from '../../records/kinds/affiliations/queries.ts'
import { articleListing } from '../../records/kinds/articles/queries.ts'
import { caseListing } from '../../records/kinds/cases/queries.ts'
import { eventListing } from '../../records/kinds/events/queries.ts'
import { goodListing } from '../../records/kinds/goods/queries.ts'
import { measureListing } from '../../records/kinds/measures/queries.ts'
import { permitListing } from '../../records/kinds/permits/queries.ts'
import { listStatement } from '../../records/model/list-queries.ts'
import type { Kind, Reference } from '../../records/model/schema.ts'
import { referenceMembers } from '../../records/model/sql-json.ts'

const listings = {
  case: caseListing,
  article: articleListing,
  actor: actorListing,
  affiliation: affiliationListing,
  good: goodListing,
  permit: permitListing,
  measure: measureListing,
  event: eventListing,
} as const satisfies Record<Kind, unknown>

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
export async function* recordsOfCase(database: Database, caseId: string) {
  for (const [kind, listing] of Object.entries(listings) as [Kind, typeof caseListing][]) {
    const request = { given: { case: caseId }, sort: 'slug', limit: null, cursor: undefined }
    const rows = database.stream(listStatement(database.db, listing, request, null))
    for await (const row of rows) yield { kind, record: JSON.parse(row.document) }
  }
}

/** The fields that have an anchored citation (the empty one is the record as a whole, read from a row), by id of the record, over all records of the case. */
export async function citedFields(
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
