import { parseQuery, toNameText, toTsquery } from '../../src/answers/search/rules.ts'
import { buildAnswer } from '../../src/answers/search/search-records.ts'
import type { YardstickHandler } from '../workloads/workload.ts'
import { objectSql, referenceSql } from './sql-fragments.ts'

const searchColumnsSql = `
    d.ctid AS at,
    d.record_id,
    d.part,
    d.kind,
    d.case_ids,
    d.year_first,
    d.year_last,
    d.prominence,
    d.heads @@ (SELECT q FROM q) AS is_headed`
const matchesSql = (share: number, where: string) =>
  `
    SELECT ${searchColumnsSql}, ${share} AS share
    FROM search_document d
    WHERE ${where} AND texts @@ (SELECT q FROM q)`
const sampleByteSql = 'get_byte(uuid_send(record_id), 15)'
const scoreSql = `
  SELECT
    d.record_id,
    d.part,
    d.start_at,
    d.end_at,
    round(
      (
        CASE
          WHEN d.record_id IN (SELECT record_id FROM n) THEN 4
          WHEN d.heads @@ (SELECT q FROM q) THEN 2 + 1.0 / length(d.heads)
          ELSE 0
        END + ts_rank(
          '{0.1, 0.2, 0.4, 1}',
          d.texts,
          (SELECT q FROM q)
        ) + 0.03 * ln(1 + d.prominence)
      )::numeric,
      6
    )::float8 AS score
  FROM c JOIN search_document d ON d.ctid = c.at`

