import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { type PlaceholderFactory, prepareStatement } from '../../database/prepared-statements.ts'
import { columnRef, joinFragments, type SqlFragment } from '../../database/sql-fragments.ts'
import { permitPartyColumns } from '../../records/kinds/permits/queries.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'
import type { RecordSnapshot } from '../../records/model/snapshots.ts'
import { joinLedgerSnapshot, rebuildSnapshots } from '../../records/read/records-from-ledger.ts'
import type { GraphNode } from './rules.ts'

/** One way in which records name a node, found by an index, the latest record first. */
type Relation = {
  /** Kind of the node. */
  nodeKind: string
  name: string
  /** The text after FROM, which must end in the condition on the node: `= frontier.id`. */
  from: SqlFragment
  /** Id of the record. */
  record: SqlFragment
  order: SqlFragment
}

const latestIssuedFirst = sql`COALESCE(permit.issued_earliest, '-infinity'::date) DESC, permit.id DESC`

const permitRelation = (name: string, party: string): Relation => ({
  nodeKind: 'actor',
  name,
  record: columnRef('permit.id'),
  order: latestIssuedFirst,
  from: sql`permit WHERE ${sql.ref(`permit.${party}`)} = frontier.id`,
})

/** In descending order of ids, which is the reverse order of recording. An index has this order. */
const indexedRelation = (
  nodeKind: string,
  name: string,
  table: string,
  { node, record }: { node: string; record: string },
): Relation => {
  const recordId = sql.ref(`${table}.${record}`)
  return {
    nodeKind,
    name,
    record: sql`${recordId}`,
    order: sql`${recordId} DESC`,
    from: sql`${sql.table(table)} WHERE ${sql.ref(`${table}.${node}`)} = frontier.id`,
  }
}

/**
 * The same for kinds with few records, where no index has this order. `OFFSET 0` keeps the planner from scanning the table by
 * id until it has found enough records of the node.
 */
const unindexedRelation = (
  nodeKind: string,
  name: string,
  table: Kind,
  node: string,
): Relation => ({
  nodeKind,
  name,
  record: sql`naming.id`,
  order: sql`naming.id DESC`,
  from: sql`(
    SELECT id FROM ${sql.table(table)} WHERE ${sql.ref(node)} = frontier.id OFFSET 0
  ) AS naming`,
})

/** The order of a timeline, reversed (docs/decisions/0012-order-of-a-timeline.md). */
const latestEventFirst = sql`
  (ARRAY[
    COALESCE(event_participant.event_latest, 'infinity'::date),
    CASE
      WHEN num_nonnulls(event_participant.event_earliest, event_participant.event_latest) > 0
      THEN COALESCE(event_participant.event_earliest, '-infinity'::date)
      ELSE 'infinity'::date
    END
  ]) DESC,
  event_participant.event_id DESC`

const permitEventColumns = { node: 'permit_id', record: 'event_id' }
const measureEventColumns = { node: 'measure_id', record: 'event_id' }
const relations: readonly Relation[] = [
  permitRelation('permits issued', 'issuer_id'),
  permitRelation('permits as exporter', 'exporter_id'),
  permitRelation('permits as consignee', 'consignee_id'),
  permitRelation('permits as end user', 'end_user_id'),
  permitRelation('permits as destination', 'destination_id'),
  permitRelation('permits as end destination', 'end_destination_id'),
  indexedRelation('actor', 'permits as one of several destinations', 'permit_destination', {
    node: 'actor_id',
    record: 'permit_id',
  }),
  indexedRelation('actor', 'permits as further party', 'permit_party', {
    node: 'actor_id',
    record: 'permit_id',
  }),
  unindexedRelation('actor', 'measures imposed', 'measure', 'imposer_id'),
  unindexedRelation('actor', 'measures against it', 'measure', 'target_id'),
  indexedRelation('actor', 'measures against it and others', 'measure_target', {
    node: 'actor_id',
    record: 'measure_id',
  }),
  unindexedRelation('actor', 'posts held', 'affiliation', 'actor_id'),
  unindexedRelation('actor', 'posts there', 'affiliation', 'organisation_id'),
  unindexedRelation('actor', 'goods made', 'good', 'manufacturer_id'),
  {
    nodeKind: 'actor',
    name: 'events',
    record: columnRef('event_participant.event_id'),
    from: sql`event_participant WHERE event_participant.actor_id = frontier.id`,
    order: latestEventFirst,
  },
  indexedRelation('good', 'permits', 'permit_item', { node: 'good_id', record: 'permit_id' }),
  unindexedRelation('good', 'goods of the family', 'good', 'family_id'),
  indexedRelation('good', 'events', 'event_good', { node: 'good_id', record: 'event_id' }),
  indexedRelation('permit', 'events about it', 'event_about', permitEventColumns),
  indexedRelation('permit', 'events that changed it', 'event_effect', permitEventColumns),
  indexedRelation('measure', 'events about it', 'event_about', measureEventColumns),
  indexedRelation('measure', 'events that changed it', 'event_effect', measureEventColumns),
]

