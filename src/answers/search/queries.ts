import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { type PlaceholderFactory, prepareStatement } from '../../database/prepared-statements.ts'
import {
  columnRef,
  joinFragments,
  jsonArray,
  jsonObject,
  type SqlFragment,
} from '../../database/sql-fragments.ts'
import { isId, type Kind, type Reference } from '../../records/model/schema.ts'
import { referenceJson, referenceMembers } from '../../records/model/sql-json.ts'

/** Of the records that fit, so many are counted; of the counted ones and of those that fit by name, so many are ranked. */
const countedMax = 2_000
/** The same of further stretches of long texts. */
const laterPartsMax = 500
const nameMatchesMax = 200
const rankedMax = 400
const quotesMax = 200

export type SearchRequest = {
  /** Of `toTsquery`. */
  tsquery: string
  /** A record of exactly this name comes first. */
  name: string
  kinds: readonly Kind[] | null
  case: string | null
  year: number | null
  limit: number
  after: { score: number; id: string } | null
}

/** A hit with all the texts in which the words can stand. */
export type SearchMatch = {
  record: Reference
  kind: Kind
  score: number
  fields: { field: string; text: string }[]
  quotes: {
    id: string
    article: Reference
    start: number
    quote: string
    prefix: string
    suffix: string
  }[]
  body: {
    text: string
    start: number
    boilerplate: { start: number; end: number }[]
  } | null
}

export type SearchResult = {
  hits: SearchMatch[]
  counted: number
  /** Whether all that fit were counted. */
  isWhole: boolean
  kinds: { value: Kind; count: number }[]
  cases: { value: Reference; count: number }[]
  years: { value: number; count: number }[]
}

/** The fields of a record beside its name in which words are looked for, as one JSON array. */
const selectFields = sql`(SELECT json_agg(json_build_object('field', field, 'text', text)) FROM (
  SELECT 'name' AS field, record.name AS text
  UNION ALL (SELECT 'aliases.' || position, name FROM actor_alias WHERE record.kind = 'actor' AND actor_id = record.id ORDER BY position)
  UNION ALL (SELECT 'identifiers.' || position || '.value', value FROM actor_identifier WHERE record.kind = 'actor' AND actor_id = record.id ORDER BY position)
  UNION ALL SELECT 'summary', summary FROM case_file WHERE record.kind = 'case' AND id = record.id
  UNION ALL SELECT 'authors.' || number - 1, author FROM article, unnest(authors) WITH ORDINALITY AS author (author, number) WHERE record.kind = 'article' AND id = record.id
  UNION ALL SELECT 'description', description FROM good WHERE record.kind = 'good' AND id = record.id
  UNION ALL (SELECT 'controlEntries.' || position || '.code', code FROM good_control_entry WHERE record.kind = 'good' AND good_id = record.id ORDER BY position)
  UNION ALL SELECT field, text FROM permit, LATERAL (VALUES ('number', number), ('legalBasis', legal_basis), ('exceptionRelied', exception_relied), ('statedEndUse.text', stated_end_use), ('restrictions', restrictions)) AS own (field, text) WHERE record.kind = 'permit' AND id = record.id
  UNION ALL (SELECT 'items.' || i.position || '.controlEntries', code FROM permit_item AS i, unnest(i.control_codes) AS code WHERE record.kind = 'permit' AND i.permit_id = record.id ORDER BY i.position)
  UNION ALL SELECT field, text FROM measure, LATERAL (VALUES ('scope', scope), ('exceptions', exceptions), ('reason.text', reason)) AS own (field, text) WHERE record.kind = 'measure' AND id = record.id
  UNION ALL SELECT field, text FROM event, LATERAL (VALUES ('description', description), ('assurance.use', scope_use)) AS own (field, text) WHERE record.kind = 'event' AND id = record.id
) AS told WHERE text IS NOT NULL)`

const selectQuotes = sql`COALESCE((SELECT json_agg(to_json(o)) FROM (
  SELECT citation.id, ${referenceJson('citation.article_id')} AS article, citation.start_at AS start, citation.quote, citation.prefix, citation.suffix
  FROM citation WHERE citation.record_id = record.id AND citation.state = 'anchored' ORDER BY citation.position LIMIT ${sql.lit(quotesMax)}) AS o), '[]'::json)`

