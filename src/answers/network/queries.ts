import { sql } from 'kysely'
import { column, type Fragment, joined, jsonRow } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { type Slots, statement } from '../../database/statement.ts'
import { resolve } from '../../records/reading.ts'
import type { Kind } from '../../records/schema.ts'
import { reference, statedDate } from '../../records/shapes.ts'
import type { Node, Pointer, Telling } from './rules.ts'

/** Of one list of a record (participants, items ...) so many members are read. */
const membersMax = 100

/** One way in which records name a node: found in an index, the latest first. */
type Relation = { of: string; name: string; from: Fragment; record: Fragment; order: Fragment }

const lastIssued = sql`COALESCE(permit.issued_earliest, '-infinity'::date) DESC, permit.id DESC`

const permitsBy = (name: string, of: Fragment): Relation => ({
  ...{ of: 'actor', name, record: column('permit.id'), order: lastIssued },
  from: sql`permit WHERE ${of} = f.id`,
})
/** By id: that is, the last recorded first. */
const recordsBy = (
  of: string,
  name: string,
  table: Fragment,
  record: Fragment,
  where: Fragment,
): Relation => ({
  ...{ of, name, record, order: sql`${record} DESC` },
  from: sql`${table} WHERE ${where} = f.id`,
})

const inOrderOfTime = sql`(ARRAY[COALESCE(event_participant.event_latest, 'infinity'::date), CASE WHEN num_nonnulls(event_participant.event_earliest, event_participant.event_latest) > 0 THEN COALESCE(event_participant.event_earliest, '-infinity'::date) ELSE 'infinity'::date END]) DESC, event_participant.event_id DESC`

const relations: readonly Relation[] = [
  permitsBy('permits issued', column('permit.issuer_id')),
  permitsBy('permits as exporter', column('permit.exporter_id')),
  permitsBy('permits as consignee', column('permit.consignee_id')),
  permitsBy('permits as end user', column('permit.end_user_id')),
  permitsBy('permits as destination', column('permit.destination_id')),
  permitsBy('permits as end destination', column('permit.end_destination_id')),
  recordsBy(
    'actor',
    'measures imposed',
    sql`measure`,
    column('measure.id'),
    column('measure.imposer_id'),
  ),
  recordsBy(
    'actor',
    'measures against it',
    sql`measure`,
    column('measure.id'),
    column('measure.target_id'),
  ),
  recordsBy(
    'actor',
    'posts held',
    sql`affiliation`,
    column('affiliation.id'),
    column('affiliation.actor_id'),
  ),
  recordsBy(
    'actor',
    'posts there',
    sql`affiliation`,
    column('affiliation.id'),
    column('affiliation.organisation_id'),
  ),
  recordsBy('actor', 'goods made', sql`good`, column('good.id'), column('good.manufacturer_id')),
  {
    ...{ of: 'actor', name: 'events', record: column('event_participant.event_id') },
    ...{
      from: sql`event_participant WHERE event_participant.actor_id = f.id`,
      order: inOrderOfTime,
    },
  },
  recordsBy(
    'good',
    'permits',
    sql`permit_item`,
    column('permit_item.permit_id'),
    column('permit_item.good_id'),
  ),
  recordsBy('good', 'goods of the family', sql`good`, column('good.id'), column('good.family_id')),
  recordsBy(
    'good',
    'events',
    sql`event_good`,
    column('event_good.event_id'),
    column('event_good.good_id'),
  ),
  recordsBy(
    'permit',
    'events about it',
    sql`event_about`,
    column('event_about.event_id'),
    column('event_about.permit_id'),
  ),
  recordsBy(
    'permit',
    'events that changed it',
    sql`event_effect`,
    column('event_effect.event_id'),
    column('event_effect.permit_id'),
  ),
  recordsBy(
    'measure',
    'events about it',
    sql`event_about`,
    column('event_about.event_id'),
    column('event_about.measure_id'),
  ),
  recordsBy(
    'measure',
    'events that changed it',
    sql`event_effect`,
    column('event_effect.event_id'),
    column('event_effect.measure_id'),
  ),
]

