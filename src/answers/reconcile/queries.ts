import { sql } from 'kysely'
import type { Fragment } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'
import { isId } from '../../records/model/schema.ts'

/** An entity with all that it can be compared by. */
export type Compared = {
  id: string
  kind: 'actor' | 'permit' | 'measure' | 'good'
  slug: string
  name: string
  names: { what: 'name' | 'alias' | 'number' | 'identifier'; name: string }[]
  actorType: string | null
  /** ISO 3166-1 alpha-2, of an actor. */
  country: string | null
}
export type Entity = Compared & { description: string | null }

/** A query as candidates are looked up for it. */
export type Lookup = {
  /** The words that count, in Latin letters. */
  words: string
  /** Of them the distinctive ones. */
  core: string
  /** The whole query, which may be an id, a slug, a number. */
  whole: string
  country: string | null
  kinds: readonly string[]
}

const exactMax = 30
const alikeMax = 20
/** Of those with all of the words so many are looked at. */
const sameWordsMax = 500

const names = sql`(SELECT json_agg(json_build_object('what', n.what, 'name', n.name) ORDER BY n.position) FROM search_name AS n WHERE n.record_id = record.id)`

const referred = (id: string): Fragment =>
  sql`(SELECT r.name FROM record AS r WHERE r.id = ${sql.ref(id)})`

/** What tells the entity from its namesakes, in a few words. */
const description = sql`CASE record.kind
  WHEN 'actor' THEN concat_ws(', ', replace(actor.type, '-', ' '), actor.country)
  WHEN 'good' THEN COALESCE(good.description, 'controlled good')
  WHEN 'permit' THEN concat_ws(', ', permit.number, ${referred('permit.exporter_id')}, ${referred('permit.destination_id')}, permit.status)
  WHEN 'measure' THEN concat_ws(', ', replace(measure.legal_form, '-', ' '), ${referred('measure.imposer_id')}, ${referred('measure.target_id')}) END`

const joins = sql`LEFT JOIN actor ON actor.id = record.id LEFT JOIN good ON good.id = record.id
  LEFT JOIN permit ON permit.id = record.id LEFT JOIN measure ON measure.id = record.id`

const compared = sql`record.id, record.kind, record.slug, record.name, ${names} AS names, actor.type AS "actorType", actor.country`
const described = sql`left(${description}, 200) AS description`
const entity = sql`${compared}, ${described}`

/** All of what was found, by the place of its query in the batch. */
const foundEntities = sql`SELECT found.number AS asked, entity.* FROM found CROSS JOIN LATERAL (
  SELECT ${compared} FROM record LEFT JOIN actor ON actor.id = record.id WHERE record.id = found.record_id AND record.state = 'live' OFFSET 0) AS entity`

type Found = Compared & { asked: number }

function byPlace(lookups: readonly Lookup[], rows: readonly Found[]): Compared[][] {
  const byQuery = Map.groupBy(rows, ({ asked }) => asked)
  return lookups.map((_, number) => byQuery.get(number) ?? [])
}

/**
 * Candidates for each query, by its place in the batch: those of the very name, number or identifier; those of the country;
 * and those that have all of the distinctive words in their name, the shortest names first.
 */
