import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { indexText } from '../../evidence/text.ts'
import { comparedLengthMax } from '../../evidence/text-overlap.ts'
import { extractCitableText } from '../../records/kinds/articles/queries.ts'
import type { Reference } from '../../records/model/schema.ts'
import { referenceJson, referenceMembers } from '../../records/model/sql-json.ts'

/** The live article of a case that has these bytes. */
export const findArticleByHash = (db: Db, caseId: string, sourceSha256: string) =>
  db
    .selectFrom('article')
    .innerJoin('record', 'record.id', 'article.id')
    .select('record.id')
    .where('article.case_id', '=', caseId)
    .where('article.source_sha256', '=', sourceSha256)
    .where('record.state', '=', 'live')
    .executeTakeFirst()

/** The slugs of a kind, whatever became of the records, that begin with this one. */
export async function findSlugsWithPrefix(
  db: Db,
  kind: string,
  slug: string,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('record')
    .select('slug')
    .where('kind', '=', kind)
    .where('slug', '>=', slug)
    .where('slug', '<', `${slug}~`)
    .execute()
  return new Set(rows.map((row) => row.slug))
}

type DuplicateCandidate = { article: Reference; case: Reference; text: string }

const candidatesMax = 20
/** One of them is chance. */
const sharedFingerprintsMin = 2

/**
 * The article's own words, and the articles that share the most fingerprints with it. An article of its case may be
 * one, of another too.
 */
export async function findDuplicateCandidates(
  db: Db,
  id: string,
): Promise<{ article: Reference; text: string; candidates: DuplicateCandidate[] }> {
  type Row = { article: Reference; case: Reference; body: string; spans: Span[] }
  type Span = { type: string; start: number; end: number }
  const { rows } = await sql<Row>`
    WITH own AS (SELECT id, fingerprints FROM article WHERE id = ${id}),
    likely AS (
      SELECT other.id, (SELECT count(*) FROM unnest(other.fingerprints) AS f WHERE f = ANY(own.fingerprints)) AS shared
      FROM own JOIN article AS other ON other.fingerprints && own.fingerprints AND other.id <> own.id
      JOIN record ON record.id = other.id AND record.state = 'live'
      ORDER BY shared DESC, other.id LIMIT ${candidatesMax})
    SELECT ${jsonObject(referenceMembers('record'))} AS article, ${referenceJson('article.case_id')} AS case,
      left(COALESCE(article.body, ''), ${comparedLengthMax}) AS body,
      COALESCE((SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at)) FROM article_span
        WHERE article_id = article.id), '[]'::json) AS spans
    FROM (SELECT id, NULL AS shared FROM own UNION ALL SELECT id, shared FROM likely WHERE shared >= ${sharedFingerprintsMin}) AS chosen
    JOIN article ON article.id = chosen.id JOIN record ON record.id = article.id
    ORDER BY article.id <> ${id}, chosen.shared DESC`.execute(db)
  const [own, ...others] = rows.map(({ body, spans, ...rest }) => ({
    ...rest,
    text: extractCitableText(indexText(body), spans),
  }))
  if (own === undefined) throw new Error(`The article ${id} is not there.`)
  return { article: own.article, text: own.text, candidates: others }
}