/**
 * The records of a relation, for each node one more than is followed, to know whether there are more. A record can occur twice,
 * in two roles.
 */
const selectRelated = (
  { nodeKind, name, from, record, order }: Relation,
  slot: PlaceholderFactory,
): SqlFragment => sql`
  SELECT frontier.id, ${sql.lit(name)}, ranked.record, ranked.rank
  FROM frontier
  CROSS JOIN LATERAL (
    SELECT latest.record, row_number() OVER () AS rank
    FROM (
      SELECT ${record} AS record
      FROM ${from}
      ORDER BY ${order}
      LIMIT ${slot('followMax')}::int + 1
    ) AS latest
  ) AS ranked
  WHERE frontier.kind = ${sql.lit(nodeKind)}`

/**
 * Either a node that has more records in a relation than are followed (`relation` is set, `kind` is null), or a record that
 * names a node. `kept` is the text of its snapshot; null when the ledger has none.
 */
export type NeighbourRow = {
  id: string
  relation: string | null
  kind: Kind | null
  slug: string | null
  name: string | null
  kept: string | null
}

const buildNeighbourQuery = (slot: PlaceholderFactory): RawBuilder<NeighbourRow> => {
  const relatedQueries = relations.map((relation) => selectRelated(relation, slot))
  return sql`
    WITH frontier AS (
      SELECT id, kind
      FROM unnest(${slot('ids')}::uuid[], ${slot('kinds')}::text[]) AS node (id, kind)
    ),
    related (node, relation, record, rank) AS MATERIALIZED (
      SELECT id, NULL, id, 0 FROM frontier WHERE kind <> 'actor'
      UNION ALL SELECT id, NULL, id, 0 FROM unnest(${slot('extraIds')}::uuid[]) AS id
      UNION ALL ${joinFragments(relatedQueries, ' UNION ALL ')}
    )
    SELECT node AS id, relation, NULL AS kind, NULL AS slug, NULL AS name, NULL AS kept
    FROM related
    WHERE rank > ${slot('followMax')}::int
    UNION ALL
    SELECT found.id, NULL, found.kind, found.slug, found.name, found.kept
    FROM (
      SELECT DISTINCT record
      FROM related
      WHERE rank <= ${slot('followMax')}::int AND record <> ALL(${slot('knownIds')}::uuid[])
    ) AS new_record
    CROSS JOIN LATERAL (
      SELECT record.id, record.kind, record.slug, record.name, ledger.document AS kept
      FROM record ${joinLedgerSnapshot}
      WHERE record.id = new_record.record AND record.state = 'live'
      OFFSET 0
    ) AS found`
}

/** The data source of a network. */
export type NetworkReader = {
  readNeighbours(request: {
    nodes: readonly GraphNode[]
    /** Records to follow for each node and relation. */
    followMax: number
    /** Ids of records to read in addition. */
    extraIds: readonly string[]
    /** Ids of records that are not read again. */
    knownIds: readonly string[]
  }): Promise<NeighbourRow[]>
  /** For records without a snapshot that can be used. By id. */
  rebuildSnapshots(rows: readonly NodeRecord[]): Promise<Map<string, RecordSnapshot>>
  readNames(ids: readonly string[]): Promise<NodeRecord[]>
  /** Types of actors and legal forms of measures. */
  readTypes(ids: readonly string[]): Promise<{ id: string; type: string }[]>
}
export type NodeRecord = { id: string; kind: Kind; slug: string; name: string }

