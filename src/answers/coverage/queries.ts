import { sql } from 'kysely'
import type { Database, DatabaseSnapshot, Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { buildListStatement } from '../../records/model/list-queries.ts'
import type { Kind, Reference } from '../../records/model/schema.ts'
import { referenceMembers } from '../../records/model/sql-json.ts'

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

const recordsPerBatch = 50

export type CaseRecord = { kind: Kind; record: Record<string, unknown> & { id: string } }

/** All records of the case as lists show them, by kind and slug. */
export async function* streamCaseRecords(
  db: Db,
  { streamBatches }: DatabaseSnapshot,
  caseId: string,
): AsyncGenerator<CaseRecord[]> {
  for (const { kind, list } of Object.values(kinds)) {
    const request = { filterValues: { case: caseId }, sort: 'slug', limit: null, cursor: undefined }
    const query = buildListStatement(db, list, request, null)
    for await (const rows of streamBatches(query, recordsPerBatch))
      yield rows.map((row) => ({ kind, record: JSON.parse(row.document) }))
  }
}

/**
 * The fields with an anchored citation of these records, by record id. The empty field stands for the whole record: it is
 * cited by a row of a table.
 */
export async function loadCitedFields(
  db: Db,
  { fetchAll }: DatabaseSnapshot,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const query = sql<{ id: string; fields: string[] }>`
    SELECT record_id AS id, array_agg(DISTINCT COALESCE(field, '')) AS fields
    FROM citation
    WHERE (field IS NOT NULL OR starts_with(fragment, 'row='))
      AND state = 'anchored'
      AND record_id = ANY(${[...ids]}::uuid[])
    GROUP BY record_id`
  const rows = await fetchAll(query.compile(db))
  return new Map(rows.map(({ id, fields }) => [id, fields]))
}
