/** Pages of a timeline in the two ways by which they can be had: events with all that belongs to them, citations included. */
import type { Ask } from '../workloads/workload.ts'
import { cursor, type Entry, page, single } from './answers.ts'
import { addPart, type EventRow, eventOf, eventRows, type Part, partsStatement } from './events.ts'
import { citations, eventMembers, object } from './fragments.ts'

const limit = 50

/** Events of an actor by last day, then by first, undated ones last: `id` and `position`, one more than fits. */
const select = `
  SELECT p.event_id AS id, ARRAY[COALESCE(p.event_latest, 'infinity'), CASE WHEN num_nonnulls(p.event_earliest, p.event_latest) > 0 THEN COALESCE(p.event_earliest, '-infinity') ELSE 'infinity' END] AS position
  FROM event_participant p JOIN record r ON r.id = p.event_id AND r.state = 'live'
  WHERE p.actor_id = (SELECT id FROM record WHERE kind = 'actor' AND slug = $1)
    AND NOT EXISTS (SELECT 1 FROM event_participant s WHERE s.event_id = p.event_id AND s.actor_id = p.actor_id AND s.position < p.position)
  ORDER BY position, p.event_id LIMIT ${limit + 1}`

const jsonStatement = `
  SELECT r.id, q.position::text, ${object(`${eventMembers},
    CASE WHEN q.above IS NULL THEN NULL WHEN e.on_earliest > q.above AND q.above < 'infinity' THEN 'certain' ELSE 'possible' END AS after,
    '[]'::json AS conflicts, ${citations} AS citations`)}::text AS document
  FROM (SELECT id, position, lag(position[1]) OVER (ORDER BY position, id) AS above FROM (${select}) f) q
  JOIN record r ON r.id = q.id JOIN event e ON e.id = q.id ORDER BY q.position, q.id`

/** One statement; PostgreSQL writes the JSON. */
export async function timelineAsJson({ query }: Ask, actor: string | undefined) {
  const rows = await query<Entry>('timeline-json', jsonStatement, [actor])
  return page(
    rows.map((row) => ({ ...row, document: single(row.document) })),
    limit,
  )
}

type CitationRow = { record_id: string; id: string; article: object } & Record<string, unknown>
type VoiceRow = { citation_id: string } & Record<'id' | 'slug' | 'name' | 'document', string | null>

const citationsStatement = `
  SELECT c.record_id, c.id, c.field, c.start_at AS start, c.end_at AS "end", c.quote, c.prefix, c.suffix, c.value,
    c.confidence, c.state, c.state_reason AS "stateReason", c.fragment, a.id AS article_id, a.slug AS article_slug, a.name AS article_name
  FROM citation c JOIN record a ON a.id = c.article_id WHERE c.record_id = ANY($1) ORDER BY c.record_id, c.position`
const voicesStatement = `
  SELECT v.citation_id, v.document, f.id, f.slug, f.name FROM citation_voice v JOIN citation c ON c.id = v.citation_id
  LEFT JOIN record f ON f.id = v.actor_id WHERE c.record_id = ANY($1) ORDER BY v.citation_id, v.position`

/** Four flat statements; JavaScript puts them together. */
export async function timelineAsRows({ query }: Ask, actor: string | undefined) {
  const rows = await query<EventRow>('timeline-rows', eventRows(select), [actor])
  const shown = rows.slice(0, limit)
  const ids = [shown.map(({ id }) => id)]
  const [parts, cited, voiced] = await Promise.all([
    query<Part>('event-parts', partsStatement, ids),
    query<CitationRow>('timeline-citations', citationsStatement, ids),
    query<VoiceRow>('timeline-voices', voicesStatement, ids),
  ])
  const voices = Map.groupBy(voiced, ({ citation_id }) => citation_id)
  const byEvent = Map.groupBy(cited, ({ record_id }) => record_id)
  let above: string | null = null
  const data = new Map(
    shown.map((row) => {
      const citations = (byEvent.get(row.id) ?? []).map(
        ({ record_id: _, article_id, article_slug, article_name, ...own }) => ({
          ...own,
          article: {
            ...{ id: article_id, slug: article_slug, name: article_name },
            href: `/v1/articles/${article_slug}`,
          },
          voices: (voices.get(own.id) ?? []).map(({ id, slug, name, document }) => ({
            actor: id === null ? null : { id, slug, name, href: `/v1/actors/${slug}` },
            document,
          })),
        }),
      )
      const isCertain = row.earliest !== null && above !== null && above < row.earliest
      const after = above === null ? null : isCertain ? 'certain' : 'possible'
      above = row.latest ?? 'infinity'
      return [row.id, { ...eventOf(row), after, conflicts: [] as object[], citations }] as const
    }),
  )
  for (const part of parts) addPart(data.get(part.event_id), part)
  return JSON.stringify({ data: [...data.values()], next: cursor(rows, limit) })
}