export async function candidatesOf(db: Db, lookups: readonly Lookup[]): Promise<Compared[][]> {
  const values = {
    words: lookups.map(({ words }) => words),
    core: lookups.map(({ core }) => core),
    whole: lookups.map(({ whole }) => whole),
    ids: lookups.map(({ whole }) => (isId(whole) ? whole : null)),
    country: lookups.map(({ country }) => country),
    kinds: lookups.map(({ kinds }) => kinds.join(',')),
  }
  const query = statement<Found>('reconcile', values, (slot) => {
    const query = sql<Found>`
WITH asked AS MATERIALIZED (
  SELECT number::int - 1 AS number, core, replace(romanised(whole), ' ', '') AS folded, replace(words, ' ', '') AS words, whole, id, country, string_to_array(kinds, ',') AS kinds
  FROM unnest(${slot('words')}::text[], ${slot('core')}::text[], ${slot('whole')}::text[], ${slot('ids')}::uuid[], ${slot('country')}::text[], ${slot('kinds')}::text[]) WITH ORDINALITY AS a (words, core, whole, id, country, kinds, number)),
found AS (
  SELECT asked.number, near.record_id FROM asked CROSS JOIN LATERAL (
    (SELECT n.record_id FROM search_name AS n WHERE replace(n.folded, ' ', '') IN (asked.folded, asked.words) AND n.kind = ANY (asked.kinds) LIMIT ${sql.lit(exactMax)})
    UNION (SELECT r.id FROM record AS r WHERE r.slug = asked.whole AND r.kind IN ('actor', 'permit', 'measure', 'good') AND r.kind = ANY (asked.kinds))
    UNION (SELECT r.id FROM record AS r WHERE r.id = asked.id AND r.kind = ANY (asked.kinds))
    UNION (SELECT a.id FROM actor AS a WHERE a.country = asked.country AND a.type = 'state' AND 'actor' = ANY (asked.kinds) LIMIT ${sql.lit(exactMax)})
    UNION (SELECT record_id FROM (SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind IN ('actor', 'good') AND n.kind = ANY (asked.kinds) AND to_tsvector('simple', n.folded) @@ plainto_tsquery('simple', asked.core) LIMIT ${sql.lit(sameWordsMax)}) AS n ORDER BY length(folded), record_id LIMIT ${sql.lit(alikeMax)})
    UNION (SELECT record_id FROM (SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind IN ('permit', 'measure') AND n.kind = ANY (asked.kinds) AND to_tsvector('simple', n.folded) @@ plainto_tsquery('simple', asked.core) LIMIT ${sql.lit(sameWordsMax)}) AS n ORDER BY length(folded), record_id LIMIT ${sql.lit(alikeMax)})
  ) AS near)
${foundEntities}`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return byPlace(lookups, rows)
}

/** Of actors and goods those of whose name some stretch is like the distinctive words (pg_trgm), by the place of the query in the batch. */
export async function alikeOf(db: Db, lookups: readonly Lookup[]): Promise<Compared[][]> {
  const values = {
    core: lookups.map(({ core }) => core),
    kinds: lookups.map(({ kinds }) => kinds.join(',')),
  }
  const query = statement<Found>('reconcile|alike', values, (slot) => {
    const query = sql<Found>`
WITH found AS (
  SELECT asked.number::int - 1 AS number, near.id AS record_id
  FROM unnest(${slot('core')}::text[], ${slot('kinds')}::text[]) WITH ORDINALITY AS asked (core, kinds, number)
  CROSS JOIN LATERAL (SELECT DISTINCT id FROM names_near(asked.core, string_to_array(asked.kinds, ','), ${sql.lit(alikeMax)}) AS near (id) WHERE asked.core <> '') AS near)
${foundEntities}`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return byPlace(lookups, rows)
}

/** What tells each from its namesakes, by id. */
export async function descriptionsOf(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  const { rows } = await db.executeQuery(
    statement<Pick<Entity, 'id' | 'description'>>('reconcile|descriptions', { ids }, (slot) => {
      const query = sql<
        Pick<Entity, 'id' | 'description'>
      >`SELECT record.id, ${described} FROM record ${joins} WHERE record.id = ANY (${slot('ids')}::uuid[])`
      return { compile: () => query.compile(db) }
    }),
  )
  return new Map(rows.map(({ id, description }) => [id, description]))
}

/** Permits, measures and goods that one of these entities is a party to: where a query names no name. */
export async function relatedTo(
  db: Db,
  ids: readonly string[],
  kinds: readonly string[],
): Promise<Entity[]> {
  const { rows } = await sql<Entity>`SELECT ${entity} FROM record ${joins}
    WHERE record.state = 'live' AND record.kind = ANY(${[...kinds]}::text[]) AND record.id IN (
      (SELECT id FROM permit WHERE ${sql.join(
        ['issuer_id', 'exporter_id', 'consignee_id', 'end_user_id', 'destination_id'].map(
          (column) => sql`${sql.ref(column)} = ANY(${[...ids]}::uuid[])`,
        ),
        sql` OR `,
      )} LIMIT 200)
      UNION (SELECT id FROM measure WHERE imposer_id = ANY(${[...ids]}::uuid[]) OR target_id = ANY(${[...ids]}::uuid[]) LIMIT 200)
      UNION (SELECT id FROM good WHERE manufacturer_id = ANY(${[...ids]}::uuid[]) OR family_id = ANY(${[...ids]}::uuid[]) LIMIT 200))
    ORDER BY record.id LIMIT 200`.execute(db)
  return rows
}

/**
 * Entities by id, or by kind and slug (`actor/canada`), under what was asked for; one that was merged is the one that it
 * was merged into.
 */
export async function entitiesOf(db: Db, asked: readonly string[]): Promise<Map<string, Entity>> {
  const parts = asked.map((one) => /^(actor|permit|measure|good)\/([a-z0-9-]+)$/.exec(one))
  const [ids, kinds, slugs] = [
    asked.map((one) => (isId(one) ? one : null)),
    parts.map((part) => part?.[1] ?? null),
    parts.map((part) => part?.[2] ?? null),
  ]
  const { rows } = await sql<Entity & { asked: string }>`
    SELECT asked.text AS asked, ${entity}
    FROM unnest(${[...asked]}::text[], ${ids}::uuid[], ${kinds}::text[], ${slugs}::text[]) AS asked (text, id, kind, slug)
    CROSS JOIN LATERAL (
      SELECT id, merged_into_id FROM record AS r WHERE r.id = asked.id
      UNION ALL SELECT id, merged_into_id FROM record AS r WHERE r.kind = asked.kind AND r.slug = asked.slug) AS given
    JOIN record ON record.id = COALESCE(given.merged_into_id, given.id) ${joins}
    WHERE record.state = 'live' AND record.kind IN ('actor', 'permit', 'measure', 'good')`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.asked, row]))
}

/** A value of a property: a text, or an entity. */
export type Value = { text: string } | { id: string; slug: string; name: string; names: string[] }

const texts = (from: Fragment): Fragment =>
  sql`(SELECT COALESCE(json_agg(json_build_object('text', value)), '[]'::json) FROM ${from} WHERE value IS NOT NULL)`
const entities = (ids: Fragment): Fragment =>
  sql`(SELECT COALESCE(json_agg(json_build_object('id', v.id, 'slug', v.slug, 'name', v.name, 'names',
    (SELECT array_agg(n.name) FROM search_name AS n WHERE n.record_id = v.id))), '[]'::json) FROM record AS v WHERE v.id IN (${ids}))`

/** How the values of each property are read; the id is that of the vocabulary. */
const readers: Readonly<Record<string, Fragment>> = {
  name: texts(sql`(SELECT record.name AS value) AS t`),
  slug: texts(sql`(SELECT record.slug AS value) AS t`),
  aliases: texts(
    sql`(SELECT name AS value FROM actor_alias WHERE actor_id = record.id ORDER BY position) AS t`,
  ),
  type: texts(sql`(SELECT actor.type AS value) AS t`),
  country: texts(sql`(SELECT actor.country AS value) AS t`),
  identifiers: texts(
    sql`(SELECT value FROM actor_identifier WHERE actor_id = record.id ORDER BY position) AS t`,
  ),
  number: texts(sql`(SELECT permit.number AS value) AS t`),
  issuer: entities(sql`permit.issuer_id`),
  exporter: entities(sql`permit.exporter_id`),
  consignee: entities(sql`permit.consignee_id`),
  endUser: entities(sql`permit.end_user_id`),
  destination: entities(sql`permit.destination_id`),
  goods: entities(sql`SELECT good_id FROM permit_item WHERE permit_id = record.id`),
  status: texts(sql`(SELECT permit.status AS value) AS t`),
  issuedOn: texts(
    sql`(SELECT event.on_edtf AS value FROM event_effect JOIN event ON event.id = event_effect.event_id WHERE permit_id = record.id AND becomes = 'issued') AS t`,
  ),
  imposer: entities(sql`measure.imposer_id`),
  target: entities(sql`measure.target_id`),
  legalForm: texts(sql`(SELECT measure.legal_form AS value) AS t`),
  manufacturer: entities(sql`good.manufacturer_id`),
  family: entities(sql`good.family_id`),
  controlCodes: texts(
    sql`(SELECT code AS value FROM good_control_entry WHERE good_id = record.id ORDER BY position) AS t`,
  ),
}

/** The values of these properties, by id of the entity and id of the property. */
export async function valuesOf(
  db: Db,
  ids: readonly string[],
  properties: readonly string[],
): Promise<Map<string, Record<string, Value[]>>> {
  const members = properties.flatMap((id) => {
    const reader = readers[id]
    return reader ? [sql`${sql.lit(id)}, ${reader}`] : []
  })
  const { rows } = await sql<{ id: string; values: Record<string, Value[]> }>`
    SELECT record.id, json_build_object(${sql.join(members)}) AS values FROM record ${joins}
    WHERE record.id = ANY(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, values }) => [id, values]))
}

/** Entities of which a name, a slug or an id begins with the text, the most cited first. */
export async function beginningWith(
  db: Db,
  prefix: string,
  skip: number,
  limit: number,
): Promise<Entity[]> {
  const { rows } = await sql<Entity>`
    WITH asked AS (SELECT replace(replace(replace(romanised(${prefix}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') AS folded)
    SELECT ${entity} FROM record ${joins} JOIN search_document AS d ON d.record_id = record.id AND d.part = 0
    WHERE record.state = 'live' AND record.id IN (
      (SELECT n.record_id FROM search_name AS n, asked WHERE asked.folded <> '' AND n.kind IN ('actor', 'good') AND n.folded LIKE asked.folded || '%' LIMIT 2000)
      UNION (SELECT n.record_id FROM search_name AS n, asked WHERE asked.folded <> '' AND n.kind IN ('permit', 'measure') AND n.folded LIKE asked.folded || '%' LIMIT 2000)
      UNION (SELECT id FROM record AS r WHERE r.kind IN ('actor', 'good', 'permit', 'measure') AND (r.slug = lower(${prefix}) OR r.id = ${isId(prefix) ? prefix : null}::uuid)))
    ORDER BY d.prominence DESC, record.name, record.id OFFSET ${skip} LIMIT ${limit}`.execute(db)
  return rows
}
