import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { columnRef, type SqlFragment } from '../../database/sql-fragments.ts'
import { eventFields } from '../../records/kinds/events/fields.ts'
import { eventList } from '../../records/kinds/events/queries.ts'
import { byRelation, type Filter } from '../../records/model/filters.ts'
import {
  buildWrappedListStatement,
  formatCursor,
  type ListDefinition,
  type ListRequest,
  parseCursor,
  refuseUnknownReferences,
  toListProblem,
} from '../../records/model/list-queries.ts'
import { firstDay, lastDay } from '../../records/model/sql-json.ts'
import {
  joinLedgerSnapshot,
  readRecordsFromLedger,
  type SelectedRecordRow,
  snapshotColumns,
} from '../../records/read/records-from-ledger.ts'

/**
 * By last day, then by first day; undated events come last. An array compares member by member, so the order is one
 * value, which an index holds (docs/decisions/0012-order-of-a-timeline.md).
 *
 * @param date names the columns of the bounds, as `event.on`
 */
const orderExpression = (date: string): SqlFragment =>
  sql`(ARRAY[${lastDay(date)}, CASE WHEN num_nonnulls(${sql.ref(`${date}_earliest`)}, ${sql.ref(`${date}_latest`)}) > 0 THEN ${firstDay(date)} ELSE 'infinity'::date END])`

/** The filter as it is, and the same said of the order, so that its index narrows the search. */
const withOrderCondition = (
  name: 'from' | 'to',
  orderCondition: (day: SqlFragment) => SqlFragment,
): Filter => {
  const own = eventList.filters[name]
  if (own?.where === undefined) throw new RangeError(`Events have no filter ${name}.`)
  const { where } = own
  return {
    ...own,
    where: (slot, given, parameter) => {
      const condition = where(slot, given, parameter) ?? sql`true`
      return name === 'from' || given.certainty === 'certain'
        ? sql`${condition} AND ${orderCondition(sql`${slot(parameter)}::date`)}`
        : condition
    },
  }
}

const buildTimelineSort = (
  date: string,
  key: SqlFragment,
  first?: SqlFragment,
): Pick<ListDefinition, 'filters' | 'sorts'> => {
  const order = orderExpression(date)
  return {
    filters: {
      ...eventList.filters,
      from: withOrderCondition('from', (day) => sql`${order} >= ARRAY[${day}]`),
      to: withOrderCondition('to', (day) => sql`${order} < ARRAY[${day} + 1]`),
    },
    sorts: {
      order: { expression: order, key, ...(first && { indexPrefix: first }), cast: 'date[]' },
    },
  }
}

/** Events in the order that the evidence allows, each whole with its citations and the instant of its last change. */
export const timelineListing: ListDefinition = {
  ...eventList,
  ...buildTimelineSort('event.on', columnRef('event.id')),
  noun: 'timeline entry',
  defaultSort: 'order',
  members: {
    ...eventFields.singleMembers,
    changedAt: sql`(SELECT committed_at FROM revision WHERE revision.number = record.revision)`,
  },
}

const actorSort = buildTimelineSort('party.event', sql`party.event_id`, sql`party.actor_id`)

/** The same list for one actor: found in the order in which the actor takes part. */
const actorTimelineListing: ListDefinition = {
  ...timelineListing,
  ...actorSort,
  from: sql`event_participant AS party JOIN event ON event.id = party.event_id JOIN record ON record.id = party.event_id`,
  filters: {
    ...actorSort.filters,
    // Whoever takes part in two roles is met twice. A range and not `=`, for which PostgreSQL expects so few rows of any
    // actor that it would read and sort them all; so it walks the index, whatever the actor, and behind a subquery keeps
    // one plan for all of them.
    actor: byRelation('actor', '', (id, slot, given) => {
      const inRole = (of: string) =>
        given.role === undefined
          ? sql``
          : sql` AND ${sql.ref(`${of}.role`)} = ANY(${slot('role')}::text[])`
      return sql`party.actor_id BETWEEN (SELECT ${id}) AND (SELECT ${id})${inRole('party')} AND (NOT EXISTS (SELECT 1 FROM event_participant AS sooner WHERE sooner.event_id = party.event_id AND sooner.actor_id = party.actor_id AND sooner.position < party.position${inRole('sooner')})) IS TRUE`
    }),
  },
}

export const selectListing = ({
  filterValues: given,
}: Pick<ListRequest, 'filterValues'>): ListDefinition =>
  given.actor === undefined ? timelineListing : actorTimelineListing

/** An entry of a page: which event, and its place in the order. */
export type EntryRow = SelectedRecordRow & { position: string }

/**
 * A page is found first, then the documents of its events by key. `LIMIT 201` tells the planner that a page is small,
 * whatever its parameter.
 */
const joinSnapshots = (rows: SqlFragment) =>
  sql`WITH page AS MATERIALIZED (SELECT of_page.*, row_number() OVER () AS place FROM (${rows}) AS of_page LIMIT 201)
    SELECT page.position, ${snapshotColumns} FROM page JOIN record ON record.id = page.id ${joinLedgerSnapshot} ORDER BY page.place`

/** The last day of the entry after which the page begins; null for the first page. */
export const findPreviousLastDay = (request: ListRequest): string | null =>
  request.cursor === undefined
    ? null
    : (/^\{"?([^,"]+)/.exec(parseCursor(timelineListing, request, request.cursor).position)?.[1] ??
      'infinity')

/**
 * The entries of a page, one more than `limit` when another page follows.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readEntries(db: Db, request: ListRequest & { limit: number }) {
  const listing: ListDefinition = { ...selectListing(request), members: {} }
  const wrapper = { key: 'kept', around: joinSnapshots }
  const selectRows = async (one: Db) => {
    const query = buildWrappedListStatement<EntryRow>(
      one,
      listing,
      request,
      request.limit + 1,
      wrapper,
    )
    const { rows } = await one.executeQuery(query).catch((error: unknown) => {
      throw toListProblem(request, error)
    })
    return rows
  }
  const entries = await readRecordsFromLedger(db, selectRows)
  if (entries.rows.length === 0) await refuseUnknownReferences(db, listing, request.filterValues)
  return entries
}

/** The cursor of the page that follows this entry. */
export const cursorAfter = (request: ListRequest, entry: EntryRow): string =>
  formatCursor(timelineListing, request, entry)
