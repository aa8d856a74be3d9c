/** Pages of a timeline, queried in three ways: events with their parts and citations. */
import type { YardstickContext } from '../workloads/workload.ts'
import {
  addPart,
  buildEvent,
  type EventPart,
  type EventRow,
  eventRowsSql,
  partsStatement,
} from './events.ts'
import { formatCursor, formatPage, formatSingle, type ListEntryRow } from './responses.ts'
import { citationsSql, eventColumnsSql, objectSql } from './sql-fragments.ts'

const limit = 50

/** Events of an actor by last day, then by first, undated ones last: `id` and `position`, one more than the limit. */
const selectSql = `
  SELECT
    p.event_id AS id,
    ARRAY[
      COALESCE(p.event_latest, 'infinity'),
      CASE
        WHEN num_nonnulls (p.event_earliest, p.event_latest) > 0 THEN COALESCE(p.event_earliest, '-infinity')
        ELSE 'infinity'
      END
    ] AS position
  FROM event_participant p JOIN record r ON r.id = p.event_id AND r.state = 'live'
  WHERE
    p.actor_id = (SELECT id FROM record WHERE kind = 'actor' AND slug = $1)
    AND NOT EXISTS (
      SELECT 1
      FROM event_participant s
      WHERE s.event_id = p.event_id AND s.actor_id = p.actor_id AND s.position < p.position
    )
  ORDER BY position, p.event_id
  LIMIT ${limit + 1}`

const jsonStatement = `
  SELECT r.id, q.position::text, ${objectSql(`
    ${eventColumnsSql},
    CASE
      WHEN q.above IS NULL THEN NULL
      WHEN e.on_earliest > q.above
      AND q.above < 'infinity' THEN 'certain'
      ELSE 'possible'
    END AS after,
    '[]'::json AS conflicts,
    ${citationsSql} AS citations`)}::text AS document
  FROM (SELECT id, position, lag(position[1]) OVER (ORDER BY position, id) AS above FROM (${selectSql}) f) q
  JOIN record r ON r.id = q.id JOIN event e ON e.id = q.id ORDER BY q.position, q.id`

/** One statement; PostgreSQL writes the JSON. */
export async function queryTimelineAsJson({ query }: YardstickContext, actor: string | undefined) {
  const rows = await query<ListEntryRow>('timeline-json', jsonStatement, [actor])
  return formatPage(
    rows.map((row) => ({ ...row, document: formatSingle(row.document) })),
    limit,
  )
}

type TimelineCitationRow = { record_id: string; id: string; article: object } & Record<
  string,
  unknown
>
type VoiceRow = { citation_id: string } & Record<'id' | 'slug' | 'name' | 'document', string | null>

const citationsStatement = `
  SELECT
    c.record_id,
    c.id,
    c.field,
    c.start_at AS start,
    c.end_at AS "end",
    c.quote,
    c.prefix,
    c.suffix,
    c.value,
    c.confidence,
    c.state,
    c.state_reason AS "stateReason",
    c.fragment,
    a.id AS article_id,
    a.slug AS article_slug,
    a.name AS article_name
  FROM citation c JOIN record a ON a.id = c.article_id
  WHERE c.record_id = ANY($1)
  ORDER BY c.record_id, c.position`
const voicesStatement = `
  SELECT v.citation_id, v.document, f.id, f.slug, f.name
  FROM
    citation_voice v
    JOIN citation c ON c.id = v.citation_id
    LEFT JOIN record f ON f.id = v.actor_id
  WHERE c.record_id = ANY($1)
  ORDER BY v.citation_id, v.position`

/** Four flat statements, combined in JavaScript. */
export async function queryTimelineAsRows({ query }: YardstickContext, actor: string | undefined) {
  const rows = await query<EventRow>('timeline-rows', eventRowsSql(selectSql), [actor])
  const pageRows = rows.slice(0, limit)
  const ids = [pageRows.map(({ id }) => id)]
  const [parts, citationRows, voiceRows] = await Promise.all([
    query<EventPart>('event-parts', partsStatement, ids),
    query<TimelineCitationRow>('timeline-citations', citationsStatement, ids),
    query<VoiceRow>('timeline-voices', voicesStatement, ids),
  ])
  const voices = Map.groupBy(voiceRows, ({ citation_id }) => citation_id)
  const byEvent = Map.groupBy(citationRows, ({ record_id }) => record_id)
  let previousLatest: string | null = null
  const data = new Map(
    pageRows.map((row) => {
      const citations = (byEvent.get(row.id) ?? []).map(
        ({ record_id: _, article_id, article_slug, article_name, ...own }) => ({
          ...own,
          article: {
            id: article_id,
            slug: article_slug,
            name: article_name,
            href: `/v1/articles/${article_slug}`,
          },
          voices: (voices.get(own.id) ?? []).map(({ id, slug, name, document }) => ({
            actor: id === null ? null : { id, slug, name, href: `/v1/actors/${slug}` },
            document,
          })),
        }),
      )
      const isCertain =
        row.earliest !== null && previousLatest !== null && previousLatest < row.earliest
      const after = previousLatest === null ? null : isCertain ? 'certain' : 'possible'
      previousLatest = row.latest ?? 'infinity'
      return [row.id, { ...buildEvent(row), after, conflicts: [] as object[], citations }] as const
    }),
  )
  for (const part of parts) addPart(data.get(part.event_id), part)
  return JSON.stringify({ data: [...data.values()], next: formatCursor(rows, limit) })
}

