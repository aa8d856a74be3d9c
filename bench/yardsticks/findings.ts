/**
 * The findings of one permit in two statements written by hand: the pairs that may be findings, and the records of those
 * with their citations, both so that PostgreSQL keeps one plan. What the records mean is judged by the rules themselves, which no SQL makes faster.
 */
import type { Evidence } from '../../src/answers/findings/evidence/queries.ts'
import { findingOf } from '../../src/answers/findings/judge-pair.ts'
import { rules } from '../../src/answers/findings/rules/all.ts'
import type { Pairing } from '../../src/answers/findings/rules.ts'
import type { Ask } from '../workloads/workload.ts'
import { array, citations, object, reference, stated } from './fragments.ts'

type Found = { pairing: Pairing; anchor: string; counterpart: string; others: string[] | null }

const live = (id: string) => `(SELECT state = 'live' FROM record WHERE id = ${id})`
const from = (date: string) => `COALESCE(${date}_earliest, '-infinity'::date)`
const to = (date: string) => `COALESCE(${date}_latest, 'infinity'::date)`
const uses = `ANY ('{use,transfer}'::text[])`
const names = (event: string) =>
  `EXISTS (SELECT FROM event_about n WHERE n.event_id = ${event} AND n.permit_id IS NOT NULL)`
const kin =
  'good k ON k.id = g.id OR k.id = g.family_id OR k.family_id = g.id OR k.family_id = g.family_id OR k.manufacturer_id = g.manufacturer_id'
const measures = (fits: string) => `
  FROM p JOIN measure m ON m.imposer_id = p.issuer_id AND m.target_id IN (p.destination_id, p.end_destination_id)
  WHERE p.on_edtf IS NOT NULL AND ${live('m.id')} AND EXISTS (SELECT FROM event_effect x JOIN event e ON e.id = x.event_id
    WHERE x.measure_id = m.id AND x.becomes = 'imposed' AND e.on_edtf IS NOT NULL AND ${fits})`
const usedAfter = (use: string, date: string) =>
  `(SELECT e.on_edtf IS NOT NULL AND ${to('e.on')} >= ${from(date)} FROM event e WHERE e.id = ${use}) AND ${live(use)}`
const same =
  'SELECT i.good_id FROM permit_item i JOIN event_good u ON u.good_id = i.good_id AND u.event_id = c.id WHERE i.permit_id = p.id'
const held = ['end_user_id', 'consignee_id', 'destination_id', 'end_destination_id']