const selectBody = sql`(SELECT ${jsonObject({
  text: sql`COALESCE(substr(article.body, page.start_at + 1, page.end_at - page.start_at), (
    SELECT substr(p.text, page.start_at - p.start_at + 1, page.end_at - page.start_at) FROM article_part AS p
    WHERE p.article_id = article.id AND p.start_at <= page.start_at ORDER BY p.start_at DESC LIMIT 1))`,
  start: sql`page.start_at`,
  boilerplate: jsonArray(
    { start: columnRef('article_span.start_at'), end: columnRef('article_span.end_at') },
    sql`article_span WHERE article_span.article_id = article.id AND article_span.type = 'boilerplate'`,
    columnRef('article_span.start_at'),
  ),
})} FROM article WHERE record.kind = 'article' AND article.id = record.id)`

const selectDocuments = (share: number) =>
  sql`SELECT d.ctid AS at, d.record_id, d.part, d.kind, d.case_ids, d.year_first, d.year_last, d.prominence, d.heads @@ (SELECT q FROM asked) AS is_headed, ${sql.lit(share)} AS share FROM search_document AS d`

/**
 * By the last byte of their ids the records fall into a 64th, seven times as many, and the rest, whose words have an index each
 * (in the migrations). A word that very many have stands often enough in the first, and the other indexes are left alone.
 */
const lastIdByte = sql`get_byte(uuid_send(d.record_id), 15)`
const indexPartitions = [
  { before: 0, size: 1 / 64, holds: sql`${lastIdByte} < 4` },
  { before: 1 / 64, size: 7 / 64, holds: sql`${lastIdByte} >= 4 AND ${lastIdByte} < 32` },
  { before: 1 / 8, size: 7 / 8, holds: sql`${lastIdByte} >= 32` },
]
const floatArray = (of: readonly number[]) => sql`(${sql.lit(`{${of.join(',')}}`)}::float8[])`

/**
 * How many documents have the words in their name, by how many do among the counted ones: as many times more as there are documents
 * beside those in which these were looked for, some shares and of the last one the stretch before the last of them in the table.
 */
const estimatedNameMatches = sql`count(*) / (SELECT ${floatArray(indexPartitions.map(({ before }) => before))}[share + 1] + ${floatArray(indexPartitions.map(({ size }) => size))}[share + 1]
  * (1 + (at::text::point)[0]) / (SELECT 1 + relpages FROM pg_class WHERE oid = 'search_document'::regclass) FROM matched WHERE part = 0 ORDER BY share DESC, at DESC LIMIT 1)`

/** Candidates with what they are worth. A name that has the words is worth 2 and more, all else together less than 2. */
const selectScored = sql`SELECT d.record_id, d.part, d.start_at, d.end_at, round((
    CASE WHEN d.record_id IN (SELECT record_id FROM named) THEN 4 WHEN d.heads @@ (SELECT q FROM asked) THEN 2 + 1.0 / length(d.heads) ELSE 0 END
    + ts_rank('{0.1, 0.2, 0.4, 1}', d.texts, (SELECT q FROM asked)) + 0.03 * ln(1 + d.prominence))::numeric, 6)::float8 AS score
  FROM candidates JOIN search_document AS d ON d.ctid = candidates.at`

/** What a document must fulfil beside the words. */
function filterConditions(request: SearchRequest, slot: PlaceholderFactory): SqlFragment[] {
  const { kinds, case: ofCase, year } = request
  return [
    ...(kinds ? [sql`d.kind = ANY(${slot('kinds')}::text[])`] : []),
    ...(ofCase === null
      ? []
      : [
          sql`d.case_ids @> ARRAY[${
            isId(ofCase)
              ? sql`${slot('case')}::uuid`
              : sql`(SELECT id FROM record WHERE kind = 'case' AND slug = ${slot('case')})`
          }]`,
        ]),
    ...(year === null ? [] : [sql`${slot('year')}::int BETWEEN d.year_first AND d.year_last`]),
  ]
}

