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
import { isUncitableSpan, referenceJson, referenceMembers } from '../../records/model/sql-json.ts'

/** Matching records to count. */
const countedMax = 2_000
/** Matching later parts of long texts, in addition. */
const laterPartsMax = 500
/** Records that match by name, to rank in any case. */
const nameMatchesMax = 200
/** Other matching records to rank. */
const rankedMax = 400
/** Quotes of a record in which to look for snippets. */
const quotesMax = 200

export type SearchRequest = {
  /** From `toTsquery`. */
  tsquery: string
  /** Records with exactly this name come first. */
  name: string
  kinds: readonly Kind[] | null
  case: string | null
  year: number | null
  limit: number
  after: { score: number; id: string } | null
}

/** A hit with all texts that can contain the words. */
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
  /** Whether all matching records were counted. */
  isExact: boolean
  kinds: { value: Kind; count: number }[]
  cases: { value: Reference; count: number }[]
  years: { value: number; count: number }[]
}

/** The searched fields of a record, as one JSON array. */
const selectFields = sql`(
  SELECT json_agg(json_build_object('field', field, 'text', text))
  FROM (
    SELECT 'name' AS field, record.name AS text
    UNION ALL (
      SELECT 'aliases.' || position, name
      FROM actor_alias
      WHERE record.kind = 'actor' AND actor_id = record.id
      ORDER BY position
    )
    UNION ALL (
      SELECT 'identifiers.' || position || '.value', value
      FROM actor_identifier
      WHERE record.kind = 'actor' AND actor_id = record.id
      ORDER BY position
    )
    UNION ALL (
      SELECT 'otherNames.' || position || '.name', name
      FROM place_name
      WHERE record.kind = 'place' AND place_id = record.id
      ORDER BY position
    )
    UNION ALL (
      SELECT 'identifiers.' || position || '.value', value
      FROM place_identifier
      WHERE record.kind = 'place' AND place_id = record.id
      ORDER BY position
    )
    UNION ALL
    SELECT 'summary', summary FROM case_file WHERE record.kind = 'case' AND id = record.id
    UNION ALL
    SELECT 'authors.' || number - 1, author
    FROM article, unnest(authors) WITH ORDINALITY AS author (author, number)
    WHERE record.kind = 'article' AND id = record.id
    UNION ALL
    SELECT 'description', description FROM good WHERE record.kind = 'good' AND id = record.id
    UNION ALL (
      SELECT 'controlEntries.' || position || '.code', code
      FROM good_control_entry
      WHERE record.kind = 'good' AND good_id = record.id
      ORDER BY position
    )
    UNION ALL
    SELECT field, text
    FROM permit, LATERAL (VALUES
      ('number', number),
      ('legalBasis', legal_basis),
      ('exceptionRelied', exception_relied),
      ('statedEndUse.text', stated_end_use),
      ('restrictions', restrictions)
    ) AS permit_field (field, text)
    WHERE record.kind = 'permit' AND id = record.id
    UNION ALL (
      SELECT 'items.' || item.position || '.controlEntries', code
      FROM permit_item AS item, unnest(item.control_codes) AS code
      WHERE record.kind = 'permit' AND item.permit_id = record.id
      ORDER BY item.position
    )
    UNION ALL
    SELECT field, text
    FROM measure, LATERAL (VALUES
      ('scope', scope),
      ('exceptions', exceptions),
      ('reason.text', reason)
    ) AS measure_field (field, text)
    WHERE record.kind = 'measure' AND id = record.id
    UNION ALL
    SELECT field, text
    FROM event, LATERAL (VALUES
      ('description', description),
      ('assurance.use', scope_use)
    ) AS event_field (field, text)
    WHERE record.kind = 'event' AND id = record.id
  ) AS record_field
  WHERE text IS NOT NULL
)`

const selectQuotes = sql`COALESCE((
  SELECT json_agg(to_json(quoted))
  FROM (
    SELECT citation.id, ${referenceJson('citation.article_id')} AS article,
      citation.start_at AS start, citation.quote, citation.prefix, citation.suffix
    FROM citation
    WHERE citation.record_id = record.id AND citation.state = 'anchored'
    ORDER BY citation.position
    LIMIT ${sql.lit(quotesMax)}
  ) AS quoted
), '[]'::json)`

/** The part of the body that matched. The body of a long text is in `article_part`. */
const selectBody = sql`(SELECT ${jsonObject({
  text: sql`COALESCE(
    substr(article.body, page.start_at + 1, page.end_at - page.start_at),
    (
      SELECT substr(part.text, page.start_at - part.start_at + 1, page.end_at - page.start_at)
      FROM article_part AS part
      WHERE part.article_id = article.id AND part.start_at <= page.start_at
      ORDER BY part.start_at DESC
      LIMIT 1
    )
  )`,
  start: sql`page.start_at`,
  boilerplate: jsonArray(
    { start: columnRef('article_span.start_at'), end: columnRef('article_span.end_at') },
    sql`article_span
      WHERE article_span.article_id = article.id AND ${isUncitableSpan}`,
    columnRef('article_span.start_at'),
  ),
})} FROM article WHERE record.kind = 'article' AND article.id = record.id)`