const pairsStatement = (pairsMax: number) => `
  WITH p AS MATERIALIZED (
    SELECT p.*, e.on_edtf, e.on_earliest, e.on_latest FROM record r JOIN permit p ON p.id = r.id
    JOIN event_effect x ON x.permit_id = p.id AND x.becomes = 'issued' JOIN event e ON e.id = x.event_id
    WHERE r.kind = 'permit' AND r.slug = $1 AND r.state = 'live'),
  c AS MATERIALIZED (
    SELECT u.event_id AS id FROM p JOIN permit_item i ON i.permit_id = p.id JOIN good g ON g.id = i.good_id JOIN ${kin}
      JOIN event_good u ON u.good_id = k.id AND u.event_type = ${uses} WHERE NOT ${names('u.event_id')}
    UNION SELECT e.id FROM p JOIN event_about a ON a.permit_id = p.id JOIN event e ON e.id = a.event_id AND e.type = ${uses}),
  a AS MATERIALIZED (
    SELECT DISTINCT e.id, e.on_earliest FROM record r JOIN event_about b ON b.permit_id = r.id JOIN event e ON e.id = b.event_id AND e.type = 'assurance'
    WHERE r.kind = 'permit' AND r.slug = $1 AND e.on_edtf IS NOT NULL AND num_nonnulls(e.scope_end_user_id, e.scope_place_id) > 0 AND ${live('e.id')})
  (SELECT 'permit-measure' AS pairing, p.id AS anchor, m.id AS counterpart, NULL::uuid[] AS others ${measures(`${from('e.on')} <= ${to('p.on')}`)} ORDER BY m.id LIMIT ${pairsMax})
  UNION ALL (SELECT 'permit-use', p.id, c.id, CASE WHEN EXISTS (${same}) AND NOT ${names('c.id')} THEN ARRAY(
      SELECT o.id FROM event_participant h CROSS JOIN LATERAL (${held
        .map((party) => `SELECT id FROM permit WHERE ${party} = h.actor_id`)
        .join(' UNION ALL ')}) o
      WHERE h.event_id = c.id AND h.role = ANY ('{user,consignee,end-user}'::text[]) AND o.id <> p.id
        AND CASE WHEN (SELECT true FROM permit_item i WHERE i.permit_id = o.id AND i.good_id = ANY (ARRAY(${same})) LIMIT 1)
          THEN (SELECT ${from('e.on')} <= (SELECT ${to('u.on')} FROM event u WHERE u.id = c.id) FROM event_effect x JOIN event e ON e.id = x.event_id WHERE x.permit_id = o.id AND x.becomes = 'issued')
            AND ${live('o.id')} END LIMIT 1) END
    FROM p CROSS JOIN c WHERE p.on_edtf IS NOT NULL AND ${usedAfter('c.id', 'p.on')} ORDER BY c.id LIMIT ${pairsMax})
  UNION ALL (SELECT 'assurance-use', a.id, u.id, NULL FROM a CROSS JOIN LATERAL (
      SELECT u.event_id AS id FROM (SELECT good_id FROM event_good WHERE event_id = a.id
          UNION SELECT i.good_id FROM event_about b JOIN permit_item i ON i.permit_id = b.permit_id WHERE b.event_id = a.id) t
        JOIN good g ON g.id = t.good_id JOIN ${kin} JOIN event_good u ON u.good_id = k.id AND u.event_type = ${uses}
        WHERE NOT ${names('u.event_id')}
      UNION SELECT e.id FROM event_about b JOIN event_about d ON d.permit_id = b.permit_id JOIN event e ON e.id = d.event_id AND e.type = ${uses} WHERE b.event_id = a.id) u
    WHERE ${usedAfter('u.id', 'a.on')} ORDER BY a.id, u.id LIMIT ${pairsMax})
  UNION ALL (SELECT 'permit-theatre', p.id, m.id, NULL ${measures(`${from('e.on')} <= ${to('p.on')}`)}
    AND EXISTS (SELECT FROM place l JOIN place s ON s.id = l.id OR s.country = l.country WHERE l.id = m.reason_place_id AND s.id = p.stated_end_use_place_id) ORDER BY m.id LIMIT ${pairsMax})
  UNION ALL (SELECT 'permit-stop', p.id, s.id, NULL FROM p CROSS JOIN LATERAL (
      SELECT m.id ${measures(`${to('e.on')} >= ${from('p.on')} AND m.legal_form = ANY ('{embargo,suspension}'::text[])`)}
      UNION SELECT x.event_id FROM event_effect x WHERE x.permit_id = p.id AND x.becomes = ANY ('{suspended,cancelled}'::text[])) s ORDER BY s.id LIMIT ${pairsMax})`

const party = (id: string) =>
  object(
    `t.id, f.name, t.type, t.country FROM actor t JOIN record f ON f.id = t.id WHERE t.id = ${id}`,
  )
const named = (id: string) => object(`f.id, f.name FROM record f WHERE f.id = ${id}`)
const place = (id: string) => object(`l.slug, l.name, l.country FROM place l WHERE l.id = ${id}`)
const items = (rows: string, position: string) =>
  array(`g.id, f.name, EXISTS (SELECT FROM good n WHERE n.family_id = g.id) AS "isFamily",
    ${named('g.family_id')} AS family, ${named('g.manufacturer_id')} AS maker
    FROM ${rows} JOIN good g ON g.id = z.good_id JOIN record f ON f.id = g.id ORDER BY ${position}`)