/**
 * One statement: the documents that fit, at most `countedMax`; of those, and where there are more also of those that fit
 * by name, the most prominent ones are ranked; a page of them; and what the counted ones are. Where by these more fit by name
 * than would be looked at, no others are looked for. What fits by name comes before all else, so where a page is full of that,
 * nothing else is ranked. The words are given by sub-select, so that PostgreSQL never takes a common word for a reason to read the whole table.
 */
function searchStatement(db: Db, request: SearchRequest) {
  const { kinds, case: ofCase, year, after } = request
  const variant = [
    kinds ? 'kinds' : '',
    ofCase === null ? '' : isId(ofCase) ? 'id' : 'slug',
    year === null ? '' : 'year',
    after ? 'after' : '',
    // In the text, so that PostgreSQL plans for a page.
    request.limit,
  ].join('|')
  const values = {
    tsquery: request.tsquery,
    name: request.name,
    kinds,
    case: ofCase,
    year,
    afterScore: after?.score,
    afterId: after?.id,
  }
  return prepareStatement<{ answer: string }>(`search|${variant}`, values, (slot) => {
    const filters = filterConditions(request, slot)
    const fits = (vector: string) =>
      joinFragments([sql`d.${sql.raw(vector)} @@ (SELECT q FROM asked)`, ...filters], ' AND ')
    const isAfter = after
      ? sql`(score < ${slot('afterScore')}::float8 OR (score = ${slot('afterScore')}::float8 AND record_id > ${slot('afterId')}::uuid))`
      : sql`true`
    const partitionQueries = indexPartitions.map(
      ({ holds }, share) =>
        sql`(${selectDocuments(share)} WHERE d.part = 0 AND ${holds} AND ${fits('texts')})`,
    )
    const query = sql<{ answer: string }>`
WITH asked AS (SELECT to_tsquery('simple', replace(translate(fold(${slot('tsquery')}), '''\\', '  '), chr(1), '''')) AS q),
matched AS MATERIALIZED (
  (SELECT * FROM (${joinFragments(partitionQueries, ' UNION ALL ')}) AS d LIMIT ${sql.lit(countedMax + 1)})
  UNION ALL (${selectDocuments(0)} WHERE d.part > 0 AND ${fits('texts')} LIMIT ${sql.lit(laterPartsMax)})),
named AS MATERIALIZED (
  SELECT d.ctid AS at, d.record_id FROM search_document AS d JOIN search_name AS n ON n.record_id = d.record_id
  WHERE n.folded = romanised(${slot('name')}) AND ${joinFragments([sql`d.part = 0`, ...filters], ' AND ')} LIMIT ${sql.lit(nameMatchesMax)}),
known AS MATERIALIZED (SELECT at, prominence, record_id FROM matched WHERE part = 0 AND is_headed AND (SELECT count(*) FROM matched) > ${sql.lit(countedMax)}),
headed AS (
  SELECT at FROM (SELECT * FROM known UNION (SELECT d.ctid AS at, d.prominence, d.record_id FROM search_document AS d
    WHERE (SELECT count(*) FROM matched) > ${sql.lit(countedMax)} AND (SELECT ${estimatedNameMatches} FROM known) < ${sql.lit(2 * countedMax)} AND d.part = 0 AND ${fits('heads')} LIMIT ${sql.lit(countedMax)})) AS d
  ORDER BY prominence DESC, record_id LIMIT ${sql.lit(nameMatchesMax)}),
candidates AS MATERIALIZED (
  SELECT at, bool_or(leads) AS leads FROM (
    SELECT at, true AS leads FROM named UNION ALL SELECT at, true FROM headed
    UNION ALL (SELECT at, is_headed FROM matched ORDER BY prominence DESC, record_id LIMIT ${sql.lit(rankedMax)})) AS c GROUP BY at),
first AS MATERIALIZED (${selectScored} WHERE candidates.leads),
scored AS (SELECT * FROM first UNION ALL ${selectScored} WHERE NOT candidates.leads AND (SELECT count(*) FROM first WHERE ${isAfter}) <= ${sql.lit(request.limit)}),
ranked AS (SELECT DISTINCT ON (record_id) * FROM scored ORDER BY record_id, score DESC, part),
page AS (SELECT * FROM ranked WHERE ${isAfter} ORDER BY score DESC, record_id LIMIT ${sql.lit(request.limit + 1)}),
counted AS MATERIALIZED (
  (SELECT kind, case_ids, year_first, year_last FROM matched WHERE part = 0 LIMIT ${sql.lit(countedMax)})
  UNION ALL SELECT kind, case_ids, year_first, year_last FROM (SELECT DISTINCT ON (record_id) * FROM matched
    WHERE part > 0 AND record_id NOT IN (SELECT record_id FROM matched WHERE part = 0) ORDER BY record_id, part) AS further)
SELECT json_build_object(
  'hits', COALESCE((SELECT json_agg(to_json(o) ORDER BY o.score DESC, o.id) FROM (
    SELECT page.record_id AS id, page.score, record.kind, ${jsonObject(referenceMembers('record'))} AS record,
      ${selectFields} AS fields, ${selectQuotes} AS quotes, ${selectBody} AS body
    FROM page JOIN record ON record.id = page.record_id) AS o), '[]'::json),
  'counted', (SELECT count(*) FROM counted),
  'isWhole', (SELECT count(*) FROM matched WHERE part = 0) <= ${sql.lit(countedMax)} AND (SELECT count(*) FROM matched WHERE part > 0) < ${sql.lit(laterPartsMax)},
  'kinds', COALESCE((SELECT json_agg(to_json(f)) FROM (SELECT kind AS value, count(*) AS count FROM counted GROUP BY kind ORDER BY 2 DESC, 1) AS f), '[]'::json),
  'cases', COALESCE((SELECT json_agg(json_build_object('value', ${jsonObject(referenceMembers('record'))}, 'count', f.count) ORDER BY f.count DESC, record.slug) FROM (
    SELECT case_id, sum(count)::int AS count FROM (SELECT unnest(case_ids) AS case_id, count(*) FROM counted GROUP BY case_ids) AS c GROUP BY case_id ORDER BY 2 DESC, 1 LIMIT 20) AS f JOIN record ON record.id = f.case_id), '[]'::json),
  'years', COALESCE((SELECT json_agg(to_json(f)) FROM (
    SELECT year AS value, sum(count)::int AS count FROM (SELECT generate_series(year_first, year_last) AS year, count(*) FROM counted GROUP BY year_first, year_last) AS c GROUP BY year ORDER BY year) AS f), '[]'::json)
)::text AS answer`
    return { compile: () => query.compile(db) }
  })
}

