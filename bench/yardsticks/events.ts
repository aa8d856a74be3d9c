/** Pages of events, queried in two ways. */
import type { YardstickContext } from '../workloads/workload.ts'
import { formatCursor, formatPage, type ListEntryRow } from './responses.ts'
import { eventColumnsSql, objectSql } from './sql-fragments.ts'

/** Selects the events of a page: a statement that returns `id` and `position`, one row more than the limit. */
export type EventPageQuery = {
  name: string
  select: string
  values: readonly unknown[]
  limit: number
}

/** One statement; PostgreSQL writes the JSON. */
export async function queryEventsAsJson(
  ask: YardstickContext,
  { name, select, values, limit }: EventPageQuery,
) {
  const text = `
    SELECT r.id, q.position::text, ${objectSql(eventColumnsSql)}::text AS document
    FROM (${select}) q JOIN record r ON r.id = q.id JOIN event e ON e.id = q.id ORDER BY q.position, q.id`
  return formatPage(await ask.query<ListEntryRow>(`${name}-json`, text, values), limit)
}

export type EventRow = Record<'id' | 'position' | 'slug' | 'name' | 'revision' | 'type', string> &
  Record<
    | 'edtf'
    | 'as_stated'
    | 'reasoning'
    | 'earliest'
    | 'latest'
    | 'description'
    | 'scope_use'
    | 'end_user_id'
    | 'end_user_slug'
    | 'end_user_name',
    string | null
  > & { place: EventPlace | null; scope_place: EventPlace | null }
type EventPlace = object
export type EventPart = {
  event_id: string
  part: 'participants' | 'goods' | 'about' | 'effects'
  word: string | null
  id: string
  slug: string
  name: string
  kind: string
}

const placeSql = (alias: string, name: string) =>
  `
    CASE
      WHEN ${alias}.id IS NOT NULL THEN json_build_object(
        'slug',
        ${alias}.slug,
        'name',
        ${alias}.name,
        'country',
        ${alias}.country,
        'latitude',
        ${alias}.latitude,
        'longitude',
        ${alias}.longitude,
        'source',
        ${alias}.source
      )
    END AS ${name}`

/** The columns of the events themselves. */
export const eventRowsSql = (select: string): string =>
  `
    SELECT
      q.id,
      q.position::text,
      r.slug,
      r.name,
      r.revision,
      e.type,
      e.on_edtf AS edtf,
      e.on_as_stated AS as_stated,
      e.on_reasoning AS reasoning,
      e.on_earliest::text AS earliest,
      e.on_latest::text AS latest,
      e.description,
      e.scope_use,
      ${placeSql('l', 'place')},
      ${placeSql('s', 'scope_place')},
      u.id AS end_user_id,
      u.slug AS end_user_slug,
      u.name AS end_user_name
    FROM
      (${select}) q
      JOIN record r ON r.id = q.id
      JOIN event e ON e.id = q.id
      LEFT JOIN place l ON l.id = e.place_id
      LEFT JOIN place s ON s.id = e.scope_place_id
      LEFT JOIN record u ON u.id = e.scope_end_user_id
    ORDER BY q.position, q.id`

/** Two flat statements, the events and their parts, combined in JavaScript. */
export async function queryEventsAsRows(
  ask: YardstickContext,
  { name, select, values, limit }: EventPageQuery,
) {
  const rows = await ask.query<EventRow>(`${name}-rows`, eventRowsSql(select), values)
  const pageRows = rows.slice(0, limit)
  const parts = await ask.query<EventPart>('event-parts', partsStatement, [
    pageRows.map(({ id }) => id),
  ])
  const data = new Map(pageRows.map((row) => [row.id, buildEvent(row)]))
  for (const part of parts) addPart(data.get(part.event_id), part)
  return JSON.stringify({ data: [...data.values()], next: formatCursor(rows, limit) })
}

export const partsStatement = `
  SELECT a.event_id, 'participants' AS part, a.position, a.role AS word, f.id, f.slug, f.name, f.kind
    FROM event_participant a JOIN record f ON f.id = a.actor_id WHERE a.event_id = ANY($1)
  UNION ALL SELECT g.event_id, 'goods', g.position, NULL, f.id, f.slug, f.name, f.kind
    FROM event_good g JOIN record f ON f.id = g.good_id WHERE g.event_id = ANY($1)
  UNION ALL SELECT b.event_id, 'about', b.position, NULL, f.id, f.slug, f.name, f.kind
    FROM event_about b JOIN record f ON f.id = COALESCE(b.permit_id, b.measure_id) WHERE b.event_id = ANY($1)
  UNION ALL SELECT x.event_id, 'effects', x.position, x.becomes, f.id, f.slug, f.name, f.kind
    FROM event_effect x JOIN record f ON f.id = COALESCE(x.permit_id, x.measure_id) WHERE x.event_id = ANY($1)
  ORDER BY position`

export const buildEvent = (row: EventRow) => ({
  id: row.id,
  kind: 'event',
  slug: row.slug,
  revision: Number(row.revision),
  href: `/v1/events/${row.slug}`,
  type: row.type,
  title: row.name,
  on:
    row.edtf === null
      ? null
      : {
          edtf: row.edtf,
          asStated: row.as_stated,
          reasoning: row.reasoning,
          earliest: row.earliest,
          latest: row.latest,
        },
  description: row.description,
  place: row.place,
  participants: [] as object[],
  goods: [] as object[],
  about: [] as object[],
  effects: [] as object[],
  assurance:
    row.end_user_id === null && row.scope_place === null && row.scope_use === null
      ? null
      : {
          endUser: row.end_user_id && {
            id: row.end_user_id,
            slug: row.end_user_slug,
            name: row.end_user_name,
            href: `/v1/actors/${row.end_user_slug}`,
          },
          place: row.scope_place,
          use: row.scope_use,
        },
})

export function addPart(
  event: ReturnType<typeof buildEvent> | undefined,
  { part, word, id, slug, name, kind }: EventPart,
): void {
  const reference = { id, slug, name, href: `/v1/${kind}s/${slug}` }
  const target = {
    permit: kind === 'permit' ? reference : null,
    measure: kind === 'measure' ? reference : null,
  }
  switch (part) {
    case 'participants':
      return void event?.participants.push({ actor: reference, role: word })
    case 'goods':
      return void event?.goods.push(reference)
    case 'about':
      return void event?.about.push(target)
    case 'effects':
      return void event?.effects.push({ ...target, becomes: word })
  }
}
