/**
 * The findings of one permit in two statements written by hand: the pairs that may be findings, and the records of those
 * with their citations, both with a generic plan. The rules of the server evaluate the records.
 */

import { findingRules } from '../../src/answers/findings/all-rules.ts'
import type { Evidence } from '../../src/answers/findings/evidence/queries.ts'
import { evaluatePair } from '../../src/answers/findings/pair-evaluation.ts'
import type { Pairing } from '../../src/answers/findings/rules.ts'
import type { YardstickContext } from '../workloads/workload.ts'
import { arraySql, citationsSql, objectSql, referenceSql, statedDateSql } from './sql-fragments.ts'

type CandidatePairRow = {
  pairing: Pairing
  anchor: string
  counterpart: string
  others: string[] | null
}

const isLiveSql = (id: string) => `(SELECT state = 'live' FROM record WHERE id = ${id})`
const earliestSql = (date: string) => `COALESCE(${date}_earliest, '-infinity'::date)`
const latestSql = (date: string) => `COALESCE(${date}_latest, 'infinity'::date)`
const useTypesSql = `ANY ('{use,transfer}'::text[])`
const namesPermitSql = (event: string) =>
  `EXISTS (SELECT FROM event_about n WHERE n.event_id = ${event} AND n.permit_id IS NOT NULL)`
const relatedGoodsSql =
  'good k ON k.id = g.id OR k.id = g.family_id OR k.family_id = g.id OR k.family_id = g.family_id OR k.manufacturer_id = g.manufacturer_id'
const measuresSql = (fits: string) => `
  FROM
    p
    JOIN measure m ON m.target_id IN (p.destination_id, p.end_destination_id)
    JOIN actor b ON b.id = m.imposer_id
    JOIN actor s ON s.id = p.issuer_id
  WHERE
    p.on_edtf IS NOT NULL
    AND (
      m.imposer_id = p.issuer_id
      OR b.type = 'organisation'
      OR b.country IS NULL
      OR (b.country = s.country AND b.type = ANY ('{state,public-body}') AND s.type = ANY ('{state,public-body}'))
    )
    AND ${isLiveSql('m.id')}
    AND EXISTS (
      SELECT
      FROM event_effect x JOIN event e ON e.id = x.event_id
      WHERE x.measure_id = m.id AND x.becomes = 'imposed' AND e.on_edtf IS NOT NULL AND ${fits}
    )`
const usedAfterSql = (use: string, date: string) =>
  `
    (SELECT e.on_edtf IS NOT NULL AND ${latestSql('e.on')} >= ${earliestSql(date)} FROM event e WHERE e.id = ${use})
    AND ${isLiveSql(use)}`
const sameGoodsSql = `
    SELECT i.good_id
    FROM permit_item i JOIN event_good u ON u.good_id = i.good_id AND u.event_id = c.id
    WHERE i.permit_id = p.id`
const permitPartyColumns = ['end_user_id', 'consignee_id', 'destination_id', 'end_destination_id']