/** One more than is followed, to know whether there are more. A record may be found twice, in two roles. */
const found = ({ of, name, from, record, order }: Relation, slot: Slots): Fragment =>
  sql`SELECT f.id, ${sql.lit(name)}, x.record, x.rank FROM frontier AS f CROSS JOIN LATERAL (
    SELECT o.record, row_number() OVER () AS rank FROM (SELECT ${record} AS record FROM ${from} ORDER BY ${order} LIMIT ${slot('follow')}::int + 1) AS o) AS x
    WHERE f.kind = ${sql.lit(of)}`

/**
 * A row for each member of a list of a record that names a node. `OFFSET 0` keeps the planner from joining whole tables:
 * few rows of each are wanted, more than it believes.
 */
const members = (
  kind: Kind,
  field: Fragment,
  { table, owner, word, node }: { table: string; owner: string; word: string; node: string },
): Fragment =>
  sql`SELECT told.id, ${field}, m.word, m.node FROM told CROSS JOIN LATERAL (
    SELECT position, ${sql.raw(word)} AS word, ${sql.raw(node)} AS node FROM ${sql.table(table)}
    WHERE ${sql.ref(owner)} = told.id AND position <= ${sql.lit(membersMax)} OFFSET 0) AS m WHERE told.kind = ${sql.lit(kind)}`

const partOfEvent = (table: string, field: string, word: string, node: string): Fragment =>
  members('event', sql.raw(`'${field}.' || m.position`), { table, owner: 'event_id', word, node })

/** A row for each column of a record that names a node. */
const parties = (table: Kind, named: Readonly<Record<string, string>>, word: string): Fragment =>
  sql`SELECT told.id, v.field, v.word, v.node FROM told CROSS JOIN LATERAL (
    SELECT * FROM ${sql.table(table)} WHERE id = told.id OFFSET 0) AS t CROSS JOIN LATERAL (VALUES ${sql.raw(
      Object.entries(named)
        .map(([field, name]) => `('${field}', ${word}, t.${name})`)
        .join(', '),
    )}) AS v (field, word, node) WHERE told.kind = ${sql.lit(table)} AND v.node IS NOT NULL`

const pointers = [
  parties(
    'permit',
    {
      ...{ issuer: 'issuer_id', exporter: 'exporter_id', consignee: 'consignee_id' },
      ...{ endUser: 'end_user_id', destination: 'destination_id' },
      endDestination: 'end_destination_id',
    },
    't.status',
  ),
  members('permit', sql.raw(`'items.' || m.position || '.good'`), {
    ...{ table: 'permit_item', owner: 'permit_id', word: 'NULL', node: 'good_id' },
  }),
  parties('good', { manufacturer: 'manufacturer_id', family: 'family_id' }, 'NULL'),
  parties('measure', { imposer: 'imposer_id', target: 'target_id' }, 'NULL'),
  parties('affiliation', { actor: 'actor_id', organisation: 'organisation_id' }, 'NULL'),
  partOfEvent(
    'event_participant',
    'participants',
    'event_participant.role',
    'event_participant.actor_id',
  ),
  partOfEvent('event_good', 'goods', 'NULL', 'good_id'),
  partOfEvent('event_about', 'about', 'NULL', 'COALESCE(permit_id, measure_id)'),
  partOfEvent('event_effect', 'effects', 'becomes', 'COALESCE(permit_id, measure_id)'),
]

export type AroundRow = {
  part: 'found' | 'record' | 'pointer' | 'node'
  owner: string
  text: string | null
  word: string | null
  id: string | null
  kind: string | null
  slug: string | null
  name: string | null
  rank: string | null
  date: Telling['on']
}

const date = sql`COALESCE(
  (SELECT ${statedDate('event.on')} FROM event WHERE event.id = told.id AND told.kind = 'event'),
  (SELECT ${statedDate('affiliation.during')} FROM affiliation WHERE affiliation.id = told.id AND told.kind = 'affiliation'))`

