import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { prepareStatement } from '../../database/prepared-statements.ts'
import type { SqlFragment } from '../../database/sql-fragments.ts'
import type { NameKeys } from '../../evidence/names/keys.ts'
import { isId } from '../../records/model/schema.ts'

/** An entity with all values by which it can be compared. */
export type ComparableEntity = {
  id: string
  kind: 'actor' | 'permit' | 'measure' | 'good' | 'figure'
  slug: string
  name: string
  names: { what: 'name' | 'alias' | 'number' | 'identifier'; name: string }[]
  actorType: string | null
  /** ISO 3166-1 alpha-2. Null for other kinds than actors. */
  country: string | null
}
export type ReconciledEntity = ComparableEntity & { description: string | null }

/** The parts of a query that are used to find candidates. */
export type CandidateLookup = {
  keys: NameKeys
  /** The whole query, which may be an id, a slug, a number. */
  text: string
  kinds: readonly string[]
}

const exactMax = 30
const similarMax = 20
/** Candidates with all of the words, per query. */
const sameWordsMax = 500

const selectNames = sql`(SELECT json_agg(json_build_object('what', n.what, 'name', n.name) ORDER BY n.position) FROM search_name AS n WHERE n.record_id = record.id)`

const selectReferencedName = (id: string): SqlFragment =>
  sql`(SELECT r.name FROM record AS r WHERE r.id = ${sql.ref(id)})`

/** A few words that distinguish the entity from others with the same name. */
const describeEntity = sql`CASE record.kind
  WHEN 'actor' THEN concat_ws(', ', replace(actor.type, '-', ' '), actor.country)
  WHEN 'good' THEN COALESCE(good.description, 'controlled good')
  WHEN 'permit' THEN concat_ws(', ', permit.number, ${selectReferencedName('permit.exporter_id')}, ${selectReferencedName('permit.destination_id')}, permit.status)
  WHEN 'measure' THEN concat_ws(', ', replace(measure.legal_form, '-', ' '), ${selectReferencedName('measure.imposer_id')}, ${selectReferencedName('measure.target_id')})
  WHEN 'figure' THEN concat_ws(', ', replace(figure.measure, '-', ' '), ${selectReferencedName('figure.from_id')}, ${selectReferencedName('figure.to_id')}, figure.period_edtf) END`

const kindJoins = sql`LEFT JOIN actor ON actor.id = record.id LEFT JOIN good ON good.id = record.id
  LEFT JOIN permit ON permit.id = record.id LEFT JOIN measure ON measure.id = record.id LEFT JOIN figure ON figure.id = record.id`

const comparableColumns = sql`record.id, record.kind, record.slug, record.name, ${selectNames} AS names, actor.type AS "actorType", actor.country`
const descriptionColumn = sql`left(${describeEntity}, 200) AS description`
const entityColumns = sql`${comparableColumns}, ${descriptionColumn}`

/** The candidates of each query, by the index of the query in the batch. */
const selectFoundEntities = sql`SELECT found.number AS asked, entity.* FROM found CROSS JOIN LATERAL (
  SELECT ${comparableColumns} FROM record LEFT JOIN actor ON actor.id = record.id WHERE record.id = found.record_id AND record.state = 'live' OFFSET 0) AS entity`

type CandidateRow = ComparableEntity & { asked: number }

function groupByQuery(
  lookups: readonly CandidateLookup[],
  rows: readonly CandidateRow[],
): ComparableEntity[][] {
  const byQuery = Map.groupBy(rows, ({ asked }) => asked)
  return lookups.map((_, number) => byQuery.get(number) ?? [])
}

/**
 * Candidates for each query, by its index in the batch: entities with exactly this name, number or identifier, entities of the
 * country, and entities with all distinctive words in their name, the shortest names first.
 */
