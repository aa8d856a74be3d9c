/** Pages of a timeline in the three ways by which they can be had: events with all that belongs to them, citations included. */
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

const documentsStatement = `
  SELECT q.id, q.position::text, d.document FROM (${select}) q JOIN record r ON r.id = q.id
  JOIN ledger_document d ON d.record_id = q.id AND d.revision = r.revision ORDER BY q.position, q.id`
const namesStatement = `
  SELECT id, kind, slug, name, NULL AS place FROM record WHERE id = ANY($1)
  UNION ALL SELECT NULL, NULL, slug, NULL, json_build_object('slug', slug, 'name', name, 'country', country, 'latitude', latitude,
    'longitude', longitude, 'source', source) FROM place WHERE slug = ANY($2)`

type Name = { id: string; kind: string; slug: string; name: string; place: object | null }
type Document = {
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

/** The documents that the ledger keeps of the events, and the names in them; JavaScript puts them together. */
export async function timelineAsDocuments({ query }: Ask, actor: string | undefined) {
  const rows = await query<Entry>('timeline-documents', documentsStatement, [actor])
  const shown = rows.slice(0, limit).map(({ document }) => JSON.parse(document) as Document)
  const ids = new Set<string | null>()
  const slugs = new Set<string | null>()
  for (const { place, participants, goods, about, effects, assurance, citations } of shown) {
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
  const names = await query<Name>('timeline-names', namesStatement, [
    [...ids].filter((id) => id !== null),
    [...slugs].filter((slug) => slug !== null),
  ])
  const references = new Map(
    names.map(({ id, kind, slug, name }) => [id, { id, slug, name, href: `/v1/${kind}s/${slug}` }]),
  )
  const places = new Map(names.flatMap(({ slug, place }) => (place ? [[slug, place]] : [])))
  const named = (id: string | null) => (id === null ? null : references.get(id))
  const placed = (slug: string | null) => (slug === null ? null : places.get(slug))
  const target = <T extends { permit: string | null; measure: string | null }>(one: T) => ({
    ...one,
    ...{ permit: named(one.permit), measure: named(one.measure) },
  })
  let above: string | null = null
  const data = shown.map(({ citations, ...one }) => {
    const isCertain = one.on?.earliest != null && above !== null && above < one.on.earliest
    const after = above === null ? null : isCertain ? 'certain' : 'possible'
    above = one.on?.latest ?? 'infinity'
    return {
      ...{ ...one, href: `/v1/events/${one.slug}`, place: placed(one.place) },
      participants: one.participants.map((each) => ({ ...each, actor: named(each.actor) })),
      goods: one.goods.map(named),
      about: one.about.map(target),
      effects: one.effects.map(target),
      assurance: one.assurance && {
        ...{ ...one.assurance, endUser: named(one.assurance.endUser) },
        place: placed(one.assurance.place),
      },
      ...{ after, conflicts: [] as object[] },
      citations: citations.map((each) => ({
        ...{ ...each, article: named(each.article) },
        voices: each.voices.map((voice) => ({ ...voice, actor: named(voice.actor) })),
      })),
    }
  })
  const texts = data.map((one) => single(JSON.stringify(one)))
  return `{"data":[${texts.join(',')}],"next":${JSON.stringify(cursor(rows, limit))}}`
}
