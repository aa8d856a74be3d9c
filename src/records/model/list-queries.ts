import { type RawBuilder, sql } from 'kysely'
import { type Fragment, joined, jsonObject, type Members } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { type Slots, shortStatement, statement } from '../../database/statement.ts'
import { nearestName } from '../../evidence/similarity.ts'
import { type BadValue, Moved, Problem } from '../../problem.ts'
import { conflictsOf } from './conflicts.ts'
import type { Filters, Given } from './filters.ts'
import { isId, type Kind } from './schema.ts'

/**
 * What a list can be sorted by. The expression is never null; `cast` is its PostgreSQL type. `key` is the id as the table
 * of the expression has it, where that is not the key of the listing: only columns of one table can be one index. `first` is the
 * same in all rows, and what the index begins with.
 */
export type Sorts = Readonly<
  Record<
    string,
    {
      by: Fragment
      key?: Fragment
      first?: Fragment
      cast: 'date' | 'date[]' | 'text' | 'bigint' | 'int' | 'numeric' | 'uuid'
    }
  >
>

/** How rows of one kind are read: everything that is special to it. The shared functions below do the rest. */
export type Listing = {
  /** What a client calls one of them, for messages. */
  noun: string
  /** Tells apart the SQL of listings that differ in their members only. */
  form?: string
  /** The rows; the id that ends every sort is `key`. */
  from: Fragment
  key: Fragment
  /** Holds for every row of the list. */
  always: Fragment
  /** Members of the JSON object of an entry, in order. */
  members: Readonly<Record<string, Fragment>>
  filters: Filters
  sorts: Sorts
  /** Name of a sort, `-` before it for descending. */
  defaultSort: string
}

export type ListRequest = {
  given: Given
  sort: string
  /** Entries at most; null is all. */
  limit: number | null
  cursor: string | undefined
}

export type Page = { documents: string[]; next: string | null }

type Row = { id: string; position: string; document: string }

/**
 * A page of JSON texts in a total order, and the cursor of the next page. One statement; a second one only when the
 * page is empty, to tell "nothing fits" from "there is no such record".
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function listPage(db: Db, listing: Listing, request: ListRequest): Promise<Page> {
  const { limit } = request
  const query = listStatement(db, listing, request, limit === null ? null : limit + 1)
  const { rows } = await db.executeQuery(query).catch((error: unknown) => {
    throw listProblem(request, error)
  })
  if (rows.length === 0) await refuseUnknownReferences(db, listing, request.given)
  const last = limit === null || rows.length <= limit ? undefined : rows[limit - 1]
  return {
    documents: rows.slice(0, limit ?? rows.length).map((row) => row.document),
    next: last ? writeCursor(listing, request, last) : null,
  }
}

/**
 * What an error of a list's statement means: a cursor can have the right form and a position that is none, e.g. a 32nd
 * day (SQLSTATE class 22 is "data exception").
 */
export const listProblem = (request: ListRequest, error: unknown): unknown =>
  request.cursor !== undefined && isDataException(error) ? notACursor(error) : error

/**
 * How many rows the statement of a page asks for: the number stands in the SQL, since PostgreSQL plans a limit that it
 * does not know for a tenth of the table; of few sizes, so that few statements are kept, and cut to the page around it.
 */
const rooms = [2, 6, 11, 21, 51, 101, 201]
const roomFor = (rowLimit: number | null): number | null =>
  rowLimit === null ? null : (rooms.find((room) => room >= rowLimit) ?? rowLimit)

/** The statement behind a list, for streaming it whole. */
export const listStatement = (
  db: Db,
  listing: Listing,
  request: ListRequest,
  rowLimit: number | null,
) => statementAround<Row>(db, listing, request, rowLimit, { key: '', around: (rows) => rows })

