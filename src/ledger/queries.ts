import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import type { LedgerChange } from './ledger-change.ts'

/** The document that a record had at a revision, as JSON, and the revision that gave it. */
export type PastSnapshot = { id: string; revision: number; content: Record<string, unknown> }

/**
 * The number of the revision that was the newest at an instant; 0 before the first.
 *
 * Instants are those that the writing processes saw; commits take turns, so the newest of them is meant.
 */
export async function findRevisionAt(db: Db, instant: Date): Promise<number> {
  const { rows } = await sql<{ number: string }>`
    SELECT number FROM revision WHERE committed_at <= ${instant} ORDER BY committed_at DESC, number DESC LIMIT 1`.execute(
    db,
  )
  return Number(rows[0]?.number ?? 0)
}

/** The documents that these records had at a revision; a record that did not exist then is left out. */
export async function loadSnapshotsAt(
  db: Db,
  ids: readonly string[],
  revision: number,
): Promise<Map<string, PastSnapshot>> {
  const { rows } = await sql<{ id: string; revision: string; document: string }>`
    SELECT wanted.id, past.revision, past.document FROM unnest(${[...ids]}::uuid[]) AS wanted(id),
    LATERAL (SELECT revision, document FROM ledger_document WHERE record_id = wanted.id AND revision <= ${revision}
      ORDER BY revision DESC LIMIT 1) AS past`.execute(db)
  return new Map(
    rows.map((row) => [
      row.id,
      { id: row.id, revision: Number(row.revision), content: JSON.parse(row.document) },
    ]),
  )
}

export type ChangesQuery = {
  /** After this revision, and within it after this record. */
  after: { revision: number; recordId: string | null }
  /** Up to and including this revision; null is to the end. */
  until: number | null
  kinds: readonly string[] | null
  /** Id of a case. */
  caseId: string | null
  recordId: string | null
  limit: number
}

/** Changes of records in the order of the ledger, each with the document before and after it. */
export async function listChanges(db: Db, query: ChangesQuery): Promise<LedgerChange[]> {
  const { after, until, kinds, caseId, recordId, limit } = query
  const position =
    after.recordId === null
      ? sql`d.revision > ${after.revision}`
      : sql`(d.revision, d.record_id) > (${after.revision}::bigint, ${after.recordId}::uuid)`
  const { rows } = await sql<
    Omit<LedgerChange, 'revision' | 'committedAt'> & { revision: string; committedAt: Date }
  >`
    SELECT d.revision, r.committed_at AS "committedAt", r.author, r.change, d.record_id AS "recordId",
      record.kind, record.slug, d.change AS action, d.document AS after,
      (SELECT p.document FROM ledger_document AS p WHERE p.record_id = d.record_id AND p.revision < d.revision
        ORDER BY p.revision DESC LIMIT 1) AS before
    FROM ledger_document AS d JOIN revision AS r ON r.number = d.revision JOIN record ON record.id = d.record_id
    WHERE ${position}
      ${until === null ? sql`` : sql`AND d.revision <= ${until}`}
      ${kinds === null ? sql`` : sql`AND record.kind = ANY(${[...kinds]}::text[])`}
      ${recordId === null ? sql`` : sql`AND d.record_id = ${recordId}`}
      ${
        caseId === null
          ? sql``
          : sql`AND (record.id = ${caseId} OR EXISTS (SELECT 1 FROM citation JOIN article ON article.id = citation.article_id WHERE citation.record_id = record.id AND article.case_id = ${caseId})
              OR EXISTS (SELECT 1 FROM article WHERE article.id = record.id AND article.case_id = ${caseId}))`
      }
    ORDER BY d.revision, d.record_id LIMIT ${limit}`.execute(db)
  return rows.map((row) => ({
    ...row,
    revision: Number(row.revision),
    committedAt: row.committedAt.toISOString(),
  }))
}

export type LedgerRevision = {
  revision: number
  committedAt: string
  change: string
  author: string
  previousHash: string
  hash: string
}

/** The end of the chain. @throws {Problem} not-found before the first write */
export async function getLedgerHead(db: Db): Promise<LedgerRevision> {
  const row = await db
    .selectFrom('revision')
    .select(['number', 'committed_at', 'change', 'author', 'previous_hash', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw new Problem('not-found', 'Nothing has been written yet.')
  return {
    revision: Number(row.number),
    committedAt: row.committed_at.toISOString(),
    change: row.change,
    author: row.author,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

/** Statement of the whole ledger after a revision, one JSON text a row, oldest first, for streaming. */
export const buildLedgerQuery = (db: Db, since: number) =>
  sql<{ document: string }>`
    SELECT json_build_object('revision', r.number, 'committedAt', to_char(r.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'change', r.change, 'author', r.author,
      'documents', COALESCE((SELECT json_agg(json_build_object('record', d.record_id, 'change', d.change, 'hash', d.hash, 'text', d.document) ORDER BY d.record_id)
        FROM ledger_document AS d WHERE d.revision = r.number), '[]'::json),
      'previousHash', r.previous_hash, 'hash', r.hash)::text AS document
    FROM revision AS r WHERE r.number > ${since} ORDER BY r.number`.compile(db)
