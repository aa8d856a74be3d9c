/** A batch of names in hand-written statements: candidates and their descriptions. The rules of the server compute the scores. */
import { matchBatchWith } from '../../src/answers/reconcile/match.ts'
import type { ComparableEntity } from '../../src/answers/reconcile/queries.ts'
import type { YardstickHandler } from '../workloads/workload.ts'

const entitiesSql = `
  SELECT f.n, e.*
  FROM
    f
    CROSS JOIN LATERAL (
      SELECT
        r.id,
        r.kind,
        r.slug,
        r.name,
        actor.type AS "actorType",
        actor.country,
        (
          SELECT json_agg(json_build_object('what', what, 'name', name) ORDER BY position)
          FROM search_name
          WHERE record_id = r.id
        ) AS names
      FROM record r LEFT JOIN actor ON actor.id = r.id
      WHERE r.id = f.id AND r.state = 'live'
      OFFSET 0
    ) e`

/** Candidates by exact name, by country, and by all words. */
const candidatesSql = `
  WITH
    a AS MATERIALIZED (
      SELECT
        n::int - 1 AS n,
        replace(words, ' ', '') AS words,
        core,
        replace(romanised(whole), ' ', '') AS folded,
        whole,
        country
      FROM
        unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS a (words, core, whole, country, n)
    ),
    f AS (
      SELECT a.n, x.id
      FROM
        a
        CROSS JOIN LATERAL (
          (
            SELECT record_id AS id
            FROM search_name
            WHERE replace(folded, ' ', '') IN (a.folded, a.words)
            LIMIT 30
          )
          UNION
          (
            SELECT id
            FROM record
            WHERE kind IN ('actor', 'permit', 'measure', 'good') AND slug = a.whole
          )
          UNION
          (SELECT id FROM actor WHERE country = a.country AND type = 'state' LIMIT 30)
          UNION
          (
            SELECT id
            FROM
              (
                SELECT record_id AS id, folded
                FROM search_name
                WHERE
                  kind IN ('actor', 'good')
                  AND to_tsvector('simple', folded) @@ plainto_tsquery('simple', a.core)
                LIMIT 500
              ) w
            ORDER BY length(folded), id
            LIMIT 20
          )
          UNION
          (
            SELECT id
            FROM
              (
                SELECT record_id AS id, folded
                FROM search_name
                WHERE
                  kind IN ('permit', 'measure')
                  AND to_tsvector('simple', folded) @@ plainto_tsquery('simple', a.core)
                LIMIT 500
              ) w
            ORDER BY length(folded), id
            LIMIT 20
          )
        ) x
    ) ${entitiesSql}`

const similarNamesSql = `
  WITH
    a AS MATERIALIZED (
      SELECT
        n::int - 1 AS n,
        core,
        to_tsquery('simple', NULLIF(sounds, '')) AS sounds,
        to_tsquery('simple', NULLIF(translations, '')) AS translations
      FROM
        unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS a (core, sounds, translations, n)
    ),
    f AS (
      SELECT a.n, x.id
      FROM
        a
        CROSS JOIN LATERAL (
          (
            SELECT id
            FROM names_near(a.core, '{actor,good}', 20) AS near (id)
            WHERE a.core <> ''
          )
          UNION
          (
            SELECT id
            FROM
              (
                SELECT record_id AS id, folded
                FROM search_name
                WHERE
                  kind IN ('actor', 'good')
                  AND to_tsvector('simple', name_sounds(folded)) @@ a.sounds
                LIMIT 500
              ) w
            ORDER BY similarity (folded, a.core) DESC, length(folded), id
            LIMIT 20
          )
          UNION
          (
            SELECT id
            FROM
              (
                SELECT record_id AS id, folded
                FROM search_name
                WHERE
                  kind IN ('actor', 'good')
                  AND to_tsvector('simple', folded) @@ a.translations
                LIMIT 500
              ) w
            ORDER BY similarity (folded, a.core) DESC, length(folded), id
            LIMIT 20
          )
        ) x
    ) ${entitiesSql}`

const descriptionsSql = `
  SELECT
    r.id,
    left(
      CASE r.kind
        WHEN 'actor' THEN (
          SELECT concat_ws(', ', replace(type, '-', ' '), country)
          FROM actor
          WHERE id = r.id
        )
        WHEN 'good' THEN COALESCE(
          (SELECT description FROM good WHERE id = r.id),
          'controlled good'
        )
        WHEN 'permit' THEN (
          SELECT concat_ws(', ', p.number, x.name, d.name, p.status)
          FROM
            permit p
            LEFT JOIN record x ON x.id = p.exporter_id
            LEFT JOIN record d ON d.id = p.destination_id
          WHERE p.id = r.id
        )
        ELSE (
          SELECT concat_ws(', ', replace(m.legal_form, '-', ' '), i.name, t.name)
          FROM
            measure m
            JOIN record i ON i.id = m.imposer_id
            JOIN record t ON t.id = m.target_id
          WHERE m.id = r.id
        )
      END,
      200
    ) AS description
  FROM record r
  WHERE r.id = ANY($1::uuid[])`

function groupByQuery(
  lookups: readonly unknown[],
  rows: (ComparableEntity & { n: number })[],
): ComparableEntity[][] {
  const byQuery = Map.groupBy(rows, ({ n }) => n)
  return lookups.map((_, n) => byQuery.get(n) ?? [])
}

export const queryReconcile: YardstickHandler = async ({ query }, request) => {
  const answer = await matchBatchWith(String(request.query.queries), {
    candidates: async (lookups) => {
      const rows = await query<ComparableEntity & { n: number }>('reconcile', candidatesSql, [
        lookups.map(({ keys }) => keys.words),
        lookups.map(({ keys }) => keys.distinctive),
        lookups.map(({ text: whole }) => whole),
        lookups.map(({ keys }) => keys.state),
      ])
      return groupByQuery(lookups, rows)
    },
    similar: async (lookups) => {
      const cores = lookups.map(({ keys }) => keys.distinctive)
      const rows = await query<ComparableEntity & { n: number }>(
        'reconcile-alike',
        similarNamesSql,
        [
          cores,
          lookups.map(({ keys }) => keys.sounds),
          lookups.map(({ keys }) => keys.translations),
        ],
      )
      return groupByQuery(lookups, rows)
    },
    descriptions: async (ids) => {
      const rows = await query<{ id: string; description: string | null }>(
        'reconcile-descriptions',
        descriptionsSql,
        [ids],
      )
      return new Map(rows.map(({ id, description }) => [id, description]))
    },
    byProperties: async () => [],
    values: async () => new Map(),
    entities: async () => new Map(),
  })
  return JSON.stringify(answer)
}