/** A subquery, so that PostgreSQL plans without knowing the words: for a common word it would read the whole table. */
const searchTsquery = sql`(SELECT tsquery FROM search_query)`

const matchesVector = (vector: 'texts' | 'heads'): SqlFragment =>
  sql`doc.${sql.ref(vector)} @@ ${searchTsquery}`

/** @param share index of the partition in `indexPartitions` */
const selectDocuments = (share: number) => sql`
  SELECT doc.ctid AS location, doc.record_id, doc.part, doc.kind, doc.case_ids,
    doc.year_first, doc.year_last, doc.prominence,
    ${matchesVector('heads')} AS matches_name, ${sql.lit(share)} AS share
  FROM search_document AS doc`

/**
 * The last byte of the id divides the records into a 64th, seven times as many, and the rest. The words of each share have an
 * index of their own (in the migrations). For a common word the first share has enough matches, and the other indexes are
 * not read.
 */
const lastIdByte = sql`get_byte(uuid_send(doc.record_id), 15)`
const indexPartitions = [
  { before: 0, size: 1 / 64, condition: sql`${lastIdByte} < 4` },
  { before: 1 / 64, size: 7 / 64, condition: sql`${lastIdByte} >= 4 AND ${lastIdByte} < 32` },
  { before: 1 / 8, size: 7 / 8, condition: sql`${lastIdByte} >= 32` },
]
const floatArray = (numbers: readonly number[]) =>
  sql`(${sql.lit(`{${numbers.join(',')}}`)}::float8[])`

/**
 * Estimates how many records match by name: the number among the counted ones, divided by the fraction of the table that was
 * read. That fraction is the shares before the last one, and of the last share the pages up to the last match.
 */
const estimatedNameMatches = sql`
  count(*) / (
    SELECT
      ${floatArray(indexPartitions.map(({ before }) => before))}[share + 1]
      + ${floatArray(indexPartitions.map(({ size }) => size))}[share + 1]
      * (1 + (location::text::point)[0])
      / (SELECT 1 + relpages FROM pg_class WHERE oid = 'search_document'::regclass)
    FROM matched
    WHERE part = 0
    ORDER BY share DESC, location DESC
    LIMIT 1
  )`

/** Candidates with their scores: 4 more for the exact name, 2 to 3 more for words in the name; the rest stays below 2. */
const selectScored = sql`
  SELECT doc.record_id, doc.part, doc.start_at, doc.end_at,
    round((
      CASE
        WHEN doc.record_id IN (SELECT record_id FROM exact_names) THEN 4
        WHEN ${matchesVector('heads')} THEN 2 + 1.0 / length(doc.heads)
        ELSE 0
      END
      + ts_rank('{0.1, 0.2, 0.4, 1}', doc.texts, ${searchTsquery})
      + 0.03 * ln(1 + doc.prominence)
    )::numeric, 6)::float8 AS score
  FROM candidates
  JOIN search_document AS doc ON doc.ctid = candidates.location`

function buildFilterConditions(request: SearchRequest, slot: PlaceholderFactory): SqlFragment[] {
  const { kinds, case: caseRef, year } = request
  const conditions: SqlFragment[] = []
  if (kinds) conditions.push(sql`doc.kind = ANY(${slot('kinds')}::text[])`)
  if (caseRef !== null) {
    const caseId = isId(caseRef)
      ? sql`${slot('case')}::uuid`
      : sql`(SELECT id FROM record WHERE kind = 'case' AND slug = ${slot('case')})`
    conditions.push(sql`doc.case_ids @> ARRAY[${caseId}]`)
  }
  if (year !== null)
    conditions.push(sql`${slot('year')}::int BETWEEN doc.year_first AND doc.year_last`)
  return conditions
}

const allOf = (conditions: readonly SqlFragment[]): SqlFragment =>
  joinFragments(conditions, ' AND ')

/** The first matches of the words: at most `countedMax + 1` records, and `laterPartsMax` later parts of long texts. */
function selectMatched(filters: readonly SqlFragment[]): SqlFragment {
  const textConditions = allOf([matchesVector('texts'), ...filters])
  const partitionQueries = indexPartitions.map(
    ({ condition }, share) =>
      sql`(${selectDocuments(share)} WHERE doc.part = 0 AND ${condition} AND ${textConditions})`,
  )
  return sql`
    (
      SELECT *
      FROM (${joinFragments(partitionQueries, ' UNION ALL ')}) AS doc
      LIMIT ${sql.lit(countedMax + 1)}
    )
    UNION ALL (
      ${selectDocuments(0)}
      WHERE doc.part > 0 AND ${textConditions}
      LIMIT ${sql.lit(laterPartsMax)}
    )`
}

