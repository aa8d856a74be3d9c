import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'

const revisionsPerPage = 50
export type OriginRow = {
  ledger: string
  number: number
  hash: string
  facts: string
  /** Record ids with hashes, in the order of the ids. */
  documents: { record: string; hash: string }[]
}

export async function loadOrigins(db: Db, after: OriginRow | null): Promise<OriginRow[]> {
  const { rows } = await sql<OriginRow>`
    SELECT ledger, number::float8 AS number, hash, facts, COALESCE((
      SELECT json_agg(json_build_object('record', record_id, 'hash', hash) ORDER BY record_id)
      FROM origin_document
      WHERE origin_document.ledger = origin_revision.ledger AND origin_document.number = origin_revision.number
    ), '[]'::json) AS documents
    FROM origin_revision
    WHERE (ledger, number) > (${after?.ledger ?? ''}, ${after?.number ?? -1}::bigint)
    ORDER BY ledger, number
    LIMIT ${sql.lit(revisionsPerPage)}`.execute(db)
  return rows
}

/** A text that is of no document, or has another hash. */
export async function findStrayText(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`
    SELECT hash
    FROM origin_text
    WHERE NOT EXISTS (SELECT 1 FROM origin_document WHERE origin_document.hash = origin_text.hash)
      OR hash <> encode(sha256(convert_to(text, 'UTF8')), 'hex')
    LIMIT 1`.execute(db)
  return rows[0]?.hash
}
