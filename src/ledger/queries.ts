import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import type { LedgerChange } from './ledger-change.ts'

/** The snapshot of a record at a revision. `revision` is the one that wrote it. */
export type PastSnapshot = { id: string; revision: number; content: Record<string, unknown> }

/**
 * The number of the newest revision at an instant; 0 before the first one.
 *
 * `committed_at` comes from the clocks of the writing processes. It may be equal in several revisions.
 */
export async function findRevisionAt(db: Db, instant: Date): Promise<number> {
  const { rows } = await sql<{ number: string }>`
    SELECT number
    FROM revision
    WHERE committed_at <= ${instant}
    ORDER BY committed_at DESC, number DESC
    LIMIT 1`.execute(db)
  return Number(rows[0]?.number ?? 0)
}

/** The snapshots of records at a revision. Records that did not exist then are left out. */
export async function loadSnapshotsAt(
  db: Db,
  ids: readonly string[],
  revision: number,
): Promise<Map<string, PastSnapshot>> {
  const { rows } = await sql<{ id: string; revision: string; document: string }>`
    SELECT requested.id, snapshot.revision, snapshot.document
    FROM unnest(${[...ids]}::uuid[]) AS requested(id),
      LATERAL (
        SELECT revision, document
        FROM ledger_document
        WHERE record_id = requested.id AND revision <= ${revision}
        ORDER BY revision DESC
        LIMIT 1
      ) AS snapshot`.execute(db)
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
  /** Up to and including this revision; null: to the newest. */
  until: number | null
  kinds: readonly string[] | null
  /** Id of a case. */
  caseId: string | null
  recordId: string | null
  limit: number
}

/** Changes of records in the order of the ledger, each with the snapshot before and after it. */
export async function listChanges(db: Db, query: ChangesQuery): Promise<LedgerChange[]> {
  const { rows } = await sql<
    Omit<LedgerChange, 'revision' | 'committedAt'> & { revision: string; committedAt: Date }
  >`
    SELECT
      snapshot.revision,
      revision.hash,
      revision.committed_at AS "committedAt",
      revision.author,
      revision.change,
      snapshot.record_id AS "recordId",
      record.kind,
      record.slug,
      snapshot.change AS action,
      snapshot.document AS after,
      (
        SELECT previous.document
        FROM ledger_document AS previous
        WHERE previous.record_id = snapshot.record_id AND previous.revision < snapshot.revision
        ORDER BY previous.revision DESC
        LIMIT 1
      ) AS before
    FROM ledger_document AS snapshot
    JOIN revision ON revision.number = snapshot.revision
    JOIN record ON record.id = snapshot.record_id
    WHERE ${sql.join(buildChangeFilters(query), sql` AND `)}
    ORDER BY snapshot.revision, snapshot.record_id
    LIMIT ${query.limit}`.execute(db)
  return rows.map((row) => ({
    ...row,
    revision: Number(row.revision),
    committedAt: row.committedAt.toISOString(),
  }))
}

/** Conditions of `listChanges`; the first one is the position. */
function buildChangeFilters({ after, until, kinds, caseId, recordId }: ChangesQuery) {
  const filters = [
    after.recordId === null
      ? sql`snapshot.revision > ${after.revision}`
      : sql`(snapshot.revision, snapshot.record_id) > (${after.revision}::bigint, ${after.recordId}::uuid)`,
  ]
  if (until !== null) filters.push(sql`snapshot.revision <= ${until}`)
  if (kinds !== null) filters.push(sql`record.kind = ANY(${[...kinds]}::text[])`)
  if (recordId !== null) filters.push(sql`snapshot.record_id = ${recordId}`)
  if (caseId !== null)
    filters.push(sql`(
      record.id = ${caseId}
      OR EXISTS (
        SELECT 1
        FROM citation
        JOIN article ON article.id = citation.article_id
        WHERE citation.record_id = record.id AND article.case_id = ${caseId}
      )
      OR EXISTS (
        SELECT 1 FROM article WHERE article.id = record.id AND article.case_id = ${caseId}
      )
    )`)
  return filters
}

export type LedgerRevision = {
  revision: number
  committedAt: string
  change: string
  author: string
  previousHash: string
  hash: string
}

/** The last revision. @throws {Problem} not-found before the first write */
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

/** The revisions after `since`, oldest first, each with its snapshots as one JSON text. */
export const buildLedgerQuery = (db: Db, since: number) =>
  sql<{ document: string }>`
    SELECT json_build_object(
      'revision', revision.number,
      'committedAt', to_char(
        revision.committed_at AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
      ),
      'change', revision.change,
      'author', revision.author,
      'documents', COALESCE(
        (
          SELECT json_agg(
            json_build_object(
              'record', snapshot.record_id,
              'change', snapshot.change,
              'hash', snapshot.hash,
              'text', snapshot.document
            )
            ORDER BY snapshot.record_id
          )
          FROM ledger_document AS snapshot
          WHERE snapshot.revision = revision.number
        ),
        '[]'::json
      ),
      'previousHash', revision.previous_hash,
      'hash', revision.hash
    )::text AS document
    FROM revision
    WHERE revision.number > ${since}
    ORDER BY revision.number`.compile(db)

/** Revisions of imports that search does not find yet. */
export async function countImportBacklog(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM search_backlog`.execute(db)
  return rows[0]?.count ?? 0
}