const buildPairsStatement = (maxPairs: number) => `
  WITH
    p AS MATERIALIZED (
      SELECT p.*, e.on_edtf, e.on_earliest, e.on_latest
      FROM
        record r
        JOIN permit p ON p.id = r.id
        JOIN event_effect x ON x.permit_id = p.id
        AND x.becomes = 'issued'
        JOIN event e ON e.id = x.event_id
      WHERE r.kind = 'permit' AND r.slug = $1 AND r.state = 'live'
    ),
    c AS MATERIALIZED (
      SELECT u.event_id AS id
      FROM
        p
        JOIN permit_item i ON i.permit_id = p.id
        JOIN good g ON g.id = i.good_id
        JOIN ${relatedGoodsSql}
        JOIN event_good u ON u.good_id = k.id
        AND u.event_type = ${useTypesSql}
      WHERE NOT ${namesPermitSql('u.event_id')}
      UNION
      SELECT e.id
      FROM
        p
        JOIN event_about a ON a.permit_id = p.id
        JOIN event e ON e.id = a.event_id
        AND e.type = ${useTypesSql}
    ),
    a AS MATERIALIZED (
      SELECT DISTINCT e.id, e.on_earliest
      FROM
        record r
        JOIN event_about b ON b.permit_id = r.id
        JOIN event e ON e.id = b.event_id
        AND e.type = 'assurance'
      WHERE
        r.kind = 'permit'
        AND r.slug = $1
        AND e.on_edtf IS NOT NULL
        AND num_nonnulls (e.scope_end_user_id, e.scope_place_id) > 0
        AND ${isLiveSql('e.id')}
    ) (
      SELECT
        'permit-measure' AS pairing,
        p.id AS anchor,
        m.id AS counterpart,
        NULL::uuid[] AS others ${measuresSql(`${earliestSql('e.on')} <= ${latestSql('p.on')}`)}
      ORDER BY m.id
      LIMIT ${maxPairs}
    )
  UNION ALL
  (
    SELECT
      'permit-use',
      p.id,
      c.id,
      CASE
        WHEN EXISTS (${sameGoodsSql})
        AND NOT ${namesPermitSql('c.id')} THEN ARRAY(
          SELECT o.id
          FROM event_participant h CROSS JOIN LATERAL (${permitPartyColumns
            .map((party) => `SELECT id FROM permit WHERE ${party} = h.actor_id`)
            .join(' UNION ALL ')}) o
          WHERE
            h.event_id = c.id
            AND h.role = ANY('{user,consignee,end-user}'::text[])
            AND o.id <> p.id
            AND CASE
              WHEN (
                SELECT true
                FROM permit_item i
                WHERE i.permit_id = o.id AND i.good_id = ANY(ARRAY(${sameGoodsSql}))
                LIMIT 1
              ) THEN (
                SELECT ${earliestSql('e.on')} <= (SELECT ${latestSql('u.on')} FROM event u WHERE u.id = c.id)
                FROM event_effect x JOIN event e ON e.id = x.event_id
                WHERE x.permit_id = o.id AND x.becomes = 'issued'
              )
              AND ${isLiveSql('o.id')}
            END
          LIMIT 1
        )
      END
    FROM p CROSS JOIN c
    WHERE p.on_edtf IS NOT NULL AND ${usedAfterSql('c.id', 'p.on')}
    ORDER BY c.id
    LIMIT ${maxPairs}
  )
  UNION ALL
  (
    SELECT 'assurance-use', a.id, u.id, NULL
    FROM
      a
      CROSS JOIN LATERAL (
        SELECT u.event_id AS id
        FROM
          (
            SELECT good_id
            FROM event_good
            WHERE event_id = a.id
            UNION
            SELECT i.good_id
            FROM event_about b JOIN permit_item i ON i.permit_id = b.permit_id
            WHERE b.event_id = a.id
          ) t
          JOIN good g ON g.id = t.good_id
          JOIN ${relatedGoodsSql}
          JOIN event_good u ON u.good_id = k.id
          AND u.event_type = ${useTypesSql}
        WHERE NOT ${namesPermitSql('u.event_id')}
        UNION
        SELECT e.id
        FROM
          event_about b
          JOIN event_about d ON d.permit_id = b.permit_id
          JOIN event e ON e.id = d.event_id
          AND e.type = ${useTypesSql}
        WHERE b.event_id = a.id
      ) u
    WHERE ${usedAfterSql('u.id', 'a.on')}
    ORDER BY a.id, u.id
    LIMIT ${maxPairs}
  )
  UNION ALL
  (
    SELECT
      'permit-theatre',
      p.id,
      m.id,
      NULL ${measuresSql(`${earliestSql('e.on')} <= ${latestSql('p.on')}`)}
      AND EXISTS (
        SELECT
        FROM place l JOIN place s ON s.id = l.id OR s.country = l.country
        WHERE l.id = m.reason_place_id AND s.id = p.stated_end_use_place_id
      )
    ORDER BY m.id
    LIMIT ${maxPairs}
  )
  UNION ALL
  (
    SELECT 'permit-stop', p.id, s.id, NULL
    FROM
      p
      CROSS JOIN LATERAL (
        SELECT m.id ${measuresSql(`${latestSql('e.on')} >= ${earliestSql('p.on')} AND m.legal_form = ANY ('{embargo,suspension}'::text[])`)}
        UNION
        SELECT x.event_id
        FROM event_effect x
        WHERE x.permit_id = p.id AND x.becomes = ANY('{suspended,cancelled,annulled}'::text[])
      ) s
    ORDER BY s.id
    LIMIT ${maxPairs}
  )
  UNION ALL
  (
    SELECT 'permit-delivery', p.id, e.id, array_agg(e.id) OVER ()
    FROM p JOIN event_about a ON a.permit_id = p.id JOIN event e ON e.id = a.event_id
    WHERE e.type = 'delivery' AND ${isLiveSql('e.id')}
    ORDER BY e.id
    LIMIT ${maxPairs}
  )
  UNION ALL
  (
    SELECT 'permit-refusal', p.id, o.id, NULL
    FROM p JOIN permit o ON o.status = 'refused' AND o.issuer_id <> p.issuer_id
      AND (
        o.destination_id IN (p.destination_id, p.end_destination_id)
        OR o.end_destination_id IN (p.destination_id, p.end_destination_id)
      )
    WHERE p.on_edtf IS NOT NULL AND ${isLiveSql('o.id')} AND EXISTS (
      SELECT
      FROM permit_item j
        JOIN good g ON g.id = j.good_id
        JOIN good k ON k.id = g.id OR k.id = g.family_id OR k.family_id = g.id OR k.family_id = g.family_id
        JOIN permit_item i ON i.good_id = k.id AND i.permit_id = p.id
      WHERE j.permit_id = o.id
    )
    ORDER BY o.id
    LIMIT ${maxPairs}
  )`