/** All reads see the same database snapshot. */
export const createNetworkReader = (snapshot: Db): NetworkReader => {
  const sendQuery = async <R>(
    key: string,
    values: Readonly<Record<string, unknown>>,
    build: (slot: PlaceholderFactory) => RawBuilder<R>,
  ): Promise<R[]> => {
    const query = prepareStatement<R>(`network|${key}`, values, (slot) => {
      const statement = build(slot)
      return { compile: () => statement.compile(snapshot) }
    })
    return (await snapshot.executeQuery(query)).rows
  }
  return {
    readNeighbours: ({ nodes, ...request }) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      return sendQuery('around', { ids, kinds, ...request }, buildNeighbourQuery)
    },
    rebuildSnapshots: (rows) => rebuildSnapshots(snapshot, rows),
    readNames: async (ids) =>
      ids.length === 0
        ? []
        : sendQuery(
            'named',
            { ids },
            (slot) =>
              sql`SELECT id, kind, slug, name FROM record WHERE id = ANY(${slot('ids')}::uuid[])`,
          ),
    readTypes: (ids) =>
      sendQuery(
        'types',
        { ids },
        (slot) =>
          sql`
            SELECT id, type FROM actor WHERE id = ANY(${slot('ids')}::uuid[])
            UNION ALL
            SELECT id, legal_form FROM measure WHERE id = ANY(${slot('ids')}::uuid[])`,
      ),
  }
}

const sharedRecordsMax = 10

/**
 * Ids of records that name both nodes, the latest of each kind. Without these, two nodes with very many connections might seem
 * to have none in common.
 */
export async function findSharedRecordIds(db: Db, from: string, to: string): Promise<string[]> {
  const { rows } = await db.executeQuery(
    prepareStatement<{ id: string }>('network|both', { from, to }, (slot) => {
      const query = buildSharedRecordQuery(sql`${slot('from')}::uuid`, sql`${slot('to')}::uuid`)
      return { compile: () => query.compile(db) }
    }),
  )
  return rows.map(({ id }) => id)
}

function buildSharedRecordQuery(from: SqlFragment, to: SqlFragment): RawBuilder<{ id: string }> {
  const limit = sql`LIMIT ${sql.lit(sharedRecordsMax)}`
  const parties = joinFragments(
    permitPartyColumns.map((party) => sql.ref(`permit.${party}`)),
    ', ',
  )
  const permitsByParty = permitPartyColumns.map(
    (party) => sql`(
      SELECT permit.id
      FROM permit
      WHERE ${sql.ref(`permit.${party}`)} = ${from} AND ${to} IN (${parties})
      ORDER BY permit.id DESC
      ${limit}
    )`,
  )
  return sql`
    (
      SELECT participant.event_id AS id
      FROM event_participant AS participant
      JOIN event_participant AS other
        ON other.event_id = participant.event_id AND other.actor_id = ${to}
      WHERE participant.actor_id = ${from}
      ORDER BY participant.event_id DESC
      ${limit}
    )
    UNION ${joinFragments(permitsByParty, ' UNION ')}
    UNION (
      SELECT measure.id
      FROM measure
      WHERE (measure.imposer_id, measure.target_id) IN ((${from}, ${to}), (${to}, ${from}))
      ORDER BY measure.id DESC
      ${limit}
    )
    UNION (
      SELECT affiliation.id
      FROM affiliation
      WHERE (affiliation.actor_id, affiliation.organisation_id) IN ((${from}, ${to}), (${to}, ${from}))
      ORDER BY affiliation.id DESC
      ${limit}
    )`
}

/**
 * @throws {Problem} not-found, retracted
 * @throws {RecordMovedError} if the record was merged into another one
 */
export async function findNode(db: Db, kind: GraphNode['kind'], ref: string): Promise<GraphNode> {
  const id = await resolveRecordId(db, kind, ref)
  const { slug, name } = await db
    .selectFrom('record')
    .select(['slug', 'name'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { id, kind, slug, name }
}