/** The rows of a list (`id`, `position`, `document`) within a greater statement, which `key` tells apart. */
export function statementAround<R>(
  db: Db,
  listing: Listing,
  request: ListRequest,
  rowLimit: number | null,
  greater: { key: string; around: (rows: Fragment) => RawBuilder<unknown> },
) {
  const { sort, cursor, given } = request
  const descending = sort.startsWith('-')
  const sorted = listing.sorts[sort.replace('-', '')]
  if (sorted === undefined) throw new RangeError(`${listing.noun} has no sort ${sort}`)
  const after = cursor === undefined ? undefined : readCursor(listing, request, cursor)
  const id = sorted.key ?? listing.key
  const room = roomFor(rowLimit)
  const isCut = room !== rowLimit
  const key = [keyOf(listing, given), sort, after && 'after', room, isCut && 'cut', greater.key]
  const values = {
    ...valuesOf(listing.filters, given),
    ...(after && { afterPosition: after.position, afterId: after.id }),
    rowLimit,
  }
  return statement<R>(key.join('|'), values, (slot) => {
    const conditions = conditionsOf(listing, slot, given)
    if (after)
      conditions.push(
        sql`(${sorted.by}, ${id}) ${sql.raw(descending ? '<' : '>')} (${slot('afterPosition')}::${sql.raw(
          sorted.cast,
        )}, ${slot('afterId')}::uuid)`,
      )
    const direction = sql.raw(descending ? 'DESC' : 'ASC')
    const rows = sql`SELECT ${id} AS id, (${sorted.by})::text AS position, ${jsonObject(
      listing.members,
    )}::text AS document FROM ${listing.from} WHERE ${joined(conditions, ' AND ')} ORDER BY ${sorted.first === undefined ? sql`` : sql`${sorted.first} ${direction}, `}${
      sorted.by
    } ${direction}, ${id} ${direction}${room === null ? sql`` : sql` LIMIT ${sql.lit(room)}`}`
    const page = isCut ? sql<Row>`SELECT * FROM (${rows}) AS room LIMIT ${slot('rowLimit')}` : rows
    const query = greater.around(page) as RawBuilder<R>
    return { compile: () => query.compile(db) }
  })
}