const itemsOf = (permit: string) =>
  items(`(SELECT * FROM permit_item WHERE permit_id = ${permit}) z`, 'z.position')
const goodsOf = (event: string) =>
  items(`(SELECT * FROM event_good WHERE event_id = ${event}) z`, 'z.position')

const shown = (on: string, facts: string) =>
  object(
    `r.kind, ${reference('r.id')} AS record, ${on} AS "on", ${object(facts)} AS facts, ${citations} AS citations`,
  )
const order = `COALESCE(e.on_earliest, '-infinity'::date), COALESCE(e.on_latest, 'infinity'::date), x.event_id, x.position`

const evidenceStatement = `
  SELECT ${shown(
    'NULL::json',
    `r.kind, r.id, r.name, ${party('p.issuer_id')} AS issuer, ${party('p.exporter_id')} AS exporter, ${party('p.consignee_id')} AS consignee,
    ${party('p.end_user_id')} AS "endUser", ${party('p.destination_id')} AS destination, ${party('p.end_destination_id')} AS "endDestination",
    ${itemsOf('r.id')} AS goods, p.exception_relied AS "exceptionRelied",
    CASE WHEN p.stated_end_use IS NOT NULL THEN ${object(`p.stated_end_use AS text, ${place('p.stated_end_use_place_id')} AS place`)} END AS "statedEndUse",
    ${object(`e.id AS event, ${stated('e.on')} AS "on" FROM event_effect x JOIN event e ON e.id = x.event_id WHERE x.permit_id = r.id AND x.becomes = 'issued'`)} AS issue`,
  )}::text AS evidence FROM record r JOIN permit p ON p.id = r.id
  WHERE r.state = 'live' AND r.id IN (SELECT unnest((SELECT $1::uuid[])) UNION SELECT b.permit_id FROM event_about b JOIN event e ON e.id = b.event_id AND e.type = 'assurance' WHERE b.event_id = ANY ((SELECT $3::uuid[])::uuid[]) AND b.permit_id IS NOT NULL)
  UNION ALL SELECT ${shown(
    'NULL::json',
    `r.kind, r.id, r.name, ${party('m.imposer_id')} AS imposer, ${party('m.target_id')} AS target, m.legal_form AS "legalForm", m.scope,
    CASE WHEN m.reason IS NOT NULL THEN ${object(`m.reason AS text, ${place('m.reason_place_id')} AS place`)} END AS reason,
    ${array(`s.start AS "imposedBy", ${stated('b.on')} AS "from", s.stop AS "endedBy", ${stated('d.on')} AS "to", ${goodsOf('s.start')} AS goods
      FROM (SELECT x.becomes, e.id AS start, lead(e.id) OVER (ORDER BY ${order}) AS stop, row_number() OVER (ORDER BY ${order}) AS step
        FROM event_effect x JOIN event e ON e.id = x.event_id WHERE x.measure_id = m.id AND x.becomes <> 'amended') s
      LEFT JOIN event b ON b.id = s.start LEFT JOIN event d ON d.id = s.stop WHERE s.becomes = 'imposed' ORDER BY s.step`)} AS times`,
  )}::text FROM record r JOIN measure m ON m.id = r.id WHERE r.state = 'live' AND r.id = ANY ((SELECT $2::uuid[])::uuid[])
  UNION ALL SELECT ${shown(
    stated('e.on'),
    `r.kind, r.id, r.name, e.type, ${stated('e.on')} AS "on", ${place('e.place_id')} AS place,
    ${array(`a.role, ${party('a.actor_id')} AS actor FROM event_participant a WHERE a.event_id = r.id ORDER BY a.position`)} AS participants,
    ${goodsOf('r.id')} AS goods,
    ${array(`t.permit_id AS id, f.name, t.becomes, CASE WHEN e.type = 'assurance' THEN ${itemsOf('t.permit_id')} ELSE '[]'::json END AS goods
      FROM (SELECT permit_id, NULL AS becomes, position FROM event_about WHERE event_id = r.id AND permit_id IS NOT NULL
        UNION ALL SELECT permit_id, becomes, 1000 + position FROM event_effect WHERE event_id = r.id AND permit_id IS NOT NULL) t
      JOIN record f ON f.id = t.permit_id ORDER BY t.position`)} AS permits,
    COALESCE((SELECT json_agg(measure_id) FROM (SELECT measure_id FROM event_about WHERE event_id = r.id AND measure_id IS NOT NULL UNION SELECT measure_id FROM event_effect WHERE event_id = r.id AND measure_id IS NOT NULL) t), '[]'::json) AS measures,
    CASE WHEN num_nonnulls(e.scope_end_user_id, e.scope_place_id, e.scope_use) > 0 THEN ${object(`${party('e.scope_end_user_id')} AS "endUser", ${place('e.scope_place_id')} AS place, e.scope_use AS use`)} END AS assurance`,
  )}::text FROM record r JOIN event e ON e.id = r.id WHERE r.state = 'live' AND r.id IN (
    SELECT unnest((SELECT $3::uuid[])) UNION SELECT event_id FROM event_effect WHERE permit_id = ANY ((SELECT $1::uuid[])::uuid[]) AND becomes = 'issued'
    UNION SELECT event_id FROM event_effect WHERE measure_id = ANY ((SELECT $2::uuid[])::uuid[]) AND becomes <> 'amended'
    UNION ((SELECT event_id FROM event_about WHERE permit_id = ANY ((SELECT $1::uuid[])::uuid[]) UNION SELECT event_id FROM event_effect WHERE permit_id = ANY ((SELECT $1::uuid[])::uuid[]))
      INTERSECT (SELECT event_id FROM event_about WHERE measure_id = ANY ((SELECT $2::uuid[])::uuid[]) UNION SELECT event_id FROM event_effect WHERE measure_id = ANY ((SELECT $2::uuid[])::uuid[]))))`

