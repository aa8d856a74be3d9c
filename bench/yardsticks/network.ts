/**
 * A network in statements written by hand, flat rows by key: what is around the nodes of each step, then the citations and the
 * types. What connects two nodes, and which nodes stay, is decided by the same code in both.
 */
import { expand } from '../../src/answers/network/expand-network.ts'
import { type AroundRow, aroundOf, type CitedRow } from '../../src/answers/network/queries.ts'
import type { Node } from '../../src/answers/network/rules.ts'
import type { Way } from '../workloads/workload.ts'
import { object, reference, stated } from './fragments.ts'

const found = (
  of: string,
  name: string,
  record: string,
  from: string,
  order = `${record} DESC`,
) => `
  SELECT g.id, '${name}', x.record, x.rank FROM g CROSS JOIN LATERAL (
    SELECT o.record, row_number() OVER () AS rank FROM (SELECT ${record} AS record FROM ${from} = g.id ORDER BY ${order} LIMIT $3::int + 1) o) x WHERE g.kind = '${of}'`
const lastIssued = `COALESCE(issued_earliest, '-infinity'::date) DESC, id DESC`
const permits = (name: string, column: string) =>
  found('actor', name, 'id', `permit WHERE ${column}`, lastIssued)
const relations = [
  permits('permits issued', 'issuer_id'),
  permits('permits as exporter', 'exporter_id'),
  permits('permits as consignee', 'consignee_id'),
  permits('permits as end user', 'end_user_id'),
  permits('permits as destination', 'destination_id'),
  permits('permits as end destination', 'end_destination_id'),
  found('actor', 'measures imposed', 'id', 'measure WHERE imposer_id'),
  found('actor', 'measures against it', 'id', 'measure WHERE target_id'),
  found('actor', 'posts held', 'id', 'affiliation WHERE actor_id'),
  found('actor', 'posts there', 'id', 'affiliation WHERE organisation_id'),
  found('actor', 'goods made', 'id', 'good WHERE manufacturer_id'),
  found(
    ...(['actor', 'events', 'event_id', 'event_participant WHERE actor_id'] as const),
    `(ARRAY[COALESCE(event_latest, 'infinity'::date), CASE WHEN num_nonnulls(event_earliest, event_latest) > 0 THEN COALESCE(event_earliest, '-infinity'::date) ELSE 'infinity'::date END]) DESC, event_id DESC`,
  ),
  found('good', 'permits', 'permit_id', 'permit_item WHERE good_id'),
  found('good', 'goods of the family', 'id', 'good WHERE family_id'),
  found('good', 'events', 'event_id', 'event_good WHERE good_id'),
  found('permit', 'events about it', 'event_id', 'event_about WHERE permit_id'),
  found('permit', 'events that changed it', 'event_id', 'event_effect WHERE permit_id'),
  found('measure', 'events about it', 'event_id', 'event_about WHERE measure_id'),
  found('measure', 'events that changed it', 'event_id', 'event_effect WHERE measure_id'),
]

const columns = (kind: string, word: string, named: Readonly<Record<string, string>>) => `
  SELECT t.id, v.field, v.word, v.node FROM t CROSS JOIN LATERAL (SELECT * FROM ${kind} WHERE id = t.id OFFSET 0) k
    CROSS JOIN LATERAL (VALUES ${Object.entries(named)
      .map(([field, column]) => `('${field}', ${word}, k.${column})`)
      .join(', ')}) v (field, word, node) WHERE t.kind = '${kind}' AND v.node IS NOT NULL`
const lists = (kind: string, table: string, field: string, word: string, node: string) => `
  SELECT t.id, ${field}, m.word, m.node FROM t CROSS JOIN LATERAL (
    SELECT position, ${word} AS word, ${node} AS node FROM ${table} WHERE ${kind}_id = t.id AND position <= 100 OFFSET 0) m WHERE t.kind = '${kind}'`