const partySql = (id: string) =>
  objectSql(
    `t.id, f.name, t.type, t.country, ARRAY(
      SELECT a.name FROM actor_alias a
      WHERE a.actor_id = t.id AND t.type = ANY ('{state,organisation,public-body}')
      ORDER BY a.position
    ) AS aliases FROM actor t JOIN record f ON f.id = t.id WHERE t.id = ${id}`,
  )
const nameSql = (id: string) => objectSql(`f.id, f.name FROM record f WHERE f.id = ${id}`)
const placeSql = (id: string) =>
  objectSql(`l.slug, l.name, l.country FROM place l WHERE l.id = ${id}`)
const namedGoodsSql = (rows: string, field: string, amounts: string) =>
  arraySql(`
    ${objectSql(`g.id, f.name, EXISTS (SELECT FROM good n WHERE n.family_id = g.id) AS "isFamily",
      ${nameSql('g.family_id')} AS family, ${nameSql('g.manufacturer_id')} AS maker`)} AS good,
    ${field} AS field,
    ${amounts}
    FROM ${rows} z JOIN good g ON g.id = z.good_id JOIN record f ON f.id = g.id
    ORDER BY z.position`)
const permitItemsSql = (permit: string) =>
  namedGoodsSql(
    `(SELECT * FROM permit_item WHERE permit_id = ${permit})`,
    "'items.' || z.position || '.good'",
    `CASE
      WHEN z.quantity IS NOT NULL THEN json_build_object(
        'low', z.quantity, 'high', z.quantity, 'excludes', NULL, 'asStated', z.quantity_as_stated)
    END AS quantity,
    z.unit`,
  )
const eventGoodsSql = (event: string) =>
  namedGoodsSql(
    `(SELECT * FROM event_good WHERE event_id = ${event})`,
    "'goods.' || z.position",
    'NULL AS quantity, NULL AS unit',
  )

const evidenceSql = (on: string, facts: string) =>
  objectSql(
    `r.kind, ${referenceSql('r.id')} AS record, ${on} AS "on", ${objectSql(facts)} AS facts, ${citationsSql} AS citations`,
  )
const effectOrderSql = `COALESCE(e.on_earliest, '-infinity'::date), COALESCE(e.on_latest, 'infinity'::date), x.event_id, x.position`