const limit = 50

/** Once more with more of them in the rare case that those of a rule were cut off and did not fill the page. */
export async function findingsByHand(
  ask: Ask,
  slug: string,
  pairsMax = limit + 1,
): Promise<string> {
  const { query } = ask
  const found = await query<Found>(`findings-pairs-${pairsMax}`, pairsStatement(pairsMax), [slug])
  if (found.length === 0) return '{"data":[],"next":null}'
  const ids = (pick: (one: Found) => string[]) => [...new Set(found.flatMap(pick))]
  const isUse = (pairing: Pairing) => pairing === 'permit-use' || pairing === 'assurance-use'
  const rows = await query<{ evidence: string }>('findings-evidence', evidenceStatement, [
    ids(({ pairing, anchor, others }) => [
      ...(pairing === 'assurance-use' ? [] : [anchor]),
      ...(others ?? []),
    ]),
    ids(({ pairing, counterpart }) => (isUse(pairing) ? [] : [counterpart])),
    ids(({ pairing, anchor, counterpart }) => [
      ...(isUse(pairing) || pairing === 'permit-stop' ? [counterpart] : []),
      ...(pairing === 'assurance-use' ? [anchor] : []),
    ]),
  ])
  const evidence = new Map(
    rows.map((row) => {
      const one = JSON.parse(row.evidence) as Evidence
      return [one.record.id, one]
    }),
  )
  const findings = rules.flatMap((rule) =>
    found
      .filter(({ pairing }) => pairing === rule.pairing)
      .flatMap(
        ({ others, ...pair }) => findingOf(rule, { ...pair, others: others ?? [] }, evidence) ?? [],
      ),
  )
  const isCut = [...Map.groupBy(found, ({ pairing }) => pairing).values()].some(
    (own) => own.length === pairsMax,
  )
  if (isCut && findings.length <= limit) return findingsByHand(ask, slug, pairsMax * 4)
  const next = findings.length > limit ? '"more"' : 'null'
  return `{"data":${JSON.stringify(findings.slice(0, limit))},"next":${next}}`
}
