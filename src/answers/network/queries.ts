import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { type PlaceholderFactory, prepareStatement } from '../../database/prepared-statements.ts'
import { columnRef, joinFragments, type SqlFragment } from '../../database/sql-fragments.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'
import type { RecordSnapshot } from '../../records/model/snapshots.ts'
import { joinLedgerSnapshot, rebuildSnapshots } from '../../records/read/records-from-ledger.ts'
import type { GraphNode } from './rules.ts'

/** One way in which records name a node: found in an index, the latest first. */
type Relation = {
  of: string
  name: string
  from: SqlFragment
  record: SqlFragment
  order: SqlFragment
}

const latestIssuedFirst = sql`COALESCE(permit.issued_earliest, '-infinity'::date) DESC, permit.id DESC`

const permitRelation = (name: string, party: string): Relation => ({
  of: 'actor',
  name,
  record: columnRef('permit.id'),
  order: latestIssuedFirst,
  from: sql`permit WHERE ${sql.ref(`permit.${party}`)} = f.id`,
})

/** By id: that is, the last recorded first. An index has them in this order. */
const indexedRelation = (
  of: string,
  name: string,
  table: string,
  { node, record }: { node: string; record: string },
): Relation => {
  const [id, named] = [`${table}.${record}`, `${table}.${node}`].map((one) => sql.ref(one))
  return {
    of,
    name,
    record: sql`${id}`,
    order: sql`${id} DESC`,
    from: sql`${sql.table(table)} WHERE ${named} = f.id`,
  }
}

/**
 * As `recordsBy`, of kinds of which there are few, which no index has in this order: `OFFSET 0` keeps the planner from going
 * through all of them by id until it has met enough of this node.
 */
const unindexedRelation = (of: string, name: string, table: Kind, node: string): Relation => ({
  of,
  name,
  record: sql`own.id`,
  order: sql`own.id DESC`,
  from: sql`(SELECT id FROM ${sql.table(table)} WHERE ${sql.ref(node)} = f.id OFFSET 0) AS own`,
})

const latestEventFirst = sql`(ARRAY[COALESCE(event_participant.event_latest, 'infinity'::date), CASE WHEN num_nonnulls(event_participant.event_earliest, event_participant.event_latest) > 0 THEN COALESCE(event_participant.event_earliest, '-infinity'::date) ELSE 'infinity'::date END]) DESC, event_participant.event_id DESC`

