import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { type Kind, smallestId } from '../../../records/model/schema.ts'

const recordsPerPage = 500
export type RecordRow = {
  id: string
  slug: string
  /** The snapshot that is left of a record that was retracted or merged; null for a live one. */
  tombstone: Record<string, unknown> | null
  /** The last snapshot, as the ledger has it. */
  document: string | null
  /** The last snapshot of it when it was live; only of one that is not. */
  lastLive: string | null
}

export async function loadRecords(
  db: Db,
  kind: Kind,
  after: RecordRow | null,
): Promise<RecordRow[]> {
  const { rows } = await sql<RecordRow>`
    SELECT
      record.id, record.slug,
      CASE WHEN state <> 'live' THEN json_build_object(
        'id', id, 'kind', kind, 'slug', slug, 'revision', revision,
        'state', state, 'stateReason', state_reason, 'mergedInto', merged_into_id
      ) END AS tombstone,
      (
        SELECT document
        FROM ledger_document
        WHERE record_id = record.id
        ORDER BY revision DESC
        LIMIT 1
      ) AS document,
      CASE WHEN state <> 'live' THEN (
        SELECT document
        FROM ledger_document
        WHERE record_id = record.id AND NOT document::jsonb ? 'state'
        ORDER BY revision DESC
        LIMIT 1
      ) END AS "lastLive"
    FROM record
    WHERE kind = ${kind} AND record.id > ${after?.id ?? smallestId}::uuid
    ORDER BY record.id
    LIMIT ${sql.lit(recordsPerPage)}`.execute(db)
  return rows
}

/** Of each merged record the one that its references lead to. */
export async function loadMergedRecords(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; into: string }>`
    SELECT id, merged_into_id AS into
    FROM record
    WHERE merged_into_id IS NOT NULL`.execute(db)
  return new Map(rows.map(({ id, into }) => [id, into]))
}

/** A record of which the ledger has snapshots and the tables have nothing. */
export async function findMissingRecord(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT record_id AS id
    FROM ledger_document
    WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.id = record_id)
    LIMIT 1`.execute(db)
  return rows[0]?.id
}
