import { type RawBuilder, sql } from 'kysely'
import { column, type Fragment, joined } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { type Slots, statement } from '../../database/statement.ts'
import { resolve } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'
import type { RecordDocument } from '../../records/model/snapshots.ts'
import { documentsAgain, joinKept } from '../../records/read/records-from-ledger.ts'
import type { Node } from './rules.ts'

/** One way in which records name a node: found in an index, the latest first. */
type Relation = { of: string; name: string; from: Fragment; record: Fragment; order: Fragment }

const lastIssued = sql`COALESCE(permit.issued_earliest, '-infinity'::date) DESC, permit.id DESC`

const permitsBy = (name: string, party: string): Relation => ({
  ...{ of: 'actor', name, record: column('permit.id'), order: lastIssued },
  from: sql`permit WHERE ${sql.ref(`permit.${party}`)} = f.id`,
})

/** By id: that is, the last recorded first. An index has them in this order. */
const recordsBy = (
  of: string,
  name: string,
  table: string,
  { node, record }: { node: string; record: string },
): Relation => {
  const [id, named] = [`${table}.${record}`, `${table}.${node}`].map((one) => sql.ref(one))
  return {
    ...{ of, name, record: sql`${id}`, order: sql`${id} DESC` },
    from: sql`${sql.table(table)} WHERE ${named} = f.id`,
  }
}

/**
 * As `recordsBy`, of kinds of which there are few, which no index has in this order: `OFFSET 0` keeps the planner from going
 * through all of them by id until it has met enough of this node.
 */
const fewBy = (of: string, name: string, table: Kind, node: string): Relation => ({
  ...{ of, name, record: sql`own.id`, order: sql`own.id DESC` },
  from: sql`(SELECT id FROM ${sql.table(table)} WHERE ${sql.ref(node)} = f.id OFFSET 0) AS own`,
})

const inOrderOfTime = sql`(ARRAY[COALESCE(event_participant.event_latest, 'infinity'::date), CASE WHEN num_nonnulls(event_participant.event_earliest, event_participant.event_latest) > 0 THEN COALESCE(event_participant.event_earliest, '-infinity'::date) ELSE 'infinity'::date END]) DESC, event_participant.event_id DESC`

const permitEvent = { node: 'permit_id', record: 'event_id' }
const measureEvent = { node: 'measure_id', record: 'event_id' }
const relations: readonly Relation[] = [
  permitsBy('permits issued', 'issuer_id'),
  permitsBy('permits as exporter', 'exporter_id'),
  permitsBy('permits as consignee', 'consignee_id'),
  permitsBy('permits as end user', 'end_user_id'),
  permitsBy('permits as destination', 'destination_id'),
  permitsBy('permits as end destination', 'end_destination_id'),
  fewBy('actor', 'measures imposed', 'measure', 'imposer_id'),
  fewBy('actor', 'measures against it', 'measure', 'target_id'),
  fewBy('actor', 'posts held', 'affiliation', 'actor_id'),
  fewBy('actor', 'posts there', 'affiliation', 'organisation_id'),
  fewBy('actor', 'goods made', 'good', 'manufacturer_id'),
  {
    ...{ of: 'actor', name: 'events', record: column('event_participant.event_id') },
    from: sql`event_participant WHERE event_participant.actor_id = f.id`,
    order: inOrderOfTime,
  },
  recordsBy('good', 'permits', 'permit_item', { node: 'good_id', record: 'permit_id' }),
  fewBy('good', 'goods of the family', 'good', 'family_id'),
  recordsBy('good', 'events', 'event_good', { node: 'good_id', record: 'event_id' }),
  recordsBy('permit', 'events about it', 'event_about', permitEvent),
  recordsBy('permit', 'events that changed it', 'event_effect', permitEvent),
  recordsBy('measure', 'events about it', 'event_about', measureEvent),
  recordsBy('measure', 'events that changed it', 'event_effect', measureEvent),
]

/** One more than is followed, to know whether there are more. A record may be found twice, in two roles. */
const found = ({ of, name, from, record, order }: Relation, slot: Slots): Fragment =>
  sql`SELECT f.id, ${sql.lit(name)}, x.record, x.rank FROM frontier AS f CROSS JOIN LATERAL (
    SELECT o.record, row_number() OVER () AS rank FROM (SELECT ${record} AS record FROM ${from} ORDER BY ${order} LIMIT ${slot('follow')}::int + 1) AS o) AS x
    WHERE f.kind = ${sql.lit(of)}`

/** Of a node that it has more of a relation than is followed; or a record that names it. */
export type AroundRow = {
  id: string
  relation: string | null
  kind: Kind | null
  slug: string | null
  name: string | null
  kept: string | null
}

