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
 * By last day, then by first day; undated events come last. PostgreSQL compares arrays element by element, so the order is
 * one value that an index can hold (docs/decisions/0012-order-of-a-timeline.md).
 *
 * @param date prefix of the columns of the bounds, e.g. `event.on`
 */
const orderExpression = (date: string): SqlFragment =>
  sql`(ARRAY[
    ${lastDay(date)},
    CASE
      WHEN num_nonnulls(${sql.ref(`${date}_earliest`)}, ${sql.ref(`${date}_latest`)}) > 0
      THEN ${firstDay(date)}
      ELSE 'infinity'::date
    END
  ])`

/** Adds a condition on the order to a date filter of events, so that the index of the order narrows the search. */
const withOrderCondition = (
  name: 'from' | 'to',
  orderCondition: (day: SqlFragment) => SqlFragment,
): Filter => {
  const filter = eventList.filters[name]
  if (filter?.where === undefined) throw new RangeError(`Events have no filter ${name}.`)
  const { where } = filter
  return {
    ...filter,
    where: (slot, filterValues, parameter) => {
      const condition = where(slot, filterValues, parameter) ?? sql`true`
      return name === 'from' || filterValues.certainty === 'certain'
        ? sql`${condition} AND ${orderCondition(sql`${slot(parameter)}::date`)}`
        : condition
    },
  }
}

/** @param indexPrefix column before the order in the index; undefined when the index begins with the order */
const buildTimelineSort = (
  date: string,
  key: SqlFragment,
  indexPrefix?: SqlFragment,
): Pick<ListDefinition, 'filters' | 'sorts'> => {
  const order = orderExpression(date)
  return {
    filters: {
      ...eventList.filters,
      from: withOrderCondition('from', (day) => sql`${order} >= ARRAY[${day}]`),
      to: withOrderCondition('to', (day) => sql`${order} < ARRAY[${day} + 1]`),
    },
    sorts: {
      order: { expression: order, key, ...(indexPrefix && { indexPrefix }), cast: 'date[]' },
    },
  }
}

/** Events in timeline order, each complete, with its citations and the instant of its last change. */
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

/** The filter by actor and, if given, by role. An actor with several roles in one event is listed once. */
const actorFilter = byRelation('actor', '', (id, slot, filterValues) => {
  const inRole = (participant: string) =>
    filterValues.role === undefined
      ? sql``
      : sql`AND ${sql.ref(`${participant}.role`)} = ANY(${slot('role')}::text[])`
  // BETWEEN instead of `=`: for `=` PostgreSQL estimates so few rows per actor that it reads and sorts them all, instead of
  // walking the index. With subqueries as bounds it keeps one plan for all actors.
  return sql`party.actor_id BETWEEN (SELECT ${id}) AND (SELECT ${id})
    ${inRole('party')}
    AND (NOT EXISTS (
      SELECT 1
      FROM event_participant AS earlier
      WHERE earlier.event_id = party.event_id
        AND earlier.actor_id = party.actor_id
        AND earlier.position < party.position
        ${inRole('earlier')}
    )) IS TRUE`
})

/** The same list for one actor. It starts from the participants, whose index has the order for each actor. */
const actorTimelineListing: ListDefinition = {
  ...timelineListing,
  ...actorSort,
  from: sql`event_participant AS party
    JOIN event ON event.id = party.event_id
    JOIN record ON record.id = party.event_id`,
  filters: {
    ...actorSort.filters,
    actor: actorFilter,
  },
}

export const selectListing = ({
  filterValues,
}: Pick<ListRequest, 'filterValues'>): ListDefinition =>
  filterValues.actor === undefined ? timelineListing : actorTimelineListing

/** `position`: the value of the order, an array of dates as PostgreSQL writes it. */
export type EntryRow = SelectedRecordRow & { position: string }

/**
 * Finds the page first, then the snapshots of its events by id. `LIMIT 201` is the largest page: it tells the planner that a
 * page is small, whatever the parameter.
 */
const joinSnapshots = (rows: SqlFragment) =>
  sql`
    WITH page AS MATERIALIZED (
      SELECT page_row.*, row_number() OVER () AS row_index
      FROM (${rows}) AS page_row
      LIMIT 201
    )
    SELECT page.position, ${snapshotColumns}
    FROM page
    JOIN record ON record.id = page.id
    ${joinLedgerSnapshot}
    ORDER BY page.row_index`

/** The last day of the entry before the page, `infinity` when it is open; null for the first page. */
export const findPreviousLastDay = (request: ListRequest): string | null =>
  request.cursor === undefined
    ? null
    : (/^\{"?([^,"]+)/.exec(parseCursor(timelineListing, request, request.cursor).position)?.[1] ??
      'infinity')

/**
 * The entries of a page, and one more if another page follows.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readEntries(db: Db, request: ListRequest & { limit: number }) {
  const listing: ListDefinition = { ...selectListing(request), members: {} }
  const wrapper = { key: 'kept', around: joinSnapshots }
  const selectRows = async (connection: Db) => {
    const query = buildWrappedListStatement<EntryRow>(
      connection,
      listing,
      request,
      request.limit + 1,
      wrapper,
    )
    const { rows } = await connection.executeQuery(query).catch((error: unknown) => {
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
