import { sql } from 'kysely'
import {
  type ColumnName,
  columnRef,
  type JsonMembers,
  joinFragments,
  jsonArray,
  jsonObject,
  jsonRow,
  type SqlFragment,
} from '../../database/sql-fragments.ts'

/**
 * JSON that several kinds share, as SQL: PostgreSQL writes the JSON, and the server passes it through. Tests compare every
 * answer with the zod schema of its route.
 */

/** The path of a record (`buildHref`). */
const recordHref = (alias: string): SqlFragment =>
  sql`'/v1/' || ${sql.ref(`${alias}.kind`)} || 's/' || ${sql.ref(`${alias}.slug`)}`

/** `Reference` of the record with this id; null if the id is null. */
export const referenceJson = (id: ColumnName): SqlFragment => referenceJsonById(columnRef(id))

const referenceJsonById = (id: SqlFragment): SqlFragment =>
  jsonRow(referenceMembers('ref'), sql`record AS ref WHERE ref.id = ${id}`)

/** Members of a `Reference`, from the columns of `record` under this alias. */
export const referenceMembers = (alias: string): JsonMembers => ({
  id: sql.ref(`${alias}.id`),
  slug: sql.ref(`${alias}.slug`),
  name: sql.ref(`${alias}.name`),
  href: recordHref(alias),
})

/** `event.on` is the prefix of the columns `event.on_edtf`, `event.on_as_stated` and so on. */
const dateColumn = (date: string, name: string): SqlFragment => sql.ref(`${date}_${name}`)

/** `StatedDate`; null if no date is stated. */
export const statedDateJson = (date: string): SqlFragment =>
  sql`CASE WHEN ${dateColumn(date, 'edtf')} IS NOT NULL THEN ${jsonObject({
    edtf: dateColumn(date, 'edtf'),
    asStated: dateColumn(date, 'as_stated'),
    reasoning: dateColumn(date, 'reasoning'),
    earliest: dateColumn(date, 'earliest'),
    latest: dateColumn(date, 'latest'),
  })} END`

/** First and last day to sort and compare by: an open side is infinite. Indexes have the same expressions. */
export const firstDay = (date: string): SqlFragment =>
  sql`COALESCE(${dateColumn(date, 'earliest')}, '-infinity'::date)`
export const lastDay = (date: string): SqlFragment =>
  sql`COALESCE(${dateColumn(date, 'latest')}, 'infinity'::date)`

/** The rows of places: the spine under the alias `named`, and `place` under the alias `p`. */
export const placesFrom: SqlFragment = sql`place AS p JOIN record AS named ON named.id = p.id`

/** Members of a `Place`, from `placesFrom`. */
export const placeMembers: JsonMembers = {
  slug: sql.ref('named.slug'),
  name: sql.ref('named.name'),
  country: sql.ref('p.country'),
  latitude: sql.ref('p.latitude'),
  longitude: sql.ref('p.longitude'),
  source: sql.ref('p.source'),
  href: recordHref('named'),
  reference: sql`true`,
}

/** `Place`; null if the column is null. */
export const placeJson = (id: ColumnName): SqlFragment =>
  jsonRow(placeMembers, sql`${placesFrom} WHERE p.id = ${columnRef(id)}`)

/** The first members of every record; needs `record` in the statement. */
export const baseMembers = {
  id: columnRef('record.id'),
  kind: columnRef('record.kind'),
  slug: columnRef('record.slug'),
  revision: columnRef('record.revision'),
  href: recordHref('record'),
} as const

/** Whether a span cannot be cited; needs `article_span` in the statement. */
export const isUncitableSpan = sql`article_span.type IN (
  'boilerplate', 'navigation', 'teaser', 'header', 'footer', 'struck'
)`

/** The spans that cannot be cited (`{type, start, end}` each), in order; needs `article` in the statement. */
export const uncitableSpansJson = sql`COALESCE((
  SELECT json_agg(
    json_build_object(
      'type', article_span.type, 'start', article_span.start_at, 'end', article_span.end_at
    )
    ORDER BY article_span.start_at
  )
  FROM article_span WHERE article_span.article_id = article.id AND ${isUncitableSpan}
), '[]'::json)`

/** The spans read by text recognition (`{start, end, confidence}` each), in order; needs `article` in the statement. */
export const recognisedSpansJson = sql`COALESCE((
  SELECT json_agg(
    json_build_object(
      'start', article_span.start_at,
      'end', article_span.end_at,
      'confidence', article_span.confidence
    )
    ORDER BY article_span.start_at
  )
  FROM article_span WHERE article_span.article_id = article.id AND article_span.type = 'ocr'
), '[]'::json)`

/** The `FROM` clause of the effects on a permit or measure, and their order. */
export const buildEffectsSource = (
  target: 'permit' | 'measure',
): { from: SqlFragment; order: SqlFragment } => ({
  from: sql`event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.${sql.raw(
    `${target}_id`,
  )} = ${sql.ref(`${target}.id`)}`,
  order: effectOrder,
})

/** By first day, then by last day, then as recorded. */
const effectOrder = joinFragments(
  [
    firstDay('event.on'),
    lastDay('event.on'),
    columnRef('event_effect.event_id'),
    columnRef('event_effect.position'),
  ],
  ', ',
)

export const historyJson = (target: 'permit' | 'measure'): SqlFragment => {
  const { from, order } = buildEffectsSource(target)
  return jsonArray(
    {
      becomes: columnRef('event_effect.becomes'),
      on: statedDateJson('event.on'),
      event: referenceJson('event_effect.event_id'),
    },
    from,
    order,
  )
}