const evidenceStatement = `
  SELECT ${evidenceSql(
    'NULL::json',
    `
              r.kind,
              r.id,
              r.name,
              ${partySql('p.issuer_id')} AS issuer,
              ${partySql('p.exporter_id')} AS exporter,
              ${partySql('p.consignee_id')} AS consignee,
              ${partySql('p.end_user_id')} AS "endUser",
              CASE
                WHEN p.destination_id IS NOT NULL THEN json_build_array(
                  json_build_object('actor', ${partySql('p.destination_id')}, 'field', 'destination')
                )
                ELSE ${arraySql(`
                  ${partySql('d.actor_id')} AS actor,
                  'destinations.' || d.position AS field
                  FROM permit_destination d
                  WHERE d.permit_id = r.id
                  ORDER BY d.position`)}
              END AS destinations,
              ${arraySql(`
                ${partySql('d.actor_id')} AS actor,
                'parties.' || d.position AS field
                FROM permit_party d
                WHERE d.permit_id = r.id
                ORDER BY d.position`)} AS "otherParties",
              p.type,
              CASE
                WHEN p.permit_count IS NOT NULL THEN json_build_object(
                  'low', p.permit_count, 'high', p.permit_count, 'excludes', NULL, 'asStated', p.permit_count_as_stated)
              END AS "permitCount",
              ${partySql('p.end_destination_id')} AS "endDestination",
              ${permitItemsSql('r.id')} AS goods,
              p.exception_relied AS "exceptionRelied",
              CASE
                WHEN p.stated_end_use IS NOT NULL THEN ${objectSql(`
                  p.stated_end_use AS text,
                  ${placeSql('p.stated_end_use_place_id')} AS place`)}
              END AS "statedEndUse",
              ${statedDateSql('p.valid_until')} AS "validUntil",
              ${arraySql(`
                x.becomes,
                ${statedDateSql('e.on')} AS "on",
                e.id AS event
                FROM event_effect x JOIN event e ON e.id = x.event_id
                WHERE x.permit_id = r.id
                ORDER BY ${effectOrderSql}`)} AS history`,
  )}::text AS evidence
  FROM record r JOIN permit p ON p.id = r.id
  WHERE
    r.state = 'live'
    AND r.id IN (
      SELECT unnest((SELECT $1::uuid[]))
      UNION
      SELECT b.permit_id
      FROM event_about b JOIN event e ON e.id = b.event_id AND e.type = 'assurance'
      WHERE b.event_id = ANY((SELECT $3::uuid[])::uuid[]) AND b.permit_id IS NOT NULL
    )
  UNION ALL
  SELECT ${evidenceSql(
    'NULL::json',
    `
              r.kind,
              r.id,
              r.name,
              ${partySql('m.imposer_id')} AS imposer,
              json_build_array(
                json_build_object('actor', ${partySql('m.target_id')}, 'field', 'target')
              ) AS targets,
              m.legal_form AS "legalForm",
              m.scope,
              CASE
                WHEN m.reason IS NOT NULL THEN ${objectSql(`m.reason AS text, ${placeSql('m.reason_place_id')} AS place`)}
              END AS reason,
              ${arraySql(`
                                                                s.start AS "imposedBy",
                                                                ${statedDateSql('b.on')} AS "from",
                                                                s.stop AS "endedBy",
                                                                ${statedDateSql('d.on')} AS "to",
                                                                ${eventGoodsSql('s.start')} AS goods
                                                                FROM
                                                                  (
                                                                    SELECT
                                                                      x.becomes,
                                                                      e.id AS start,
                                                                      lead(e.id) OVER (ORDER BY ${effectOrderSql}) AS stop,
                                                                      row_number() OVER (ORDER BY ${effectOrderSql}) AS step
                                                                    FROM event_effect x JOIN event e ON e.id = x.event_id
                                                                    WHERE x.measure_id = m.id AND x.becomes <> 'amended'
                                                                  ) s
                                                                  LEFT JOIN event b ON b.id = s.start
                                                                  LEFT JOIN event d ON d.id = s.stop
                                                                WHERE s.becomes = 'imposed'
                                                                ORDER BY s.step`)} AS periods`,
  )}::text
  FROM record r JOIN measure m ON m.id = r.id
  WHERE r.state = 'live' AND r.id = ANY((SELECT $2::uuid[])::uuid[])
  UNION ALL
  SELECT ${evidenceSql(
    statedDateSql('e.on'),
    `
              r.kind,
              r.id,
              r.name,
              e.type,
              ${statedDateSql('e.on')} AS "on",
              ${placeSql('e.place_id')} AS place,
              ${arraySql(`
                                                              a.role, 'participants.' || a.position AS field,
                                                              ${partySql('a.actor_id')} AS actor
                                                              FROM event_participant a
                                                              WHERE a.event_id = r.id
                                                              ORDER BY a.position`)} AS participants,
              ${eventGoodsSql('r.id')} AS goods,
              ${arraySql(`
                            t.permit_id AS id,
                            f.name,
                            t.becomes,
                            t.field,
                            CASE
                              WHEN e.type = 'assurance' THEN ${permitItemsSql('t.permit_id')}
                              ELSE '[]'::json
                            END AS goods
                            FROM
                              (
                                SELECT permit_id, NULL AS becomes, position, 'about.' || position AS field
                                FROM event_about
                                WHERE event_id = r.id AND permit_id IS NOT NULL
                                UNION ALL
                                SELECT permit_id, becomes, 1000 + position, 'effects.' || position
                                FROM event_effect
                                WHERE event_id = r.id AND permit_id IS NOT NULL
                              ) t
                              JOIN record f ON f.id = t.permit_id
                            ORDER BY t.position`)} AS permits,
              ${arraySql(`
                t.measure_id AS id,
                t.becomes,
                t.field
                FROM
                  (
                    SELECT measure_id, NULL AS becomes, position, 'about.' || position AS field
                    FROM event_about
                    WHERE event_id = r.id AND measure_id IS NOT NULL
                    UNION ALL
                    SELECT measure_id, becomes, 1000 + position, 'effects.' || position
                    FROM event_effect
                    WHERE event_id = r.id AND measure_id IS NOT NULL
                  ) t
                ORDER BY t.position`)} AS measures,
              CASE
                WHEN num_nonnulls (e.scope_end_user_id, e.scope_place_id, e.scope_use) > 0 THEN ${objectSql(`
                  ${partySql('e.scope_end_user_id')} AS "endUser",
                  ${placeSql('e.scope_place_id')} AS place,
                  e.scope_use AS use`)}
              END AS assurance`,
  )}::text
  FROM record r JOIN event e ON e.id = r.id
  WHERE
    r.state = 'live'
    AND r.id IN (
      SELECT unnest((SELECT $3::uuid[]))
      UNION
      SELECT event_id
      FROM event_effect
      WHERE permit_id = ANY((SELECT $1::uuid[])::uuid[]) AND becomes <> 'amended'
      UNION
      SELECT event_id
      FROM event_effect
      WHERE measure_id = ANY((SELECT $2::uuid[])::uuid[]) AND becomes <> 'amended'
      UNION
      (
        (
          SELECT event_id
          FROM event_about
          WHERE permit_id = ANY((SELECT $1::uuid[])::uuid[])
          UNION
          SELECT event_id
          FROM event_effect
          WHERE permit_id = ANY((SELECT $1::uuid[])::uuid[])
        )
        INTERSECT
        (
          SELECT event_id
          FROM event_about
          WHERE measure_id = ANY((SELECT $2::uuid[])::uuid[])
          UNION
          SELECT event_id
          FROM event_effect
          WHERE measure_id = ANY((SELECT $2::uuid[])::uuid[])
        )
      )
    )`

