/**
 * A network by hand-written statements: the neighbours of the nodes of each step with their snapshots, then names and types.
 * The code of the server decides which nodes are connected and which are kept.
 */
import { expandWithReader } from '../../src/answers/network/expand-network.ts'
import type { NeighbourRow, NetworkReader, NodeRecord } from '../../src/answers/network/queries.ts'
import type { GraphNode } from '../../src/answers/network/rules.ts'
import type { YardstickHandler } from '../workloads/workload.ts'

const relationSql = (
  of: string,
  name: string,
  record: string,
  from: string,
  order = `${record} DESC`,
) => `
  SELECT g.id, '${name}', x.record, x.rank
  FROM
    g
    CROSS JOIN LATERAL (
      SELECT o.record, row_number() OVER () AS rank
      FROM (SELECT ${record} AS record FROM ${from} = g.id ORDER BY ${order} LIMIT $3::int + 1) o
    ) x
  WHERE g.kind = '${of}'`
const smallRelationSql = (of: string, name: string, table: string, column: string) =>
  relationSql(
    of,
    name,
    'id',
    `(SELECT id, ${column} AS node FROM ${table} WHERE ${column} = g.id OFFSET 0) few WHERE node`,
  )
const latestIssueOrderSql = `COALESCE(issued_earliest, '-infinity'::date) DESC, id DESC`
const permitRelationSql = (name: string, column: string) =>
  relationSql('actor', name, 'id', `permit WHERE ${column}`, latestIssueOrderSql)
const relationsSql = [
  permitRelationSql('permits issued', 'issuer_id'),
  permitRelationSql('permits as exporter', 'exporter_id'),
  permitRelationSql('permits as consignee', 'consignee_id'),
  permitRelationSql('permits as end user', 'end_user_id'),
  permitRelationSql('permits as destination', 'destination_id'),
  permitRelationSql('permits as end destination', 'end_destination_id'),
  smallRelationSql('actor', 'measures imposed', 'measure', 'imposer_id'),
  smallRelationSql('actor', 'measures against it', 'measure', 'target_id'),
  smallRelationSql('actor', 'posts held', 'affiliation', 'actor_id'),
  smallRelationSql('actor', 'posts there', 'affiliation', 'organisation_id'),
  smallRelationSql('actor', 'goods made', 'good', 'manufacturer_id'),
  relationSql(
    'actor',
    'events',
    'event_id',
    'event_participant WHERE actor_id',
    `
      (
        ARRAY[
          COALESCE(event_latest, 'infinity'::date),
          CASE
            WHEN num_nonnulls (event_earliest, event_latest) > 0 THEN COALESCE(event_earliest, '-infinity'::date)
            ELSE 'infinity'::date
          END
        ]
      ) DESC,
      event_id DESC`,
  ),
  relationSql('good', 'permits', 'permit_id', 'permit_item WHERE good_id'),
  smallRelationSql('good', 'goods of the family', 'good', 'family_id'),
  relationSql('good', 'events', 'event_id', 'event_good WHERE good_id'),
  relationSql('permit', 'events about it', 'event_id', 'event_about WHERE permit_id'),
  relationSql('permit', 'events that changed it', 'event_id', 'event_effect WHERE permit_id'),
  relationSql('measure', 'events about it', 'event_id', 'event_about WHERE measure_id'),
  relationSql('measure', 'events that changed it', 'event_id', 'event_effect WHERE measure_id'),
]

const neighboursSql = `
  WITH
    g AS (SELECT id, kind FROM unnest($1::uuid[], $2::text[]) g (id, kind)),
    f (node, relation, record, rank) AS MATERIALIZED (
      SELECT id, NULL, id, 0
      FROM g
      WHERE kind <> 'actor'
      UNION ALL
      ${relationsSql.join(' UNION ALL ')}
    )
  SELECT node AS id, relation, NULL AS kind, NULL AS slug, NULL AS name, NULL AS kept
  FROM f
  WHERE rank > $3::int
  UNION ALL
  SELECT t.id, NULL, t.kind, t.slug, t.name, t.document
  FROM
    (SELECT DISTINCT record FROM f WHERE rank <= $3::int AND record <> ALL ($4::uuid[])) d
    CROSS JOIN LATERAL (
      SELECT r.id, r.kind, r.slug, r.name, l.document
      FROM record r JOIN ledger_document l ON l.record_id = r.id AND l.revision = r.revision
      WHERE r.id = d.record AND r.state = 'live'
      OFFSET 0
    ) t`
const namesSql = 'SELECT id, kind, slug, name FROM record WHERE id = ANY ($1::uuid[])'
const typesSql = `
    SELECT id, type
    FROM actor
    WHERE id = ANY($1::uuid[])
    UNION ALL
    SELECT id, legal_form
    FROM measure
    WHERE id = ANY($1::uuid[])`

export const queryNetwork: YardstickHandler = async ({ query }, request) => {
  const [root] = await query<GraphNode>(
    'network-root',
    `SELECT id, kind, slug, name FROM record WHERE kind = 'actor' AND slug = $1`,
    [request.query.actor],
  )
  if (root === undefined) throw new Error('There is no such actor.')
  const reads = {
    readNeighbours: ({
      nodes,
      followMax,
      knownIds,
    }: Parameters<NetworkReader['readNeighbours']>[0]) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      return query<NeighbourRow>('network-around', neighboursSql, [ids, kinds, followMax, knownIds])
    },
    rebuildSnapshots: async () => new Map(),
    readNames: (ids: readonly string[]) => query<NodeRecord>('network-named', namesSql, [ids]),
    readTypes: (ids: readonly string[]) =>
      query<{ id: string; type: string }>('network-types', typesSql, [ids]),
  }
  return JSON.stringify(await expandWithReader(reads, root, Number(request.query.depth), 100))
}
