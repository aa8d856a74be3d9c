/**
 * A network in statements written by hand: what is around the nodes of each step with the documents of the ledger, then the
 * names in them and the types. What connects two nodes, and which nodes stay, is decided by the same code in both.
 */
import { expand } from '../../src/answers/network/expand-network.ts'
import type { AroundRow, Named, Reads } from '../../src/answers/network/queries.ts'
import type { Node } from '../../src/answers/network/rules.ts'
import type { Way } from '../workloads/workload.ts'

const found = (
  of: string,
  name: string,
  record: string,
  from: string,
  order = `${record} DESC`,
) => `
  SELECT g.id, '${name}', x.record, x.rank FROM g CROSS JOIN LATERAL (
    SELECT o.record, row_number() OVER () AS rank FROM (SELECT ${record} AS record FROM ${from} = g.id ORDER BY ${order} LIMIT $3::int + 1) o) x WHERE g.kind = '${of}'`
const few = (of: string, name: string, table: string, column: string) =>
  found(
    of,
    name,
    'id',
    `(SELECT id, ${column} AS node FROM ${table} WHERE ${column} = g.id OFFSET 0) few WHERE node`,
  )
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
  few('actor', 'measures imposed', 'measure', 'imposer_id'),
  few('actor', 'measures against it', 'measure', 'target_id'),
  few('actor', 'posts held', 'affiliation', 'actor_id'),
  few('actor', 'posts there', 'affiliation', 'organisation_id'),
  few('actor', 'goods made', 'good', 'manufacturer_id'),
  found(
    ...(['actor', 'events', 'event_id', 'event_participant WHERE actor_id'] as const),
    `(ARRAY[COALESCE(event_latest, 'infinity'::date), CASE WHEN num_nonnulls(event_earliest, event_latest) > 0 THEN COALESCE(event_earliest, '-infinity'::date) ELSE 'infinity'::date END]) DESC, event_id DESC`,
  ),
  found('good', 'permits', 'permit_id', 'permit_item WHERE good_id'),
  few('good', 'goods of the family', 'good', 'family_id'),
  found('good', 'events', 'event_id', 'event_good WHERE good_id'),
  found('permit', 'events about it', 'event_id', 'event_about WHERE permit_id'),
  found('permit', 'events that changed it', 'event_id', 'event_effect WHERE permit_id'),
  found('measure', 'events about it', 'event_id', 'event_about WHERE measure_id'),
  found('measure', 'events that changed it', 'event_id', 'event_effect WHERE measure_id'),
]

const around = `
  WITH g AS (SELECT id, kind FROM unnest($1::uuid[], $2::text[]) g (id, kind)),
  f (node, relation, record, rank) AS MATERIALIZED (SELECT id, NULL, id, 0 FROM g WHERE kind <> 'actor' UNION ALL ${relations.join(' UNION ALL ')})
  SELECT node AS id, relation, NULL AS kind, NULL AS slug, NULL AS name, NULL AS kept FROM f WHERE rank > $3::int
  UNION ALL SELECT t.id, NULL, t.kind, t.slug, t.name, t.document FROM (SELECT DISTINCT record FROM f WHERE rank <= $3::int AND record <> ALL ($4::uuid[])) d CROSS JOIN LATERAL (
    SELECT r.id, r.kind, r.slug, r.name, l.document FROM record r JOIN ledger_document l ON l.record_id = r.id AND l.revision = r.revision
    WHERE r.id = d.record AND r.state = 'live' OFFSET 0) t`
const named = 'SELECT id, kind, slug, name FROM record WHERE id = ANY ($1::uuid[])'
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
    around: ({ nodes, follow, told }: Parameters<Reads['around']>[0]) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      return query<AroundRow>('network-around', around, [ids, kinds, follow, told])
    },
    documentsAgain: async () => new Map(),
    named: (ids: readonly string[]) => query<Named>('network-named', named, [ids]),
    typesOf: (ids: readonly string[]) =>
      query<{ id: string; type: string }>('network-types', types, [ids]),
  }
  return JSON.stringify(await expand(reads, root, Number(request.query.depth), 100))
}