const permitEventColumns = { node: 'permit_id', record: 'event_id' }
const measureEventColumns = { node: 'measure_id', record: 'event_id' }
const relations: readonly Relation[] = [
  permitRelation('permits issued', 'issuer_id'),
  permitRelation('permits as exporter', 'exporter_id'),
  permitRelation('permits as consignee', 'consignee_id'),
  permitRelation('permits as end user', 'end_user_id'),
  permitRelation('permits as destination', 'destination_id'),
  permitRelation('permits as end destination', 'end_destination_id'),
  unindexedRelation('actor', 'measures imposed', 'measure', 'imposer_id'),
  unindexedRelation('actor', 'measures against it', 'measure', 'target_id'),
  unindexedRelation('actor', 'posts held', 'affiliation', 'actor_id'),
  unindexedRelation('actor', 'posts there', 'affiliation', 'organisation_id'),
  unindexedRelation('actor', 'goods made', 'good', 'manufacturer_id'),
  {
    of: 'actor',
    name: 'events',
    record: columnRef('event_participant.event_id'),
    from: sql`event_participant WHERE event_participant.actor_id = f.id`,
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

/** One more than is followed, to know whether there are more. A record may be found twice, in two roles. */
const selectRelated = (
  { of, name, from, record, order }: Relation,
  slot: PlaceholderFactory,
): SqlFragment =>
  sql`SELECT f.id, ${sql.lit(name)}, x.record, x.rank FROM frontier AS f CROSS JOIN LATERAL (
    SELECT o.record, row_number() OVER () AS rank FROM (SELECT ${record} AS record FROM ${from} ORDER BY ${order} LIMIT ${slot('follow')}::int + 1) AS o) AS x
    WHERE f.kind = ${sql.lit(of)}`

/** Of a node that it has more of a relation than is followed; or a record that names it. */
export type NeighbourRow = {
  id: string
  relation: string | null
  kind: Kind | null
  slug: string | null
  name: string | null
  kept: string | null
}

const buildNeighbourQuery = (slot: PlaceholderFactory): RawBuilder<NeighbourRow> => sql`
  WITH frontier AS (SELECT id, kind FROM unnest(${slot('ids')}::uuid[], ${slot('kinds')}::text[]) AS given (id, kind)),
  found (node, relation, record, rank) AS MATERIALIZED (
    SELECT id, NULL, id, 0 FROM frontier WHERE kind <> 'actor'
    UNION ALL SELECT id, NULL, id, 0 FROM unnest(${slot('also')}::uuid[]) AS id UNION ALL ${joinFragments(
      relations.map((relation) => selectRelated(relation, slot)),
      ' UNION ALL ',
    )})
  SELECT node AS id, relation, NULL AS kind, NULL AS slug, NULL AS name, NULL AS kept FROM found WHERE rank > ${slot('follow')}::int
  UNION ALL SELECT told.id, NULL, told.kind, told.slug, told.name, told.kept FROM (
    SELECT DISTINCT record FROM found WHERE rank <= ${slot('follow')}::int AND record <> ALL(${slot('told')}::uuid[])) AS named CROSS JOIN LATERAL (
    SELECT record.id, record.kind, record.slug, record.name, ledger.document AS kept FROM record ${joinLedgerSnapshot}
    WHERE record.id = named.record AND record.state = 'live' OFFSET 0) AS told`

/** Where a network is read from. */
export type NetworkReader = {
  readNeighbours(asked: {
    nodes: readonly GraphNode[]
    follow: number
    /** Ids of records to read besides, and of those that are known. */
    also: readonly string[]
    told: readonly string[]
  }): Promise<NeighbourRow[]>
  /** Documents of records that have none that can be used. */
  rebuildSnapshots(rows: readonly NodeRecord[]): Promise<Map<string, RecordSnapshot>>
  /** The records of these ids, as they are called. */
  readNames(ids: readonly string[]): Promise<NodeRecord[]>
  /** Types of actors and legal forms of measures. */
  readTypes(ids: readonly string[]): Promise<{ id: string; type: string }[]>
}
export type NodeRecord = { id: string; kind: Kind; slug: string; name: string }

/** Reads that all see what this snapshot shows. */
export const createNetworkReader = (snapshot: Db): NetworkReader => {
  const sendQuery = async <R>(
    key: string,
    values: Readonly<Record<string, unknown>>,
    build: (slot: PlaceholderFactory) => RawBuilder<R>,
  ): Promise<R[]> => {
    const query = prepareStatement<R>(`network|${key}`, values, (slot) => {
      const built = build(slot)
      return { compile: () => built.compile(snapshot) }
    })
    return (await snapshot.executeQuery(query)).rows
  }
  return {
    readNeighbours: ({ nodes, ...asked }) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      return sendQuery('around', { ids, kinds, ...asked }, buildNeighbourQuery)
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
          sql`SELECT id, type FROM actor WHERE id = ANY(${slot('ids')}::uuid[]) UNION ALL SELECT id, legal_form FROM measure WHERE id = ANY(${slot('ids')}::uuid[])`,
      ),
  }
}

/**
 * The records that name both nodes, the latest of each kind: without these, two nodes with very many connections each
 * might seem to have none in common.
 */
export async function findSharedRecordIds(db: Db, from: string, to: string): Promise<string[]> {
  const { rows } = await db.executeQuery(
    prepareStatement<{ id: string }>('network|both', { from, to }, (slot) => {
      const isPartyOf = (id: SqlFragment) =>
        sql`${id} IN (permit.issuer_id, permit.exporter_id, permit.consignee_id, permit.end_user_id, permit.destination_id, permit.end_destination_id)`
      const [a, b] = [sql`${slot('from')}::uuid`, sql`${slot('to')}::uuid`]
      const query = sql<{ id: string }>`
        (SELECT mine.event_id AS id FROM event_participant AS mine JOIN event_participant AS other ON other.event_id = mine.event_id AND other.actor_id = ${b}
          WHERE mine.actor_id = ${a} ORDER BY mine.event_id DESC LIMIT ${sql.lit(sharedRecordsMax)})
        UNION ${joinFragments(
          permitPartyColumns.map(
            (party) =>
              sql`(SELECT permit.id FROM permit WHERE ${sql.ref(`permit.${party}`)} = ${a} AND ${isPartyOf(b)} ORDER BY permit.id DESC LIMIT ${sql.lit(sharedRecordsMax)})`,
          ),
          ' UNION ',
        )}
        UNION (SELECT measure.id FROM measure WHERE (measure.imposer_id, measure.target_id) IN ((${a}, ${b}), (${b}, ${a})) ORDER BY measure.id DESC LIMIT ${sql.lit(sharedRecordsMax)})
        UNION (SELECT affiliation.id FROM affiliation WHERE (affiliation.actor_id, affiliation.organisation_id) IN ((${a}, ${b}), (${b}, ${a})) ORDER BY affiliation.id DESC LIMIT ${sql.lit(sharedRecordsMax)})`
      return { compile: () => query.compile(db) }
    }),
  )
  return rows.map(({ id }) => id)
}
const sharedRecordsMax = 10
const permitPartyColumns = [
  'issuer_id',
  'exporter_id',
  'consignee_id',
  'end_user_id',
  'destination_id',
  'end_destination_id',
]

/** @throws {Problem} not-found, retracted @throws {Moved} */
export async function findNode(db: Db, kind: GraphNode['kind'], ref: string): Promise<GraphNode> {
  const id = await resolveRecordId(db, kind, ref)
  const { slug, name } = await db
    .selectFrom('record')
    .select(['slug', 'name'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { id, kind, slug, name }
}