const snapshotsStatement = `
  SELECT q.id, q.position::text, d.document FROM (${selectSql}) q JOIN record r ON r.id = q.id
  JOIN ledger_document d ON d.record_id = q.id AND d.revision = r.revision ORDER BY q.position, q.id`
const namesStatement = `
  SELECT id, kind, slug, name, NULL AS place
  FROM record
  WHERE id = ANY($1)
  UNION ALL
  SELECT
    NULL,
    NULL,
    slug,
    NULL,
    json_build_object(
      'slug',
      slug,
      'name',
      name,
      'country',
      country,
      'latitude',
      latitude,
      'longitude',
      longitude,
      'source',
      source
    )
  FROM place
  WHERE slug = ANY($2)`

type NameRow = { id: string; kind: string; slug: string; name: string; place: object | null }
type EventSnapshot = {
  [member: string]: unknown
  id: string
  slug: string
  on: { earliest: string | null; latest: string | null } | null
  place: string | null
  participants: { actor: string; role: string }[]
  goods: string[]
  about: { permit: string | null; measure: string | null }[]
  effects: { permit: string | null; measure: string | null; becomes: string }[]
  assurance: { endUser: string | null; place: string | null; use: string | null } | null
  citations: {
    article: string
    value: unknown
    voices: { actor: string | null; document: string | null }[]
  }[]
}

/** The snapshots of the ledger and the names in them, combined in JavaScript. */
export async function queryTimelineAsSnapshots(
  { query }: YardstickContext,
  actor: string | undefined,
) {
  const rows = await query<ListEntryRow>('timeline-documents', snapshotsStatement, [actor])
  const snapshots = rows
    .slice(0, limit)
    .map(({ document }) => JSON.parse(document) as EventSnapshot)
  const ids = new Set<string | null>()
  const slugs = new Set<string | null>()
  for (const { place, participants, goods, about, effects, assurance, citations } of snapshots) {
    slugs.add(place).add(assurance?.place ?? null)
    ids.add(assurance?.endUser ?? null)
    for (const one of participants) ids.add(one.actor)
    for (const one of goods) ids.add(one)
    for (const one of [...about, ...effects]) ids.add(one.permit).add(one.measure)
    for (const one of citations) {
      ids.add(one.article)
      for (const voice of one.voices) ids.add(voice.actor)
    }
  }
  const names = await query<NameRow>('timeline-names', namesStatement, [
    [...ids].filter((id) => id !== null),
    [...slugs].filter((slug) => slug !== null),
  ])
  const references = new Map(
    names.map(({ id, kind, slug, name }) => [id, { id, slug, name, href: `/v1/${kind}s/${slug}` }]),
  )
  const places = new Map(names.flatMap(({ slug, place }) => (place ? [[slug, place]] : [])))
  const toReference = (id: string | null) => (id === null ? null : references.get(id))
  const toPlace = (slug: string | null) => (slug === null ? null : places.get(slug))
  const target = <T extends { permit: string | null; measure: string | null }>(one: T) => ({
    ...one,
    permit: toReference(one.permit),
    measure: toReference(one.measure),
  })
  let previousLatest: string | null = null
  const data = snapshots.map(({ citations, ...one }) => {
    const isCertain =
      one.on?.earliest != null && previousLatest !== null && previousLatest < one.on.earliest
    const after = previousLatest === null ? null : isCertain ? 'certain' : 'possible'
    previousLatest = one.on?.latest ?? 'infinity'
    return {
      ...one,
      href: `/v1/events/${one.slug}`,
      place: toPlace(one.place),
      participants: one.participants.map((each) => ({ ...each, actor: toReference(each.actor) })),
      goods: one.goods.map(toReference),
      about: one.about.map(target),
      effects: one.effects.map(target),
      assurance: one.assurance && {
        ...one.assurance,
        endUser: toReference(one.assurance.endUser),
        place: toPlace(one.assurance.place),
      },
      after,
      conflicts: [] as object[],
      citations: citations.map((each) => ({
        ...each,
        article: toReference(each.article),
        voices: each.voices.map((voice) => ({ ...voice, actor: toReference(voice.actor) })),
      })),
    }
  })
  const texts = data.map((one) => formatSingle(JSON.stringify(one)))
  return `{"data":[${texts.join(',')}],"next":${JSON.stringify(formatCursor(rows, limit))}}`
}
