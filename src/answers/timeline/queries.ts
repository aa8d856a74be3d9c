import { sql } from 'kysely'
import { column, type Fragment, joined, jsonObject } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { eventListing, singleEvent } from '../../records/events/queries.ts'
import { byRelation, type Filter } from '../../records/filters.ts'
import {
  find,
  type Listing,
  type ListRequest,
  listProblem,
  readCursor,
  refuseUnknownReferences,
  statementAround,
  writeCursor,
} from '../../records/reading.ts'
import { citationMembers, firstDay, lastDay } from '../../records/shapes.ts'

/**
 * By last day, then by first day; undated events come last. An array compares member by member, so the order is one
 * value, which an index holds (docs/decisions/0012-order-of-a-timeline.md).
 *
 * @param date names the columns of the bounds, as `event.on`
 */
const orderBy = (date: string): Fragment =>
  sql`(ARRAY[${lastDay(date)}, CASE WHEN num_nonnulls(${sql.ref(`${date}_earliest`)}, ${sql.ref(`${date}_latest`)}) > 0 THEN ${firstDay(date)} ELSE 'infinity'::date END])`

/** The filter as it is, and the same said of the order, so that its index narrows the search. */
const narrowed = (name: 'from' | 'to', alsoBy: (day: Fragment) => Fragment): Filter => {
  const own = eventListing.filters[name]
  if (own?.where === undefined) throw new RangeError(`Events have no filter ${name}.`)
  const { where } = own
  return {
    ...own,
    where: (slot, given, parameter) => {
      const condition = where(slot, given, parameter) ?? sql`true`
      return name === 'from' || given.certainty === 'certain'
        ? sql`${condition} AND ${alsoBy(sql`${slot(parameter)}::date`)}`
        : condition
    },
  }
}

const sortedBy = (
  date: string,
  key: Fragment,
  first?: Fragment,
): Pick<Listing, 'filters' | 'sorts'> => {
  const order = orderBy(date)
  return {
    filters: {
      ...eventListing.filters,
      from: narrowed('from', (day) => sql`${order} >= ARRAY[${day}]`),
      to: narrowed('to', (day) => sql`${order} < ARRAY[${day} + 1]`),
    },
    sorts: { order: { by: order, key, ...(first && { first }), cast: 'date[]' } },
  }
}

/** Events in the order that the evidence allows, each whole with its citations and the instant of its last change. */
export const timelineListing: Listing = {
  ...eventListing,
  ...sortedBy('event.on', column('event.id')),
  noun: 'timeline entry',
  defaultSort: 'order',
  members: {
    ...singleEvent.members,
    changedAt: sql`(SELECT committed_at FROM revision WHERE revision.number = record.revision)`,
  },
}

const ofActor = sortedBy('party.event', sql`party.event_id`, sql`party.actor_id`)

/** The same list for one actor: found in the order in which the actor takes part. */
const timelineOfActor: Listing = {
  ...timelineListing,
  ...ofActor,
  from: sql`event_participant AS party JOIN event ON event.id = party.event_id JOIN record ON record.id = party.event_id`,
  filters: {
    ...ofActor.filters,
    // Whoever takes part in two roles is met twice. A range and not `=`, for which PostgreSQL expects so few rows of any
    // actor that it would read and sort them all; so it walks the index, whatever the actor.
    actor: byRelation('actor', '', (id, slot, given) => {
      const inRole = (of: string) =>
        given.role === undefined
          ? sql``
          : sql` AND ${sql.ref(`${of}.role`)} = ANY(${slot('role')}::text[])`
      return sql`party.actor_id BETWEEN ${id} AND ${id}${inRole('party')} AND (NOT EXISTS (SELECT 1 FROM event_participant AS sooner WHERE sooner.event_id = party.event_id AND sooner.actor_id = party.actor_id AND sooner.position < party.position${inRole('sooner')})) IS TRUE`
    }),
  },
}

export const listingFor = ({ given }: Pick<ListRequest, 'given'>): Listing =>
  given.actor === undefined ? timelineListing : timelineOfActor

const { participants: _p, goods: _g, about: _a, effects: _e, ...scalars } = eventListing.members

/** A row of the statement behind a page: an event, or what belongs to one. */
export type Part = {
  part: 'entry' | 'participants' | 'goods' | 'about' | 'effects' | 'citations' | 'voices'
  /** Id of the event, or of the citation whose voice it is. */
  owner: string
  position: number
  /** Role, effect, id of the citation, or the document that is a voice. */
  word: string | null
  id: string | null
  slug: string | null
  name: string | null
  kind: string | null
  /** Of an entry: its place in the order. Of a citation: not null when it says something else than the record. */
  sorted: string | null
  /** Of an entry and of a citation: their own members as JSON. */
  document: string | null
}