/** Records whose name is exactly the text of the query. */
const selectExactNames = (filters: readonly SqlFragment[], slot: PlaceholderFactory) => sql`
  SELECT doc.ctid AS location, doc.record_id
  FROM search_document AS doc
  JOIN search_name ON search_name.record_id = doc.record_id
  WHERE search_name.folded = romanised(${slot('name')})
    AND ${allOf([sql`doc.part = 0`, ...filters])}
  LIMIT ${sql.lit(nameMatchesMax)}`

const hasMoreThanCounted = sql`(SELECT count(*) FROM matched) > ${sql.lit(countedMax)}`

/**
 * Only if there are more matches than are counted: the most prominent records with the words in their name. The index of names
 * finds them, unless the estimate says that there are too many; then those among the counted records are enough.
 */
const selectNameMatches = (filters: readonly SqlFragment[]) => sql`
  SELECT location
  FROM (
    SELECT * FROM counted_name_matches
    UNION (
      SELECT doc.ctid AS location, doc.prominence, doc.record_id
      FROM search_document AS doc
      WHERE ${hasMoreThanCounted}
        AND (SELECT ${estimatedNameMatches} FROM counted_name_matches) < ${sql.lit(2 * countedMax)}
        AND doc.part = 0
        AND ${allOf([matchesVector('heads'), ...filters])}
      LIMIT ${sql.lit(countedMax)}
    )
  ) AS name_match
  ORDER BY prominence DESC, record_id
  LIMIT ${sql.lit(nameMatchesMax)}`

/** The documents to rank. `matches_name`: by the exact name or by words in the name. */
const selectCandidates = sql`
  SELECT location, bool_or(matches_name) AS matches_name
  FROM (
    SELECT location, true AS matches_name FROM exact_names
    UNION ALL SELECT location, true FROM name_matches
    UNION ALL (
      SELECT location, matches_name
      FROM matched
      ORDER BY prominence DESC, record_id
      LIMIT ${sql.lit(rankedMax)}
    )
  ) AS candidate
  GROUP BY location`

/** The records to count. A record whose first part does not match counts by one of its later parts. */
const selectCounted = sql`
  (
    SELECT kind, case_ids, year_first, year_last
    FROM matched
    WHERE part = 0
    LIMIT ${sql.lit(countedMax)}
  )
  UNION ALL
  SELECT kind, case_ids, year_first, year_last
  FROM (
    SELECT DISTINCT ON (record_id) *
    FROM matched
    WHERE part > 0 AND record_id NOT IN (SELECT record_id FROM matched WHERE part = 0)
    ORDER BY record_id, part
  ) AS later_part`

/** `SearchResult` as JSON, from `page`, `counted` and `matched`. */
const selectResult = sql`
  SELECT json_build_object(
    'hits', COALESCE((
      SELECT json_agg(to_json(hit) ORDER BY hit.score DESC, hit.id)
      FROM (
        SELECT page.record_id AS id, page.score, record.kind,
          ${jsonObject(referenceMembers('record'))} AS record,
          ${selectFields} AS fields,
          ${selectQuotes} AS quotes,
          ${selectBody} AS body
        FROM page
        JOIN record ON record.id = page.record_id
      ) AS hit
    ), '[]'::json),
    'counted', (SELECT count(*) FROM counted),
    'isExact',
      (SELECT count(*) FROM matched WHERE part = 0) <= ${sql.lit(countedMax)}
      AND (SELECT count(*) FROM matched WHERE part > 0) < ${sql.lit(laterPartsMax)},
    'kinds', COALESCE((
      SELECT json_agg(to_json(kind_count))
      FROM (
        SELECT kind AS value, count(*) AS count FROM counted GROUP BY kind ORDER BY 2 DESC, 1
      ) AS kind_count
    ), '[]'::json),
    'cases', COALESCE((
      SELECT json_agg(
        json_build_object('value', ${jsonObject(referenceMembers('record'))}, 'count', case_count.count)
        ORDER BY case_count.count DESC, record.slug
      )
      FROM (
        SELECT case_id, sum(count)::int AS count
        FROM (
          SELECT unnest(case_ids) AS case_id, count(*) FROM counted GROUP BY case_ids
        ) AS case_list
        GROUP BY case_id
        ORDER BY 2 DESC, 1
        LIMIT 20
      ) AS case_count
      JOIN record ON record.id = case_count.case_id
    ), '[]'::json),
    'years', COALESCE((
      SELECT json_agg(to_json(year_count))
      FROM (
        SELECT year AS value, sum(count)::int AS count
        FROM (
          SELECT generate_series(year_first, year_last) AS year, count(*)
          FROM counted
          GROUP BY year_first, year_last
        ) AS year_range
        GROUP BY year
        ORDER BY year
      ) AS year_count
    ), '[]'::json)
  )::text AS answer`