const pointers = [
  columns('permit', 'k.status', {
    ...{ issuer: 'issuer_id', exporter: 'exporter_id', consignee: 'consignee_id' },
    ...{ endUser: 'end_user_id', destination: 'destination_id' },
    endDestination: 'end_destination_id',
  }),
  lists('permit', 'permit_item', `'items.' || m.position || '.good'`, 'NULL', 'good_id'),
  columns('good', 'NULL', { manufacturer: 'manufacturer_id', family: 'family_id' }),
  columns('measure', 'NULL', { imposer: 'imposer_id', target: 'target_id' }),
  columns('affiliation', 'NULL', { actor: 'actor_id', organisation: 'organisation_id' }),
  lists('event', 'event_participant', `'participants.' || m.position`, 'role', 'actor_id'),
  lists('event', 'event_good', `'goods.' || m.position`, 'NULL', 'good_id'),
  ...['about', 'effect'].map((table) =>
    lists(
      ...(['event', `event_${table}`] as const),
      `'${table === 'about' ? table : 'effects'}.' || m.position`,
      table === 'about' ? 'NULL' : 'becomes',
      'COALESCE(permit_id, measure_id)',
    ),
  ),
]

const around = `
  WITH g AS (SELECT id, kind FROM unnest($1::uuid[], $2::text[]) g (id, kind)),
  f (node, relation, record, rank) AS MATERIALIZED (SELECT id, NULL, id, 0 FROM g WHERE kind <> 'actor' UNION ALL ${relations.join(' UNION ALL ')}),
  t AS MATERIALIZED (SELECT id, kind, slug, name FROM record WHERE state = 'live' AND id = ANY (ARRAY(SELECT record FROM f))),
  p (owner, field, word, node) AS MATERIALIZED (${pointers.join(' UNION ALL ')})
  SELECT 'found' AS part, node AS owner, relation AS text, NULL AS word, record AS id, NULL AS kind, NULL AS slug, NULL AS name, rank, NULL::json AS date FROM f WHERE relation IS NOT NULL
  UNION ALL SELECT 'record', id, (SELECT type FROM event e WHERE e.id = t.id), NULL, NULL, kind, slug, name, NULL, COALESCE(
    (SELECT ${stated('e.on')} FROM event e WHERE e.id = t.id AND t.kind = 'event'), (SELECT ${stated('a.during')} FROM affiliation a WHERE a.id = t.id AND t.kind = 'affiliation')) FROM t
  UNION ALL SELECT 'pointer', owner, field, word, node, NULL, NULL, NULL, NULL, NULL FROM p
  UNION ALL SELECT 'node', n.id, NULL, NULL, NULL, n.kind, n.slug, n.name, NULL, NULL FROM (SELECT DISTINCT node FROM p) AS d CROSS JOIN LATERAL (SELECT id, kind, slug, name FROM record WHERE id = d.node OFFSET 0) n`

const isOfField = `COALESCE(c.field = a.field OR starts_with(a.field, c.field || '.') OR starts_with(c.field, a.field || '.'), false)`
const cited = `
  SELECT a.pair::int AS pair, c.is_of_field AS "isOfField", ${object(
    `c.id, '/v1/citations/' || c.id AS href, c.field, ${reference('c.article_id', 'articles')} AS article, c.start_at AS start, c.end_at AS "end", c.quote, c.confidence`,
  )} AS citation
  FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS a (record, field, pair)
  CROSS JOIN LATERAL (SELECT c.*, ${isOfField} AS is_of_field FROM citation c WHERE c.record_id = a.record ORDER BY ${isOfField} DESC, c.position LIMIT 3) c
  ORDER BY a.pair, c.position`
const types =
  'SELECT id, type FROM actor WHERE id = ANY ($1::uuid[]) UNION ALL SELECT id, legal_form FROM measure WHERE id = ANY ($1::uuid[])'

export const networkByHand: Way = async ({ query }, request) => {
  const [root] = await query<Node>(
    'network-root',
    `SELECT id, kind, slug, name FROM record WHERE kind = 'actor' AND slug = $1`,
    [request.query.actor],
  )
  if (root === undefined) throw new Error('There is no such actor.')
  const reads = {
    around: async (nodes: readonly Node[], follow: number) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      const rows = await query<AroundRow>('network-around', around, [ids, kinds, follow])
      return aroundOf(rows, nodes, follow)
    },
    citationsFor: (pairs: readonly { record: string; field: string }[]) =>
      query<CitedRow>('network-cited', cited, [
        pairs.map(({ record }) => record),
        pairs.map(({ field }) => field),
      ]),
    typesOf: async (ids: readonly string[]) => {
      const rows = await query<{ id: string; type: string }>('network-types', types, [ids])
      return new Map(rows.map(({ id, type }) => [id, type]))
    },
  }
  return JSON.stringify(await expand(reads, root, Number(request.query.depth), 100))
}