export async function runSearch(db: Db, request: SearchRequest): Promise<SearchResult> {
  const { rows } = await db.executeQuery(searchStatement(db, request))
  return JSON.parse(rows[0]?.answer ?? '{}') as SearchResult
}

/** Those of the words that stand nowhere. One document would tell; asked for more, PostgreSQL does not take reading the table for quicker. */
export async function findUnknownWords(db: Db, words: readonly string[]): Promise<string[]> {
  const partitionQueries = [
    sql`d.part > 0`,
    ...indexPartitions.map(({ holds }) => sql`d.part = 0 AND ${holds}`),
  ].map((place) => sql`SELECT FROM search_document AS d WHERE ${place} AND d.texts @@ asked.q`)
  const { rows } = await sql<{ word: string }>`
    SELECT word FROM (SELECT word, plainto_tsquery('simple', search_words(word)) AS q FROM unnest(${[...words]}::text[]) AS word OFFSET 0) AS asked
    WHERE (SELECT count(*) FROM (${joinFragments(partitionQueries, ' UNION ALL ')} LIMIT ${sql.lit(countedMax)}) AS d) = 0`.execute(
    db,
  )
  return rows.map(({ word }) => word)
}

/** Names of actors and goods that are like the word, as romanised. */
export async function findSimilarNames(db: Db, word: string): Promise<string[]> {
  const { rows } = await sql<{
    folded: string
  }>`SELECT folded FROM names_like(${word}, 50)`.execute(db)
  return rows.map(({ folded }) => folded)
}
