import { type CompiledQuery, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Kind } from '../../records/model/schema.ts'
import { uncitableSpansJson } from '../../records/model/sql-json.ts'

export type StoredArticle = {
  id: string
  slug: string
  /** Null for a long text, which is stored in parts. */
  body: string | null
  bodySha256: string
  /** Parts of the text that may not be cited. */
  spans: { start: number; end: number }[]
}

/** All articles, for a stream. */
export const articlesStatement = (db: Db): CompiledQuery<StoredArticle> =>
  sql<StoredArticle>`
    SELECT article.id, record.slug, article.body, article.body_sha256 AS "bodySha256",
      ${uncitableSpansJson} AS spans
    FROM article
    JOIN record ON record.id = article.id
    ORDER BY article.id`.compile(db)

type AnchoredCitation = {
  id: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  /** Slug and kind of the record that the citation supports. */
  slug: string
  kind: string
}

/**
 * The anchored citations that begin in a range of the article, in the order of the text.
 *
 * @param from first code point
 * @param to code point after the last one
 */
export async function loadAnchoredCitations(
  db: Db,
  articleId: string,
  from: number,
  to: number,
): Promise<AnchoredCitation[]> {
  const { rows } = await sql<AnchoredCitation>`
    SELECT citation.id, start_at AS start, end_at AS end, quote, prefix, suffix, record.slug, record.kind
    FROM citation
    JOIN record ON record.id = citation.record_id
    WHERE article_id = ${articleId}
      AND start_at >= ${from}
      AND start_at < ${to}
      AND citation.state = 'anchored'
    ORDER BY start_at`.execute(db)
  return rows
}

export async function countVerifiable(
  db: Db,
): Promise<{ revisions: number; citations: number; records: number }> {
  const { rows } = await sql<{ revisions: number; citations: number; records: number }>`
    SELECT
      (SELECT count(*) FROM revision)::float8 AS revisions,
      (SELECT count(*) FROM citation WHERE state = 'anchored')::float8 AS citations,
      (SELECT count(*) FROM record)::float8 AS records`.execute(db)
  return rows[0] ?? { revisions: 0, citations: 0, records: 0 }
}

export async function countAnchoredCitations(db: Db, articleId: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count
    FROM citation
    WHERE article_id = ${articleId} AND state = 'anchored'`.execute(db)
  return Number(rows[0]?.count)
}

type LatestSnapshotRow = {
  id: string
  slug: string
  /** The expected snapshot of a retracted or merged record; null for a live one. */
  tombstone: Record<string, unknown> | null
  /** The text of the last snapshot in the ledger; null when there is none. */
  snapshot: string | null
}

/** The next records of a kind after an id, in any state, by id. */
export async function loadNextRecords(
  db: Db,
  kind: Kind,
  after: string,
  limit: number,
): Promise<LatestSnapshotRow[]> {
  const { rows } = await sql<LatestSnapshotRow>`
    SELECT record.id, record.slug,
      CASE WHEN state <> 'live' THEN json_build_object(
        'id', id,
        'kind', kind,
        'slug', slug,
        'revision', revision,
        'state', state,
        'stateReason', state_reason,
        'mergedInto', merged_into_id
      ) END AS tombstone,
      (
        SELECT document
        FROM ledger_document
        WHERE record_id = record.id
        ORDER BY revision DESC
        LIMIT 1
      ) AS snapshot
    FROM record
    WHERE kind = ${kind} AND record.id > ${after}::uuid
    ORDER BY record.id
    LIMIT ${limit}`.execute(db)
  return rows
}

/** The id of a record that has snapshots in the ledger, but no row in `record`; undefined when there is none. */
export async function findMissingRecord(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT record_id AS id
    FROM ledger_document
    WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.id = record_id)
    LIMIT 1`.execute(db)
  return rows[0]?.id
}