/** A row for each part of an event that names another record. */
const referring = (
  part: Part['part'],
  table: 'event_participant' | 'event_good' | 'event_about' | 'event_effect',
  target: Fragment,
  word: Fragment,
): Fragment =>
  sql`SELECT ${sql.lit(part)}, page.id, ${sql.table(table)}.position, ${word}, target.id, target.slug, target.name, target.kind, NULL, NULL
    FROM page JOIN ${sql.table(table)} ON ${sql.table(table)}.event_id = page.id JOIN record AS target ON target.id = ${target}`

const permitOrMeasure = (table: 'event_about' | 'event_effect'): Fragment =>
  sql`COALESCE(${column(`${table}.permit_id`)}, ${column(`${table}.measure_id`)})`

const noWord = sql`NULL`

const { article: _article, voices: _voices, ...ownOfCitation } = citationMembers

const parts = [
  referring(
    'participants',
    'event_participant',
    column('event_participant.actor_id'),
    column('event_participant.role'),
  ),
  referring('goods', 'event_good', column('event_good.good_id'), noWord),
  referring('about', 'event_about', permitOrMeasure('event_about'), noWord),
  referring(
    'effects',
    'event_effect',
    permitOrMeasure('event_effect'),
    column('event_effect.becomes'),
  ),
  sql`SELECT 'citations', page.id, citation.position, citation.id::text, article.id, article.slug, article.name, article.kind, CASE WHEN citation.value IS NOT NULL THEN 'disputed' END, ${jsonObject(ownOfCitation)}::text
    FROM page JOIN citation ON citation.record_id = page.id JOIN record AS article ON article.id = citation.article_id`,
  sql`SELECT 'voices', citation.id, citation_voice.position, citation_voice.document, actor.id, actor.slug, actor.name, actor.kind, NULL, NULL
    FROM page JOIN citation ON citation.record_id = page.id JOIN citation_voice ON citation_voice.citation_id = citation.id LEFT JOIN record AS actor ON actor.id = citation_voice.actor_id`,
]

/**
 * Flat rows of one snapshot, put together in JavaScript: for a page of whole events that takes less than to have
 * PostgreSQL nest them (docs/costs.md). `LIMIT 201` tells the planner that a page is small, whatever its parameter.
 */
const inFlatRows = (rows: Fragment) =>
  sql`WITH page AS MATERIALIZED (SELECT * FROM (${rows}) AS of_page LIMIT 201)
    SELECT 'entry' AS part, id AS owner, 0 AS position, NULL AS word, id, NULL AS slug, NULL AS name, NULL AS kind, position AS sorted, document FROM page
    UNION ALL ${joined(parts, ' UNION ALL ')}`

/** The last day of the entry after which the page begins; null for the first page. */
export const lastDayAbove = (request: ListRequest): string | null =>
  request.cursor === undefined
    ? null
    : (/^\{"?([^,"]+)/.exec(readCursor(timelineListing, request, request.cursor).position)?.[1] ??
      'infinity')

/**
 * The actor as an id: with a slug to look up, PostgreSQL would plan for one with few events, also where it has thousands.
 * One that is not there stays as it is, and is refused when nothing is found.
 */
async function actorById(db: Db, { given: { actor } }: ListRequest): Promise<{ actor?: string }> {
  const found = typeof actor === 'string' ? await find(db, 'actor', actor) : undefined
  return found ? { actor: found.id } : {}
}

/**
 * The rows behind a page, which has one entry more than `limit` when another page follows.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readParts(db: Db, request: ListRequest & { limit: number }): Promise<Part[]> {
  // What stands in the row of the event itself; the rest comes in rows of its own.
  const listing: Listing = { ...listingFor(request), members: scalars }
  const query = statementAround<Part>(db, listing, request, request.limit + 1, {
    key: 'flat',
    around: inFlatRows,
    given: { ...request.given, ...(await actorById(db, request)) },
  })
  const { rows } = await db.executeQuery(query).catch((error: unknown) => {
    throw listProblem(request, error)
  })
  if (rows.length === 0) await refuseUnknownReferences(db, listing, request.given)
  return rows
}

/** The cursor of the page that follows this entry. */
export const cursorAfter = (request: ListRequest, { owner, sorted }: Part): string =>
  writeCursor(timelineListing, request, { id: owner, position: sorted ?? '' })
