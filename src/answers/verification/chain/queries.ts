import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { smallestId } from '../../../records/model/schema.ts'

const snapshotsPerPage = 500
const revisionsPerPage = 500
export type RevisionRow = {
  revision: number
  committedAt: Date
  change: string
  author: string
  previousHash: string
  hash: string
}

export type SnapshotRow = {
  revision: number
  record: string
  change: string
  hash: string
  text: string
}

export async function loadRevisions(db: Db, after: RevisionRow | null): Promise<RevisionRow[]> {
  const { rows } = await sql<RevisionRow>`
    SELECT
      number::float8 AS revision, committed_at AS "committedAt", change, author,
      previous_hash AS "previousHash", hash
    FROM revision
    WHERE number > ${after?.revision ?? -1}
    ORDER BY number
    LIMIT ${sql.lit(revisionsPerPage)}`.execute(db)
  return rows
}

export async function loadSnapshots(db: Db, after: SnapshotRow | null): Promise<SnapshotRow[]> {
  const { rows } = await sql<SnapshotRow>`
    SELECT revision::float8 AS revision, record_id AS record, change, hash, document AS text
    FROM ledger_document
    WHERE (revision, record_id) > (${after?.revision ?? -1}::bigint, ${after?.record ?? smallestId}::uuid)
    ORDER BY revision, record_id
    LIMIT ${sql.lit(snapshotsPerPage)}`.execute(db)
  return rows
}