const aroundStatement = (slot: Slots, db: Db) => {
  const query = sql<AroundRow>`
    WITH frontier AS (SELECT id, kind FROM unnest(${slot('ids')}::uuid[], ${slot('kinds')}::text[]) AS given (id, kind)),
    found (node, relation, record, rank) AS MATERIALIZED (
      SELECT id, NULL, id, 0 FROM frontier WHERE kind <> 'actor'
      UNION ALL SELECT id, NULL, id, 0 FROM unnest(${slot('also')}::uuid[]) AS id UNION ALL ${joined(
        relations.map((relation) => found(relation, slot)),
        ' UNION ALL ',
      )}),
    told AS MATERIALIZED (
      SELECT record.id, record.kind, record.slug, record.name FROM record
      WHERE record.state = 'live' AND record.id = ANY(ARRAY(SELECT found.record FROM found))),
    pointer (owner, field, word, node) AS MATERIALIZED (${joined(pointers, ' UNION ALL ')})
    SELECT 'found' AS part, node AS owner, relation AS text, NULL AS word, record AS id, NULL AS kind, NULL AS slug, NULL AS name, rank, NULL::json AS date FROM found WHERE relation IS NOT NULL
    UNION ALL SELECT 'record', id, (SELECT event.type FROM event WHERE event.id = told.id), NULL, NULL, kind, slug, name, NULL, ${date} FROM told
    UNION ALL SELECT 'pointer', owner, field, word, node, NULL, NULL, NULL, NULL, NULL FROM pointer
    UNION ALL SELECT 'node', node.id, NULL, NULL, NULL, node.kind, node.slug, node.name, NULL, NULL FROM (SELECT DISTINCT node FROM pointer) AS named CROSS JOIN LATERAL (
      SELECT id, kind, slug, name FROM record WHERE record.id = named.node OFFSET 0) AS node`
  return { compile: () => query.compile(db) }
}

/** What records tell of a node, and where there is more than that. */
export type Around = {
  records: Telling[]
  /** Id of a node, and the relation of which it has more; or of a record, and its list that is longer. */
  more: { id: string; relation: string; followed: number }[]
}

/**
 * The records that name these nodes, each whole: for each node at most `follow` in each relation, the latest first. What
 * this reads is bounded by the number of nodes, not by the number of their connections.
 *
 * @param also ids of records to read besides
 */
export async function readAround(
  db: Db,
  nodes: readonly Node[],
  follow: number,
  also: readonly string[] = [],
): Promise<Around> {
  const values = {
    ids: nodes.map(({ id }) => id),
    kinds: nodes.map(({ kind }) => kind),
    ...{ follow, also },
  }
  const { rows } = await db.executeQuery(
    statement<AroundRow>('network|around', values, (slot) => aroundStatement(slot, db)),
  )
  return aroundOf(rows, nodes, follow, also)
}

/** What these rows tell of the nodes. */
export function aroundOf(
  rows: readonly AroundRow[],
  nodes: readonly Node[],
  follow: number,
  also: readonly string[] = [],
): Around {
  const byPart = Object.groupBy(rows, ({ part }) => part)
  const wanted = new Set([...nodes.map(({ id }) => id), ...also])
  const more: Around['more'] = []
  for (const { owner, text, rank, id } of byPart.found ?? [])
    if (Number(rank) > follow) more.push({ id: owner, relation: text ?? '', followed: follow })
    else if (id) wanted.add(id)
  const pointersOf = Map.groupBy(byPart.pointer ?? [], ({ owner }) => owner)
  // Each once: far more pointers than nodes, and most point at the same few.
  const named = new Map((byPart.node ?? []).map((row) => [row.owner, asNode(row)]))
  const records = (byPart.record ?? [])
    .filter(({ owner }) => wanted.has(owner))
    .map(({ owner, text, kind, slug, name, date }): Telling => {
      const pointers = (pointersOf.get(owner) ?? []).flatMap((row) => asPointer(row, named))
      const [tooLong] = pointers.filter(({ field }) => memberOf(field) >= membersMax)
      if (tooLong) more.push({ id: owner, relation: listOf(tooLong.field), followed: membersMax })
      return {
        ...{
          id: owner,
          kind: kind as Kind,
          slug: slug ?? '',
          name: name ?? '',
          type: text,
          on: date,
        },
        pointers: pointers.filter(({ field }) => memberOf(field) < membersMax).sort(byField),
      }
    })
    .sort((a, b) => (a.id < b.id ? 1 : -1))
  return { records, more }
}