/** How many entries fit the filters. */
export async function countAll(db: Db, listing: Listing, given: Given): Promise<number> {
  const query = statement<{ total: string }>(
    `count|${keyOf(listing, given)}`,
    valuesOf(listing.filters, given),
    (slot) => {
      const conditions = conditionsOf(listing, slot, given)
      const query = sql<{
        total: string
      }>`SELECT count(*) AS total FROM ${listing.from} WHERE ${joined(conditions, ' AND ')}`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  return Number(rows[0]?.total)
}

/**
 * The JSON text of the record that `ref` (slug or id) names.
 *
 * @throws {Problem} not-found, naming the nearest slug when there is one
 */
export async function readSingle(
  db: Db,
  kind: Kind,
  from: Fragment,
  members: Readonly<Record<string, Fragment>>,
  ref: string,
): Promise<string> {
  const byId = isId(ref)
  const query = shortStatement<{ document: string }>(
    `single|${kind}|${byId ? 'id' : 'slug'}`,
    { ref },
    (slot) => {
      const query = sql<{ document: string }>`SELECT ${jsonObject(
        members,
      )}::text AS document FROM ${from} WHERE record.kind = ${sql.lit(
        kind,
      )} AND record.state = 'live' AND ${byId ? sql`record.id = ${slot('ref')}::uuid` : sql`record.slug = ${slot('ref')}`}`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  const row = rows[0]
  if (row === undefined) throw await whyNot(db, kind, ref)
  return isDisputed(row.document) ? withConflicts(row.document) : row.document
}

/**
 * Whether a citation of it carries a value of its own, which hardly any does. Within a JSON string a quotation mark stands
 * behind a backslash, so these signs are a member's name.
 */
const isDisputed = (document: string): boolean =>
  /"value":(?!null)/.test(document.slice(document.lastIndexOf('"citations":[')))

/** Single records by id, as wire forms with their conflicts; those that are not live are left out. */
export async function readMany(
  db: Db,
  kind: Kind,
  from: Fragment,
  members: Members,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const query = statement<{ id: string; document: string }>(
    `many|${kind}`,
    { ids: [...ids] },
    (slot) => {
      const query = sql<{ id: string; document: string }>`SELECT record.id, ${jsonObject(
        members,
      )}::text AS document FROM ${from} WHERE record.id = ANY(${slot('ids')}::uuid[]) AND record.state = 'live'`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  return new Map(
    rows.map(({ id, document }) => {
      const record = JSON.parse(document)
      return [id, { ...record, conflicts: conflictsOf(record) }]
    }),
  )
}

/**
 * The id of the live record that `ref` (slug or id) names.
 *
 * @throws {Moved}
 * @throws {Problem} retracted, not-found, naming the nearest slug when there is one
 */
export async function resolve(db: Db, kind: Kind, ref: string): Promise<string> {
  const row = await find(db, kind, ref)
  if (row?.state !== 'live') throw await whyNot(db, kind, ref)
  return row.id
}

/** The record that `ref` names, in whatever state. */
export async function find(db: Db, kind: Kind, ref: string) {
  return db
    .selectFrom('record')
    .select(['id', 'slug', 'state', 'state_reason', 'merged_into_id', 'revision'])
    .where('kind', '=', kind)
    .where(isId(ref) ? 'id' : 'slug', '=', ref)
    .executeTakeFirst()
}

function withConflicts(document: string): string {
  const record = JSON.parse(document)
  return JSON.stringify({ ...record, conflicts: conflictsOf(record) })
}

/** Why there is no live record of this name: it was retracted, or merged, or there never was one. */
async function whyNot(db: Db, kind: Kind, ref: string): Promise<Problem | Moved> {
  const row = await find(db, kind, ref)
  if (row?.state === 'retracted')
    return new Problem('retracted', `The ${kind} ${row.slug} was retracted: ${row.state_reason}`)
  if (row?.merged_into_id) {
    const target = await find(db, kind, row.merged_into_id)
    if (target) return new Moved(ref, target.slug)
  }
  return notFound(db, kind, ref)
}

async function notFound(db: Db, kind: Kind, ref: string): Promise<Problem> {
  const near = await nearestSlug(db, kind, ref)
  const what = isId(ref) ? `has the id ${ref}` : `has the slug "${ref}"`
  return new Problem('not-found', `No ${kind} ${what}.${near ? ` Did you mean "${near}"?` : ''}`)
}

/** Looks among the slugs that stand beside `ref` in their order, and among the names that are like it. */
async function nearestSlug(db: Db, kind: Kind, ref: string): Promise<string | null> {
  if (isId(ref)) return null
  const live = db
    .selectFrom('record')
    .select('slug')
    .where('kind', '=', kind)
    .where('state', '=', 'live')
  const wanted = ref.toLowerCase()
  const before = live.where('slug', '<', wanted).orderBy('slug', 'desc').limit(5)
  const after = live.where('slug', '>=', wanted).orderBy('slug').limit(5)
  const beside = [...(await before.execute()), ...(await after.execute())]
  const words = wanted.replaceAll('-', ' ')
  const alike = await live
    .where(sql<boolean>`fold(name) % fold(${words})`)
    .orderBy(sql`similarity(fold(name), fold(${words}))`, 'desc')
    .limit(20)
    .execute()
  const slugs = [...alike, ...beside].map((row) => row.slug)
  return nearestName(wanted, slugs) ?? alike[0]?.slug ?? null
}

/** @throws {Problem} unknown-reference */
export async function refuseUnknownReferences(
  db: Db,
  listing: Pick<Listing, 'filters'>,
  given: Given,
): Promise<void> {
  const errors: BadValue[] = []
  for (const [name, filter] of Object.entries(listing.filters)) {
    const ref = given[name]
    if (typeof ref !== 'string') continue
    try {
      if (filter.refersTo) await resolve(db, filter.refersTo, ref)
      await filter.mustExist?.(db, ref)
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Moved)) throw error
      errors.push({ pointer: `/query/${name}`, detail: error.message })
    }
  }
  if (errors.length > 0)
    throw new Problem('unknown-reference', errors.map((error) => error.detail).join(' '), {
      errors,
    })
}

/** Everything about the filters that changes the SQL. */
const keyOf = (listing: Listing, given: Given): string =>
  [
    listing.noun,
    listing.form ?? '',
    ...Object.keys(given)
      .sort()
      .map((name) => `${name}:${listing.filters[name]?.variant?.(given[name]) ?? ''}`),
  ].join('|')

const valuesOf = (filters: Filters, given: Given): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, filters[name]?.value?.(value) ?? value]),
  )

const conditionsOf = (listing: Listing, slot: Slots, given: Given): Fragment[] => [
  listing.always,
  ...Object.keys(given).flatMap((name) => listing.filters[name]?.where?.(slot, given, name) ?? []),
]

type Position = { position: string; id: string }

/** A cursor names the row after which to go on, and of which list, sorted and filtered by what. */
export const writeCursor = (listing: Listing, request: ListRequest, row: Position): string =>
  Buffer.from(JSON.stringify([row.position, row.id, fingerprint(listing, request)])).toString(
    'base64url',
  )

/** @throws {Problem} invalid-cursor */
export function readCursor(listing: Listing, request: ListRequest, cursor: string): Position {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    parts = undefined
  }
  if (Array.isArray(parts)) {
    const [position, id, print] = parts
    if (typeof position === 'string' && typeof id === 'string' && isId(id)) {
      if (print === fingerprint(listing, request)) return { position, id }
      throw new Problem(
        'invalid-cursor',
        'The cursor was given out for another list, other filters or another sort.',
        {
          errors: [{ pointer: '/query/cursor', detail: 'of another list' }],
        },
      )
    }
  }
  throw notACursor()
}

const isDataException = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('22')

const notACursor = (cause?: unknown): Problem =>
  new Problem('invalid-cursor', 'The cursor was not given out by this server.', {
    cause,
    errors: [{ pointer: '/query/cursor', detail: 'not a cursor' }],
  })

function fingerprint({ noun }: Listing, { given, sort }: ListRequest): string {
  return JSON.stringify([noun, sort, Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))])
}