/**
 * The search in one statement: match, rank the most prominent matches, select a page, count. Matches by name rank above all
 * others, so if they fill the page, nothing else is ranked.
 */
function buildSearchQuery(request: SearchRequest, slot: PlaceholderFactory) {
  const filters = buildFilterConditions(request, slot)
  const afterScore = sql`${slot('afterScore')}::float8`
  const isAfter = request.after
    ? sql`(
        score < ${afterScore}
        OR (score = ${afterScore} AND record_id > ${slot('afterId')}::uuid)
      )`
    : sql`true`
  return sql<{ answer: string }>`
    WITH search_query AS (
      SELECT to_tsquery(
        'simple',
        replace(translate(fold(${slot('tsquery')}), '''\\', '  '), chr(1), '''')
      ) AS tsquery
    ),
    matched AS MATERIALIZED (${selectMatched(filters)}),
    exact_names AS MATERIALIZED (${selectExactNames(filters, slot)}),
    counted_name_matches AS MATERIALIZED (
      SELECT location, prominence, record_id
      FROM matched
      WHERE part = 0 AND matches_name AND ${hasMoreThanCounted}
    ),
    name_matches AS (${selectNameMatches(filters)}),
    candidates AS MATERIALIZED (${selectCandidates}),
    scored_names AS MATERIALIZED (${selectScored} WHERE candidates.matches_name),
    scored AS (
      SELECT * FROM scored_names
      UNION ALL
      ${selectScored}
      WHERE NOT candidates.matches_name
        AND (SELECT count(*) FROM scored_names WHERE ${isAfter}) <= ${sql.lit(request.limit)}
    ),
    ranked AS (
      SELECT DISTINCT ON (record_id) * FROM scored ORDER BY record_id, score DESC, part
    ),
    page AS (
      SELECT *
      FROM ranked
      WHERE ${isAfter}
      ORDER BY score DESC, record_id
      LIMIT ${sql.lit(request.limit + 1)}
    ),
    counted AS MATERIALIZED (${selectCounted})
    ${selectResult}`
}

function searchStatement(db: Db, request: SearchRequest) {
  const { tsquery, name, kinds, case: caseRef, year, after, limit } = request
  const variant = [
    kinds ? 'kinds' : '',
    caseRef === null ? '' : isId(caseRef) ? 'id' : 'slug',
    year === null ? '' : 'year',
    after ? 'after' : '',
    // The limit stands in the SQL text, so that PostgreSQL plans for a page.
    limit,
  ].join('|')
  const values = {
    tsquery,
    name,
    kinds,
    case: caseRef,
    year,
    afterScore: after?.score,
    afterId: after?.id,
  }
  return prepareStatement<{ answer: string }>(`search|${variant}`, values, (slot) => {
    const query = buildSearchQuery(request, slot)
    return { compile: () => query.compile(db) }
  })
}

export async function runSearch(db: Db, request: SearchRequest): Promise<SearchResult> {
  const { rows } = await db.executeQuery(searchStatement(db, request))
  return JSON.parse(rows[0]?.answer ?? '{}') as SearchResult
}

/**
 * The words that occur in no record. One document per word would be enough; with a higher limit PostgreSQL does not expect that
 * reading the table is faster than the index.
 */
export async function findUnknownWords(db: Db, words: readonly string[]): Promise<string[]> {
  const partitionConditions = [
    sql`doc.part > 0`,
    ...indexPartitions.map(({ condition }) => sql`doc.part = 0 AND ${condition}`),
  ]
  const partitionQueries = partitionConditions.map(
    (condition) => sql`
      SELECT FROM search_document AS doc WHERE ${condition} AND doc.texts @@ query_word.tsquery`,
  )
  const { rows } = await sql<{ word: string }>`
    SELECT word
    FROM (
      SELECT word, plainto_tsquery('simple', search_words(word)) AS tsquery
      FROM unnest(${[...words]}::text[]) AS word
      OFFSET 0
    ) AS query_word
    WHERE (
      SELECT count(*)
      FROM (
        ${joinFragments(partitionQueries, ' UNION ALL ')}
        LIMIT ${sql.lit(countedMax)}
      ) AS doc
    ) = 0`.execute(db)
  return rows.map(({ word }) => word)
}

/** Names of actors and goods that are similar to the word, in the form of `search_name.folded`. */
export async function findSimilarNames(db: Db, word: string): Promise<string[]> {
  const query = sql<{ folded: string }>`SELECT folded FROM names_like(${word}, 50)`
  const { rows } = await query.execute(db)
  return rows.map(({ folded }) => folded)
}