/** Selects the page first, then reads the texts of its records. */
const searchStatement = `
  WITH
    q AS (
      SELECT
        to_tsquery('simple', replace(translate(fold($1), '''\\', '  '), chr(1), '''')) AS q
    ),
    m AS MATERIALIZED (
      (
        SELECT *
        FROM
          (
            ${matchesSql(0, `part = 0 AND ${sampleByteSql} < 4`)}
            UNION ALL
            ${matchesSql(1, `part = 0 AND ${sampleByteSql} >= 4 AND ${sampleByteSql} < 32`)}
            UNION ALL
            ${matchesSql(2, `part = 0 AND ${sampleByteSql} >= 32`)}
          ) d
        LIMIT 2001
      )
      UNION ALL
      (${matchesSql(0, 'part > 0')} LIMIT 500)
    ),
    n AS MATERIALIZED (
      SELECT d.ctid AS at, d.record_id
      FROM search_name s JOIN search_document d ON d.record_id = s.record_id AND d.part = 0
      WHERE s.folded = romanised($2)
      LIMIT 200
    ),
    hm AS MATERIALIZED (
      SELECT at, prominence, record_id
      FROM m
      WHERE part = 0 AND is_headed AND (SELECT count(*) FROM m) > 2000
    ),
    h AS (
      SELECT at
      FROM
        (
          SELECT *
          FROM hm
          UNION
          (
            SELECT ctid, prominence, record_id
            FROM search_document
            WHERE
              (SELECT count(*) FROM m) > 2000
              AND (
                SELECT
                  count(*) / (
                    SELECT
                      ('{0,0.015625,0.125}'::float8[]) [share + 1] + ('{0.015625,0.109375,0.875}'::float8[]) [share + 1] * (1 + (at::text::point) [0]) / (
                        SELECT 1 + relpages
                        FROM pg_class
                        WHERE oid = 'search_document'::regclass
                      )
                    FROM m
                    WHERE part = 0
                    ORDER BY share DESC, at DESC
                    LIMIT 1
                  )
                FROM hm
              ) < 4000
              AND part = 0
              AND heads @@ (SELECT q FROM q)
            LIMIT 2000
          )
        ) x
      ORDER BY prominence DESC, record_id
      LIMIT 200
    ),
    c AS MATERIALIZED (
      SELECT at, bool_or(leads) AS leads
      FROM
        (
          SELECT at, true AS leads
          FROM n
          UNION ALL
          SELECT at, true
          FROM h
          UNION ALL
          (SELECT at, is_headed FROM m ORDER BY prominence DESC, record_id LIMIT 400)
        ) x
      GROUP BY at
    ),
    l AS MATERIALIZED (${scoreSql} WHERE c.leads),
    s AS (
      SELECT DISTINCT ON (record_id) *
      FROM
        (
          SELECT *
          FROM l
          UNION ALL
          ${scoreSql}
          WHERE NOT c.leads AND (SELECT count(*) FROM l) <= 20
        ) x
      ORDER BY record_id, score DESC, part
    ),
    p AS (SELECT * FROM s ORDER BY score DESC, record_id LIMIT 21),
    k AS MATERIALIZED (
      (SELECT kind, case_ids, year_first, year_last FROM m WHERE part = 0 LIMIT 2000)
      UNION ALL
      SELECT kind, case_ids, year_first, year_last
      FROM
        (
          SELECT DISTINCT ON (record_id) *
          FROM m
          WHERE part > 0 AND record_id NOT IN (SELECT record_id FROM m WHERE part = 0)
          ORDER BY record_id, part
        ) f
    )
  SELECT
    json_build_object(
      'hits',
      COALESCE(
        (
          SELECT
            json_agg(
              json_build_object(
                'score',
                p.score,
                'kind',
                r.kind,
                'record',
                ${objectSql(`r.id, r.slug, r.name, '/v1/' || r.kind || 's/' || r.slug AS href`)},
                'fields',
                (
                  SELECT json_agg(json_build_object('field', field, 'text', text))
                  FROM
                    (
                      SELECT 'name' AS field, r.name AS text
                      UNION ALL
                      (
                        SELECT 'aliases.' || position, name
                        FROM actor_alias
                        WHERE r.kind = 'actor' AND actor_id = r.id
                        ORDER BY position
                      )
                      UNION ALL
                      (
                        SELECT 'identifiers.' || position || '.value', value
                        FROM actor_identifier
                        WHERE r.kind = 'actor' AND actor_id = r.id
                        ORDER BY position
                      )
                      UNION ALL
                      SELECT 'summary', summary
                      FROM case_file
                      WHERE r.kind = 'case' AND id = r.id
                      UNION ALL
                      SELECT 'authors.' || n - 1, author
                      FROM article, unnest(authors) WITH ORDINALITY AS a (author, n)
                      WHERE r.kind = 'article' AND id = r.id
                      UNION ALL
                      SELECT 'description', description
                      FROM good
                      WHERE r.kind = 'good' AND id = r.id
                      UNION ALL
                      (
                        SELECT 'controlEntries.' || position || '.code', code
                        FROM good_control_entry
                        WHERE r.kind = 'good' AND good_id = r.id
                        ORDER BY position
                      )
                      UNION ALL
                      SELECT f, v
                      FROM
                        permit,
                        LATERAL (
                          VALUES
                            ('number', number),
                            ('legalBasis', legal_basis),
                            ('exceptionRelied', exception_relied),
                            ('statedEndUse.text', stated_end_use),
                            ('restrictions', restrictions)
                        ) AS o (f, v)
                      WHERE r.kind = 'permit' AND id = r.id
                      UNION ALL
                      (
                        SELECT 'items.' || i.position || '.controlEntries', code
                        FROM permit_item i, unnest(i.control_codes) code
                        WHERE r.kind = 'permit' AND i.permit_id = r.id
                        ORDER BY i.position
                      )
                      UNION ALL
                      SELECT f, v
                      FROM
                        measure,
                        LATERAL (
                          VALUES
                            ('scope', scope),
                            ('exceptions', exceptions),
                            ('reason.text', reason)
                        ) AS o (f, v)
                      WHERE r.kind = 'measure' AND id = r.id
                      UNION ALL
                      SELECT f, v
                      FROM
                        event,
                        LATERAL (
                          VALUES ('description', description), ('assurance.use', scope_use)
                        ) AS o (f, v)
                      WHERE r.kind = 'event' AND id = r.id
                    ) t
                  WHERE text IS NOT NULL
                ),
                'quotes',
                COALESCE(
                  (
                    SELECT json_agg(to_json(o))
                    FROM
                      (
                        SELECT
                          c.id,
                          ${referenceSql('c.article_id', 'articles')} AS article,
                          c.start_at AS start,
                          c.quote,
                          c.prefix,
                          c.suffix
                        FROM citation c
                        WHERE c.record_id = r.id AND c.state = 'anchored'
                        ORDER BY c.position
                        LIMIT 200
                      ) o
                  ),
                  '[]'
                ),
                'body',
                (
                  SELECT
                    json_build_object(
                      'text',
                      substr(a.body, p.start_at + 1, p.end_at - p.start_at),
                      'start',
                      p.start_at,
                      'boilerplate',
                      '[]'::json
                    )
                  FROM article a
                  WHERE r.kind = 'article' AND a.id = r.id
                )
              )
              ORDER BY p.score DESC, p.record_id
            )
          FROM p JOIN record r ON r.id = p.record_id
        ),
        '[]'
      ),
      'counted',
      (SELECT count(*) FROM k),
      'isExact',
      (SELECT count(*) FROM m WHERE part = 0) <= 2000,
      'kinds',
      COALESCE(
        (
          SELECT json_agg(to_json(f))
          FROM
            (
              SELECT kind AS value, count(*) AS count
              FROM k
              GROUP BY kind
              ORDER BY 2 DESC, 1
            ) f
        ),
        '[]'
      ),
      'cases',
      COALESCE(
        (
          SELECT
            json_agg(
              json_build_object('value', ${objectSql(`r.id, r.slug, r.name, '/v1/' || r.kind || 's/' || r.slug AS href`)}, 'count', f.count)
              ORDER BY f.count DESC, r.slug
            )
          FROM
            (
              SELECT id, sum(count)::int AS count
              FROM (SELECT unnest(case_ids) AS id, count(*) FROM k GROUP BY case_ids) x
              GROUP BY id
              ORDER BY 2 DESC, 1
              LIMIT 20
            ) f
            JOIN record r ON r.id = f.id
        ),
        '[]'
      ),
      'years',
      COALESCE(
        (
          SELECT json_agg(to_json(f))
          FROM
            (
              SELECT y AS value, sum(count)::int AS count
              FROM
                (
                  SELECT generate_series(year_first, year_last) AS y, count(*)
                  FROM k
                  GROUP BY year_first, year_last
                ) x
              GROUP BY y
              ORDER BY y
            ) f
        ),
        '[]'
      )
    )::text AS answer`

export const querySearch: YardstickHandler = async ({ query }, request) => {
  const searchQuery = parseQuery(String(request.query.q))
  const [row] = await query<{ answer: string }>('search', searchStatement, [
    toTsquery(searchQuery),
    toNameText(searchQuery),
  ])
  const result = JSON.parse(row?.answer ?? '{}')
  return JSON.stringify(
    buildAnswer(result, {
      parsedQuery: searchQuery,
      corrections: new Map(),
      limit: 20,
      fingerprint: '',
    }),
  )
}