const aroundQuery = (slot: Slots): RawBuilder<AroundRow> => sql`
  WITH frontier AS (SELECT id, kind FROM unnest(${slot('ids')}::uuid[], ${slot('kinds')}::text[]) AS given (id, kind)),
  found (node, relation, record, rank) AS MATERIALIZED (
    SELECT id, NULL, id, 0 FROM frontier WHERE kind <> 'actor'
    UNION ALL SELECT id, NULL, id, 0 FROM unnest(${slot('also')}::uuid[]) AS id UNION ALL ${joined(
      relations.map((relation) => found(relation, slot)),
      ' UNION ALL ',
    )})
  SELECT node AS id, relation, NULL AS kind, NULL AS slug, NULL AS name, NULL AS kept FROM found WHERE rank > ${slot('follow')}::int
  UNION ALL SELECT told.id, NULL, told.kind, told.slug, told.name, told.kept FROM (
    SELECT DISTINCT record FROM found WHERE rank <= ${slot('follow')}::int AND record <> ALL(${slot('told')}::uuid[])) AS named CROSS JOIN LATERAL (
    SELECT record.id, record.kind, record.slug, record.name, ledger.document AS kept FROM record ${joinKept}
    WHERE record.id = named.record AND record.state = 'live' OFFSET 0) AS told`

/** Where a network is read from. */
export type Reads = {
  around(asked: {
    nodes: readonly Node[]
    follow: number
    /** Ids of records to read besides, and of those that are known. */
    also: readonly string[]
    told: readonly string[]
  }): Promise<AroundRow[]>
  /** Documents of records that have none that can be used. */
  documentsAgain(rows: readonly Named[]): Promise<Map<string, RecordDocument>>
  /** The records of these ids, as they are called. */
  named(ids: readonly string[]): Promise<Named[]>
  /** Types of actors and legal forms of measures. */
  typesOf(ids: readonly string[]): Promise<{ id: string; type: string }[]>
}
export type Named = { id: string; kind: Kind; slug: string; name: string }

/** Reads that all see what this snapshot shows. */
export const readsOf = (snapshot: Db): Reads => {
  const ask = async <R>(
    key: string,
    values: Readonly<Record<string, unknown>>,
    build: (slot: Slots) => RawBuilder<R>,
  ): Promise<R[]> => {
    const query = statement<R>(`network|${key}`, values, (slot) => {
      const built = build(slot)
      return { compile: () => built.compile(snapshot) }
    })
    return (await snapshot.executeQuery(query)).rows
  }
  return {
    around: ({ nodes, ...asked }) => {
      const ids = nodes.map(({ id }) => id)
      const kinds = nodes.map(({ kind }) => kind)
      return ask('around', { ids, kinds, ...asked }, aroundQuery)
    },
    documentsAgain: (rows) => documentsAgain(snapshot, rows),
    named: async (ids) =>
      ids.length === 0
        ? []
        : ask(
            'named',
            { ids },
            (slot) =>
              sql`SELECT id, kind, slug, name FROM record WHERE id = ANY(${slot('ids')}::uuid[])`,
          ),
    typesOf: (ids) =>
      ask(
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
export async function idsNamingBoth(db: Db, from: string, to: string): Promise<string[]> {
  const { rows } = await db.executeQuery(
    statement<{ id: string }>('network|both', { from, to }, (slot) => {
      const either = (id: Fragment) =>
        sql`${id} IN (permit.issuer_id, permit.exporter_id, permit.consignee_id, permit.end_user_id, permit.destination_id, permit.end_destination_id)`
      const [a, b] = [sql`${slot('from')}::uuid`, sql`${slot('to')}::uuid`]
      const query = sql<{ id: string }>`
        (SELECT mine.event_id AS id FROM event_participant AS mine JOIN event_participant AS other ON other.event_id = mine.event_id AND other.actor_id = ${b}
          WHERE mine.actor_id = ${a} ORDER BY mine.event_id DESC LIMIT ${sql.lit(bothMax)})
        UNION ${joined(
          permitParties.map(
            (party) =>
              sql`(SELECT permit.id FROM permit WHERE ${sql.ref(`permit.${party}`)} = ${a} AND ${either(b)} ORDER BY permit.id DESC LIMIT ${sql.lit(bothMax)})`,
          ),
          ' UNION ',
        )}
        UNION (SELECT measure.id FROM measure WHERE (measure.imposer_id, measure.target_id) IN ((${a}, ${b}), (${b}, ${a})) ORDER BY measure.id DESC LIMIT ${sql.lit(bothMax)})
        UNION (SELECT affiliation.id FROM affiliation WHERE (affiliation.actor_id, affiliation.organisation_id) IN ((${a}, ${b}), (${b}, ${a})) ORDER BY affiliation.id DESC LIMIT ${sql.lit(bothMax)})`
      return { compile: () => query.compile(db) }
    }),
  )
  return rows.map(({ id }) => id)
}
const bothMax = 10
const permitParties = [
  ...['issuer_id', 'exporter_id', 'consignee_id', 'end_user_id', 'destination_id'],
  'end_destination_id',
]

/** @throws {Problem} not-found, retracted @throws {Moved} */
export async function findNode(db: Db, kind: Node['kind'], ref: string): Promise<Node> {
  const id = await resolve(db, kind, ref)
  const { slug, name } = await db
    .selectFrom('record')
    .select(['slug', 'name'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { id, kind, slug, name }
}
