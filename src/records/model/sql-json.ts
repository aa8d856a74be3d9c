import { sql } from 'kysely'
import {
  type Column,
  column,
  type Fragment,
  joined,
  jsonArray,
  jsonObject,
  jsonRow,
  type Members,
} from '../../database/columns.ts'

/**
 * The wire shapes that several kinds share, as SQL: PostgreSQL writes the JSON and the server passes it through.
 * Tests hold every answer against the zod schema of its route.
 */

/** A record's path; the plural of every kind is formed with `s`. */
const hrefOf = (alias: string): Fragment =>
  sql`'/v1/' || ${sql.ref(`${alias}.kind`)} || 's/' || ${sql.ref(`${alias}.slug`)}`

/** `Reference` of the record whose id stands in `id`; null when that is null. */
export const reference = (id: Column): Fragment => referenceTo(column(id))

const referenceTo = (id: Fragment): Fragment =>
  jsonRow(referenceMembers('ref'), sql`record AS ref WHERE ref.id = ${id}`)

/** `Reference` from the columns of a `record` that the statement already has under this alias. */
export const referenceMembers = (alias: string): Members => ({
  id: sql.ref(`${alias}.id`),
  slug: sql.ref(`${alias}.slug`),
  name: sql.ref(`${alias}.name`),
  href: hrefOf(alias),
})

/** `event.on` stands for the columns `event.on_edtf` and its neighbours. */
const part = (date: string, name: string): Fragment => sql.ref(`${date}_${name}`)

/** `StatedDate`; null when the source gives none. */
export const statedDate = (date: string): Fragment =>
  sql`CASE WHEN ${part(date, 'edtf')} IS NOT NULL THEN ${jsonObject({
    edtf: part(date, 'edtf'),
    asStated: part(date, 'as_stated'),
    reasoning: part(date, 'reasoning'),
    earliest: part(date, 'earliest'),
    latest: part(date, 'latest'),
  })} END`

/** First and last day as they sort and compare: an open side is infinite. Indexes hold the same expressions. */
export const firstDay = (date: string): Fragment =>
  sql`COALESCE(${part(date, 'earliest')}, '-infinity'::date)`
export const lastDay = (date: string): Fragment =>
  sql`COALESCE(${part(date, 'latest')}, 'infinity'::date)`

/** From the columns of a `place` that the statement has under the alias `p`. */
export const placeMembers: Members = {
  slug: sql.ref('p.slug'),
  name: sql.ref('p.name'),
  country: sql.ref('p.country'),
  latitude: sql.ref('p.latitude'),
  longitude: sql.ref('p.longitude'),
  source: sql.ref('p.source'),
}

/** `Place`; null when the column is. */
export const place = (id: Column): Fragment =>
  jsonRow(placeMembers, sql`place AS p WHERE p.id = ${column(id)}`)

/** Members that every record starts with; the statement has `record`. */
export const spineMembers = {
  id: column('record.id'),
  kind: column('record.kind'),
  slug: column('record.slug'),
  revision: column('record.revision'),
  href: hrefOf('record'),
} as const

/** Spans that nothing may cite; the statement has `article_span`. */
export const uncitableSpan = sql`article_span.type IN ('boilerplate', 'navigation', 'teaser')`

/** `RecordCitation` of a row of `citation`. */
export const citationMembers = {
  id: column('citation.id'),
  field: column('citation.field'),
  article: reference('citation.article_id'),
  start: column('citation.start_at'),
  end: column('citation.end_at'),
  quote: column('citation.quote'),
  prefix: column('citation.prefix'),
  suffix: column('citation.suffix'),
  value: column('citation.value'),
  voices: jsonArray(
    {
      actor: reference('citation_voice.actor_id'),
      document: column('citation_voice.document'),
    },
    sql`citation_voice WHERE citation_voice.citation_id = citation.id`,
    column('citation_voice.position'),
  ),
  confidence: column('citation.confidence'),
  state: column('citation.state'),
  stateReason: column('citation.state_reason'),
  fragment: column('citation.fragment'),
} as const

/** Members that every single record ends with. Conflicts are filled in where there are any (see `conflictsOf`). */
export const evidenceMembers = {
  conflicts: sql`'[]'::json`,
  citations: jsonArray(
    citationMembers,
    sql`citation WHERE citation.record_id = record.id`,
    column('citation.position'),
  ),
} as const

/** What events made of a permit or a measure, and in which order: `FROM` clause of the effects on `target`. */
export const effectsOn = (target: 'permit' | 'measure'): { from: Fragment; order: Fragment } => ({
  from: sql`event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.${sql.raw(
    `${target}_id`,
  )} = ${sql.ref(`${target}.id`)}`,
  order: effectOrder,
})

/** First the earlier first day, then the earlier last day, then as recorded. */
const effectOrder = joined(
  [
    firstDay('event.on'),
    lastDay('event.on'),
    column('event_effect.event_id'),
    column('event_effect.position'),
  ],
  ', ',
)

export const historyOf = (target: 'permit' | 'measure'): Fragment => {
  const { from, order } = effectsOn(target)
  return jsonArray(
    {
      becomes: column('event_effect.becomes'),
      on: statedDate('event.on'),
      event: reference('event_effect.event_id'),
    },
    from,
    order,
  )
}