const memberOf = (field: string): number => Number(field.split('.')[1] ?? 0)
const listOf = (field: string): string => field.split('.')[0] ?? field
const byField = (a: Pointer, b: Pointer): number =>
  listOf(a.field) === listOf(b.field)
    ? memberOf(a.field) - memberOf(b.field)
    : listOf(a.field) < listOf(b.field)
      ? -1
      : 1

const asNode = ({ owner, kind, slug, name }: AroundRow): Node => ({
  ...{ id: owner, kind: kind as Node['kind'], slug: slug ?? '', name: name ?? '' },
})

function asPointer({ text, word, id }: AroundRow, named: ReadonlyMap<string, Node>): Pointer[] {
  const node = named.get(id ?? '')
  return node === undefined ? [] : [{ field: text ?? '', word, node }]
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

export type CitedRow = {
  /** Place of the pair that was asked for. */
  pair: number
  isOfField: boolean
  citation: { id: string; field: string | null; [member: string]: unknown }
}

/** The first three citations for each pair of a record and a field; where the field has none, those of the record. */
async function citationsFor(
  db: Db,
  pairs: readonly { record: string; field: string }[],
): Promise<CitedRow[]> {
  const values = {
    records: pairs.map(({ record }) => record),
    fields: pairs.map(({ field }) => field),
  }
  const { rows } = await db.executeQuery(
    statement<CitedRow>('network|citations', values, (slot) => {
      const isOfField = sql`COALESCE(citation.field = asked.field OR starts_with(asked.field, citation.field || '.') OR starts_with(citation.field, asked.field || '.'), false)`
      const query = sql<CitedRow>`
        SELECT asked.pair::int AS pair, c.is_of_field AS "isOfField", ${jsonRow(
          {
            id: sql`c.id`,
            href: sql`'/v1/citations/' || c.id`,
            field: sql`c.field`,
            article: reference('citation.article_id'),
            start: sql`c.start_at`,
            end: sql`c.end_at`,
            quote: sql`c.quote`,
            confidence: sql`c.confidence`,
          },
          sql`(SELECT c.article_id) AS citation`,
        )} AS citation
        FROM unnest(${slot('records')}::uuid[], ${slot('fields')}::text[]) WITH ORDINALITY AS asked (record, field, pair)
        CROSS JOIN LATERAL (SELECT citation.*, ${isOfField} AS is_of_field FROM citation WHERE citation.record_id = asked.record
          ORDER BY ${isOfField} DESC, citation.position LIMIT 3) AS c
        ORDER BY asked.pair, c.position`
      return { compile: () => query.compile(db) }
    }),
  )
  return rows
}

/** Types of actors and legal forms of measures, by id. */
async function typesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.executeQuery(
    statement<{ id: string; type: string }>('network|types', { ids }, (slot) => {
      const query = sql<{
        id: string
        type: string
      }>`SELECT id, type FROM actor WHERE id = ANY(${slot('ids')}::uuid[]) UNION ALL SELECT id, legal_form FROM measure WHERE id = ANY(${slot('ids')}::uuid[])`
      return { compile: () => query.compile(db) }
    }),
  )
  return new Map(rows.map(({ id, type }) => [id, type]))
}

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

/** Where a network is read from. */
export type Reads = {
  around(nodes: readonly Node[], follow: number): Promise<Around>
  citationsFor(pairs: readonly { record: string; field: string }[]): Promise<CitedRow[]>
  typesOf(ids: readonly string[]): Promise<Map<string, string>>
}
export const readsOf = (db: Db): Reads => ({
  around: (nodes, follow) => readAround(db, nodes, follow),
  citationsFor: (pairs) => citationsFor(db, pairs),
  typesOf: (ids) => typesOf(db, ids),
})