const limit = 50

/** Once more with more of them in the rare case that those of a rule were cut off and did not fill the page. */
export async function queryFindings(
  ask: YardstickContext,
  slug: string,
  maxPairs = limit + 1,
): Promise<string> {
  const { query } = ask
  const candidatePairs = await query<CandidatePairRow>(
    `findings-pairs-${maxPairs}`,
    buildPairsStatement(maxPairs),
    [slug],
  )
  if (candidatePairs.length === 0) return '{"data":[],"next":null}'
  const collectIds = (pick: (one: CandidatePairRow) => string[]) => [
    ...new Set(candidatePairs.flatMap(pick)),
  ]
  const isUse = (pairing: Pairing) =>
    pairing === 'permit-use' || pairing === 'assurance-use' || pairing === 'permit-delivery'
  const isMeasure = (pairing: Pairing) => !isUse(pairing) && pairing !== 'permit-refusal'
  const rows = await query<{ evidence: string }>('findings-evidence', evidenceStatement, [
    collectIds(({ pairing, anchor, counterpart, others }) => [
      ...(pairing === 'assurance-use' ? [] : [anchor]),
      ...(pairing === 'permit-refusal' ? [counterpart] : []),
      ...(pairing === 'permit-delivery' ? [] : (others ?? [])),
    ]),
    collectIds(({ pairing, counterpart }) => (isMeasure(pairing) ? [counterpart] : [])),
    collectIds(({ pairing, anchor, counterpart, others }) => [
      ...(pairing === 'permit-delivery' ? (others ?? []) : []),
      ...(isUse(pairing) || pairing === 'permit-stop' ? [counterpart] : []),
      ...(pairing === 'assurance-use' ? [anchor] : []),
    ]),
  ])
  const evidence = new Map(
    rows.map((row) => {
      const one = JSON.parse(row.evidence) as Evidence
      const conflicts = one.citations.flatMap(({ id, field, value }) =>
        field === null || value === null
          ? []
          : [{ field, chosen: null, claims: [{ value, citation: id }] }],
      )
      return [one.record.id, { ...one, conflicts }]
    }),
  )
  const findings = findingRules.flatMap((rule) =>
    candidatePairs
      .filter(({ pairing }) => pairing === rule.pairing)
      .flatMap(
        ({ others, ...pair }) =>
          evaluatePair(rule, { ...pair, others: others ?? [] }, evidence) ?? [],
      ),
  )
  const isCut = [...Map.groupBy(candidatePairs, ({ pairing }) => pairing).values()].some(
    (own) => own.length === maxPairs,
  )
  if (isCut && findings.length <= limit) return queryFindings(ask, slug, maxPairs * 4)
  const next = findings.length > limit ? '"more"' : 'null'
  return `{"data":${JSON.stringify(findings.slice(0, limit))},"next":${next}}`
}
