import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { indexText } from '../../evidence/text.ts'
import { comparedLengthMax } from '../../evidence/text-overlap.ts'
import { extractCitableText } from '../../records/kinds/articles/queries.ts'
import type { Reference } from '../../records/model/schema.ts'
import { referenceJson, referenceMembers } from '../../records/model/sql-json.ts'
import type { NamedRecord } from '../proposals/queries.ts'

/** The live article of a case whose source has this hash. */
export const findArticleByHash = (db: Db, caseId: string, sourceSha256: string) =>
  db
    .selectFrom('article')
    .innerJoin('record', 'record.id', 'article.id')
    .select('record.id')
    .where('article.case_id', '=', caseId)
    .where('article.source_sha256', '=', sourceSha256)
    .where('record.state', '=', 'live')
    .executeTakeFirst()

/** The note of the span of a page; null when there is none. */
export async function findPageNote(
  db: Db,
  articleId: string,
  page: number,
): Promise<string | null> {
  const row = await db
    .selectFrom('article_span')
    .select('note')
    .where('article_id', '=', articleId)
    .where('type', '=', 'page')
    .where('page', '=', page)
    .executeTakeFirst()
  return row?.note ?? null
}

/** The slugs of a kind that begin with this slug, those of retracted and merged records included. */
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

/** All publishers with a record, with their names. */
export async function findPublishers(db: Db): Promise<NamedRecord[]> {
  const { rows } = await sql<NamedRecord>`
    SELECT
      record.id,
      record.revision::int AS revision,
      TRUE AS "isLive",
      record.kind,
      record.slug,
      record.name,
      actor.type,
      actor.country,
      ARRAY(
        SELECT actor_alias.name
        FROM actor_alias
        WHERE actor_alias.actor_id = record.id
        ORDER BY position
      ) AS aliases
    FROM actor
    JOIN record ON record.id = actor.id
    WHERE actor.type = 'publisher' AND record.state = 'live'
  `.execute(db)
  return rows
}

type DuplicateCandidate = { article: Reference; case: Reference; text: string }

const candidatesMax = 20
/** A single shared fingerprint may be chance. */
const sharedFingerprintsMin = 2

/** The citable text of an article, and the articles of any case that share the most fingerprints with it. */
export async function findDuplicateCandidates(
  db: Db,
  id: string,
): Promise<{ article: Reference; text: string; candidates: DuplicateCandidate[] }> {
  type Row = { article: Reference; case: Reference; body: string; spans: Span[] }
  type Span = { type: string; start: number; end: number }
  const { rows } = await sql<Row>`
    WITH source AS (
      SELECT id, fingerprints FROM article WHERE id = ${id}
    ),
    candidate AS (
      SELECT
        other.id,
        (
          SELECT count(*)
          FROM unnest(other.fingerprints) AS fingerprint
          WHERE fingerprint = ANY(source.fingerprints)
        ) AS shared
      FROM source
      JOIN article AS other ON other.fingerprints && source.fingerprints AND other.id <> source.id
      JOIN record ON record.id = other.id AND record.state = 'live'
      ORDER BY shared DESC, other.id
      LIMIT ${candidatesMax}
    ),
    compared AS (
      SELECT id, NULL AS shared FROM source
      UNION ALL
      SELECT id, shared FROM candidate WHERE shared >= ${sharedFingerprintsMin}
    )
    SELECT
      ${jsonObject(referenceMembers('record'))} AS article,
      ${referenceJson('article.case_id')} AS case,
      left(COALESCE(article.body, ''), ${comparedLengthMax}) AS body,
      COALESCE(
        (
          SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at))
          FROM article_span
          WHERE article_id = article.id
        ),
        '[]'::json
      ) AS spans
    FROM compared
    JOIN article ON article.id = compared.id
    JOIN record ON record.id = article.id
    ORDER BY article.id <> ${id}, compared.shared DESC`.execute(db)
  const [source, ...candidates] = rows.map(({ body, spans, ...references }) => ({
    ...references,
    text: extractCitableText(indexText(body), spans),
  }))
  if (source === undefined) throw new Error(`There is no article with the id ${id}.`)
  return { article: source.article, text: source.text, candidates }
}
