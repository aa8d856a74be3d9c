import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { smallestId } from '../../../records/model/schema.ts'

export type Span = { type: string; start: number; end: number }

/** Of a long body: some ten thousand characters each. */
const partsPerPage = 16
const articlesPerPage = 8
export type ArticleRow = {
  id: string
  slug: string
  /** Null where it is long and stands in parts. */
  body: string | null
  bodySha256: string
  sourceSha256: string
  /** Computed now by PostgreSQL; null where the bytes stand in parts. */
  currentSourceSha256: string | null
  fingerprints: string[]
  spans: Span[]
}

export type PartRow = {
  startAt: number
  length: number
  text: string
  sha256: string
  source: Buffer
}

export async function loadArticles(db: Db, after: ArticleRow | null): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    SELECT
      article.id, record.slug, article.body, article.fingerprints,
      article.body_sha256 AS "bodySha256",
      article.source_sha256 AS "sourceSha256",
      encode(sha256(article.source), 'hex') AS "currentSourceSha256",
      COALESCE((
        SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at) ORDER BY position)
        FROM article_span
        WHERE article_id = article.id
      ), '[]'::json) AS spans
    FROM article
    JOIN record ON record.id = article.id
    WHERE article.id > ${after?.id ?? smallestId}::uuid
    ORDER BY article.id
    LIMIT ${sql.lit(articlesPerPage)}`.execute(db)
  return rows
}

export async function loadParts(
  db: Db,
  articleId: string,
  after: PartRow | null,
): Promise<PartRow[]> {
  const { rows } = await sql<PartRow>`
    SELECT start_at AS "startAt", length, text, sha256, source
    FROM article_part
    WHERE article_id = ${articleId} AND start_at > ${after?.startAt ?? -1}
    ORDER BY start_at
    LIMIT ${sql.lit(partsPerPage)}`.execute(db)
  return rows
}

export type AnchoredCitation = {
  id: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  /** Of the record that it is cited for. */
  slug: string
  kind: string
}

/** The anchored citations of an article that begin in this stretch of it, in the order of its text. */
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

export async function countAnchoredCitations(db: Db, articleId: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count
    FROM citation
    WHERE article_id = ${articleId} AND state = 'anchored'`.execute(db)
  return Number(rows[0]?.count)
}