export async function findCandidates(
  db: Db,
  lookups: readonly CandidateLookup[],
): Promise<ComparableEntity[][]> {
  const values = {
    words: lookups.map(({ keys }) => keys.words),
    core: lookups.map(({ keys }) => keys.distinctive),
    short: lookups.map(({ keys }) => keys.short.join(' ')),
    whole: lookups.map(({ text: whole }) => whole),
    ids: lookups.map(({ text: whole }) => (isId(whole) ? whole : null)),
    country: lookups.map(({ keys }) => keys.state),
    kinds: lookups.map(({ kinds }) => kinds.join(',')),
  }
  const query = prepareStatement<CandidateRow>('reconcile', values, (slot) => {
    const query = sql<CandidateRow>`
WITH asked AS MATERIALIZED (
  SELECT number::int - 1 AS number, core, whole,
    ARRAY[replace(romanised(whole), ' ', ''), replace(words, ' ', '')] || string_to_array(short, ' ') AS joined,
    id, country, string_to_array(kinds, ',') AS kinds
  FROM unnest(${slot('words')}::text[], ${slot('core')}::text[], ${slot('short')}::text[], ${slot('whole')}::text[], ${slot('ids')}::uuid[], ${slot('country')}::text[], ${slot('kinds')}::text[]) WITH ORDINALITY AS a (words, core, short, whole, id, country, kinds, number)),
found AS (
  SELECT asked.number, near.record_id FROM asked CROSS JOIN LATERAL (
    (SELECT n.record_id FROM search_name AS n WHERE replace(n.folded, ' ', '') = ANY (asked.joined) AND n.kind = ANY (asked.kinds) LIMIT ${sql.lit(exactMax)})
    UNION (SELECT r.id FROM record AS r WHERE r.slug = asked.whole AND r.kind IN ('actor', 'permit', 'measure', 'good', 'figure') AND r.kind = ANY (asked.kinds))
    UNION (SELECT r.id FROM record AS r WHERE r.id = asked.id AND r.kind = ANY (asked.kinds))
    UNION (SELECT a.id FROM actor AS a WHERE a.country = asked.country AND a.type = 'state' AND 'actor' = ANY (asked.kinds) LIMIT ${sql.lit(exactMax)})
    UNION (SELECT record_id FROM (SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind IN ('actor', 'good') AND n.kind = ANY (asked.kinds) AND to_tsvector('simple', n.folded) @@ plainto_tsquery('simple', asked.core) LIMIT ${sql.lit(sameWordsMax)}) AS n ORDER BY length(folded), record_id LIMIT ${sql.lit(similarMax)})
    UNION (SELECT record_id FROM (SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind IN ('permit', 'measure') AND n.kind = ANY (asked.kinds) AND to_tsvector('simple', n.folded) @@ plainto_tsquery('simple', asked.core) LIMIT ${sql.lit(sameWordsMax)}) AS n ORDER BY length(folded), record_id LIMIT ${sql.lit(similarMax)})
    UNION (SELECT record_id FROM (SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind = 'figure' AND n.kind = ANY (asked.kinds) AND to_tsvector('simple', n.folded) @@ plainto_tsquery('simple', asked.core) LIMIT ${sql.lit(sameWordsMax)}) AS n ORDER BY length(folded), record_id LIMIT ${sql.lit(similarMax)})
  ) AS near)
${selectFoundEntities}`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return groupByQuery(lookups, rows)
}

/** Of the actors and goods that a condition on their names finds, those with the likest names. */
const selectByTerms = (condition: SqlFragment): SqlFragment => sql`(SELECT record_id FROM (
      SELECT n.record_id, n.folded FROM search_name AS n
      WHERE n.kind IN ('actor', 'good') AND n.kind = ANY (asked.kinds) AND ${condition} LIMIT ${sql.lit(sameWordsMax)}) AS n
    ORDER BY similarity(folded, asked.core) DESC, length(folded), record_id LIMIT ${sql.lit(similarMax)})`

/**
 * Of actors and goods those whose name may be another spelling, by the place of the query in the batch: some stretch of it is like
 * the distinctive words (pg_trgm); two of its words sound the same, or its first letters are the acronym; or all of its words are
 * translations.
 */
export async function findSimilarEntities(
  db: Db,
  lookups: readonly CandidateLookup[],
): Promise<ComparableEntity[][]> {
  const values = {
    core: lookups.map(({ keys }) => keys.distinctive),
    sounds: lookups.map(({ keys }) => keys.sounds),
    translations: lookups.map(({ keys }) => keys.translations),
    kinds: lookups.map(({ kinds }) => kinds.join(',')),
  }
  const query = prepareStatement<CandidateRow>('reconcile|alike', values, (slot) => {
    const query = sql<CandidateRow>`
WITH asked AS MATERIALIZED (
  SELECT number::int - 1 AS number, core, to_tsquery('simple', NULLIF(sounds, '')) AS sounds,
    to_tsquery('simple', NULLIF(translations, '')) AS translations, string_to_array(kinds, ',') AS kinds
  FROM unnest(${slot('core')}::text[], ${slot('sounds')}::text[], ${slot('translations')}::text[], ${slot('kinds')}::text[])
    WITH ORDINALITY AS a (core, sounds, translations, kinds, number)),
found AS (
  SELECT asked.number, near.record_id FROM asked CROSS JOIN LATERAL (
    (SELECT id AS record_id FROM names_near(asked.core, asked.kinds, ${sql.lit(similarMax)}) AS near (id) WHERE asked.core <> '')
    UNION ${selectByTerms(sql`to_tsvector('simple', name_sounds(n.folded)) @@ asked.sounds`)}
    UNION ${selectByTerms(sql`to_tsvector('simple', n.folded) @@ asked.translations`)}
  ) AS near)
${selectFoundEntities}`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return groupByQuery(lookups, rows)
}

/** The descriptions that distinguish entities with the same name, by id. */
export async function loadDescriptions(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  const { rows } = await db.executeQuery(
    prepareStatement<Pick<ReconciledEntity, 'id' | 'description'>>(
      'reconcile|descriptions',
      { ids },
      (slot) => {
        const query = sql<
          Pick<ReconciledEntity, 'id' | 'description'>
        >`SELECT record.id, ${descriptionColumn} FROM record ${kindJoins} WHERE record.id = ANY (${slot('ids')}::uuid[])`
        return { compile: () => query.compile(db) }
      },
    ),
  )
  return new Map(rows.map(({ id, description }) => [id, description]))
}

/** For queries without a name: permits, measures and goods to which one of these entities is a party. */
export async function findRelatedEntities(
  db: Db,
  ids: readonly string[],
  kinds: readonly string[],
): Promise<ReconciledEntity[]> {
  const { rows } = await sql<ReconciledEntity>`SELECT ${entityColumns} FROM record ${kindJoins}
    WHERE record.state = 'live' AND record.kind = ANY(${[...kinds]}::text[]) AND record.id IN (
      (SELECT id FROM permit WHERE ${sql.join(
        ['issuer_id', 'exporter_id', 'consignee_id', 'end_user_id', 'destination_id'].map(
          (column) => sql`${sql.ref(column)} = ANY(${[...ids]}::uuid[])`,
        ),
        sql` OR `,
      )} LIMIT 200)
      UNION (SELECT permit_id FROM permit_destination WHERE actor_id = ANY(${[...ids]}::uuid[]) LIMIT 200)
      UNION (SELECT id FROM measure WHERE imposer_id = ANY(${[...ids]}::uuid[]) OR target_id = ANY(${[...ids]}::uuid[]) LIMIT 200)
      UNION (SELECT id FROM good WHERE manufacturer_id = ANY(${[...ids]}::uuid[]) OR family_id = ANY(${[...ids]}::uuid[]) LIMIT 200)
      UNION (SELECT id FROM figure WHERE from_id = ANY(${[...ids]}::uuid[]) OR to_id = ANY(${[...ids]}::uuid[]) LIMIT 200))
    ORDER BY record.id LIMIT 200`.execute(db)
  return rows
}

/**
 * Entities by the requested reference: an id, or kind and slug (`actor/canada`). A merged entity is replaced by the one into
 * which it was merged.
 */
export async function findEntities(
  db: Db,
  refs: readonly string[],
): Promise<Map<string, ReconciledEntity>> {
  const parts = refs.map((one) => /^(actor|permit|measure|good|figure)\/([a-z0-9-]+)$/.exec(one))
  const [ids, kinds, slugs] = [
    refs.map((one) => (isId(one) ? one : null)),
    parts.map((part) => part?.[1] ?? null),
    parts.map((part) => part?.[2] ?? null),
  ]
  const { rows } = await sql<ReconciledEntity & { asked: string }>`
    SELECT asked.text AS asked, ${entityColumns}
    FROM unnest(${[...refs]}::text[], ${ids}::uuid[], ${kinds}::text[], ${slugs}::text[]) AS asked (text, id, kind, slug)
    CROSS JOIN LATERAL (
      SELECT id, merged_into_id FROM record AS r WHERE r.id = asked.id
      UNION ALL SELECT id, merged_into_id FROM record AS r WHERE r.kind = asked.kind AND r.slug = asked.slug) AS given
    JOIN record ON record.id = COALESCE(given.merged_into_id, given.id) ${kindJoins}
    WHERE record.state = 'live' AND record.kind IN ('actor', 'permit', 'measure', 'good', 'figure')`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.asked, row]))
}

/** A value of a property: a text or an entity. */
export type EntityValue =
  | { text: string }
  | { id: string; slug: string; name: string; names: string[] }

const selectTexts = (from: SqlFragment): SqlFragment =>
  sql`(SELECT COALESCE(json_agg(json_build_object('text', value)), '[]'::json) FROM ${from} WHERE value IS NOT NULL)`
const selectEntities = (ids: SqlFragment): SqlFragment =>
  sql`(SELECT COALESCE(json_agg(json_build_object('id', v.id, 'slug', v.slug, 'name', v.name, 'names',
    (SELECT array_agg(n.name) FROM search_name AS n WHERE n.record_id = v.id))), '[]'::json) FROM record AS v WHERE v.id IN (${ids}))`

/** The SQL for the values of each property, by its id in the vocabulary. */
const propertyQueries: Readonly<Record<string, SqlFragment>> = {
  name: selectTexts(sql`(SELECT record.name AS value) AS t`),
  slug: selectTexts(sql`(SELECT record.slug AS value) AS t`),
  aliases: selectTexts(
    sql`(SELECT name AS value FROM actor_alias WHERE actor_id = record.id ORDER BY position) AS t`,
  ),
  type: selectTexts(sql`(SELECT actor.type AS value) AS t`),
  country: selectTexts(sql`(SELECT actor.country AS value) AS t`),
  identifiers: selectTexts(
    sql`(SELECT value FROM actor_identifier WHERE actor_id = record.id ORDER BY position) AS t`,
  ),
  number: selectTexts(sql`(SELECT permit.number AS value) AS t`),
  issuer: selectEntities(sql`permit.issuer_id`),
  exporter: selectEntities(sql`permit.exporter_id`),
  consignee: selectEntities(sql`permit.consignee_id`),
  endUser: selectEntities(sql`permit.end_user_id`),
  destination: selectEntities(sql`
    SELECT permit.destination_id
    UNION ALL SELECT actor_id FROM permit_destination WHERE permit_id = record.id`),
  goods: selectEntities(sql`SELECT good_id FROM permit_item WHERE permit_id = record.id`),
  status: selectTexts(sql`(SELECT permit.status AS value) AS t`),
  issuedOn: selectTexts(
    sql`(SELECT event.on_edtf AS value FROM event_effect JOIN event ON event.id = event_effect.event_id WHERE permit_id = record.id AND becomes = 'issued') AS t`,
  ),
  imposer: selectEntities(sql`measure.imposer_id`),
  target: selectEntities(sql`measure.target_id`),
  legalForm: selectTexts(sql`(SELECT measure.legal_form AS value) AS t`),
  measure: selectTexts(sql`(SELECT figure.measure AS value) AS t`),
  amount: selectTexts(sql`(
    SELECT COALESCE(
      figure.quantity_as_stated, figure.value_as_stated, figure.quantity::text,
      trim_scale(figure.value_amount)::text || ' ' || figure.value_currency
    ) AS value
  ) AS t`),
  from: selectEntities(sql`figure.from_id`),
  to: selectEntities(sql`figure.to_id`),
  period: selectTexts(sql`(SELECT figure.period_edtf AS value) AS t`),
  manufacturer: selectEntities(sql`good.manufacturer_id`),
  family: selectEntities(sql`good.family_id`),
  controlCodes: selectTexts(
    sql`(SELECT code AS value FROM good_control_entry WHERE good_id = record.id ORDER BY position) AS t`,
  ),
}

/** The values of these properties, by id of the entity and then id of the property. */
export async function loadValues(
  db: Db,
  ids: readonly string[],
  properties: readonly string[],
): Promise<Map<string, Record<string, EntityValue[]>>> {
  const members = properties.flatMap((id) => {
    const reader = propertyQueries[id]
    return reader ? [sql`${sql.lit(id)}, ${reader}`] : []
  })
  const { rows } = await sql<{ id: string; values: Record<string, EntityValue[]> }>`
    SELECT record.id, json_build_object(${sql.join(members)}) AS values FROM record ${kindJoins}
    WHERE record.id = ANY(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, values }) => [id, values]))
}

/** Entities with a name, slug or id that begins with the text, the most cited first. */
export async function findByPrefix(
  db: Db,
  prefix: string,
  skip: number,
  limit: number,
): Promise<ReconciledEntity[]> {
  const { rows } = await sql<ReconciledEntity>`
    WITH asked AS (SELECT replace(replace(replace(romanised(${prefix}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') AS folded)
    SELECT ${entityColumns} FROM record ${kindJoins} JOIN search_document AS d ON d.record_id = record.id AND d.part = 0
    WHERE record.state = 'live' AND record.id IN (
      (SELECT n.record_id FROM search_name AS n, asked WHERE asked.folded <> '' AND n.kind IN ('actor', 'good') AND n.folded LIKE asked.folded || '%' LIMIT 2000)
      UNION (SELECT n.record_id FROM search_name AS n, asked WHERE asked.folded <> '' AND n.kind IN ('permit', 'measure') AND n.folded LIKE asked.folded || '%' LIMIT 2000)
      UNION (SELECT n.record_id FROM search_name AS n, asked WHERE asked.folded <> '' AND n.kind = 'figure' AND n.folded LIKE asked.folded || '%' LIMIT 2000)
      UNION (SELECT id FROM record AS r WHERE r.kind IN ('actor', 'good', 'permit', 'measure', 'figure') AND (r.slug = lower(${prefix}) OR r.id = ${isId(prefix) ? prefix : null}::uuid)))
    ORDER BY d.prominence DESC, record.name, record.id OFFSET ${skip} LIMIT ${limit}`.execute(db)
  return rows
}
