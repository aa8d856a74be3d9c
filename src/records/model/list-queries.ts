import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import {
  type PlaceholderFactory,
  prepareShortStatement,
  prepareStatement,
} from '../../database/prepared-statements.ts'
import {
  type JsonMembers,
  joinFragments,
  jsonObject,
  type SqlFragment,
} from '../../database/sql-fragments.ts'
import { findNearestName } from '../../evidence/nearest-name.ts'
import { type BadValue, Problem, RecordMovedError } from '../../problem.ts'
import { findConflicts } from './conflicts.ts'
import { decodeCursor, encodeCursor, notACursorProblem, otherCursorProblem } from './cursor.ts'
import type { Filters, FilterValues } from './filters.ts'
import { isLargeCase } from './large-cases.ts'
import { isId, type Kind } from './schema.ts'

/**
 * The sorts of a list, by name. The expression is never null; `cast` is its PostgreSQL type. `key` is the id in the table of
 * the expression, if that is not the table of the list: an index covers columns of one table only. `indexPrefix` is
 * constant in all rows and the first column of the index.
 */
export type SortOptions = Readonly<
  Record<
    string,
    {
      expression: SqlFragment
      key?: SqlFragment
      indexPrefix?: SqlFragment
      cast: 'date' | 'date[]' | 'text' | 'bigint' | 'int' | 'numeric' | 'uuid'
    }
  >
>

/** What is specific to one list. The functions below use it. */
export type ListDefinition = {
  /** Name of one entry, for messages. */
  noun: string
  /** Distinguishes the SQL of lists that differ only in their members. */
  sqlVariant?: string
  /** The rows; `key` is the id at the end of every sort. */
  from: SqlFragment
  key: SqlFragment
  /** Condition for every row of the list. */
  baseCondition: SqlFragment
  /** Members of the JSON object of an entry, in order. */
  members: Readonly<Record<string, SqlFragment>>
  filters: Filters
  sorts: SortOptions
  /** Name of a sort, `-` before it for descending. */
  defaultSort: string
}

export type ListRequest = {
  filterValues: FilterValues
  sort: string
  /** Maximum number of entries; null is all. */
  limit: number | null
  cursor: string | undefined
  /** Looks only at so many of the rows that match the other filters than `case`, in the order of the list. */
  within?: number
}

/** Rows to look at for a page of a large case. */
const nearRows = 1_000

export type ListPage = { entries: string[]; next: string | null }

type ListRow = { id: string; position: string; document: string }

/**
 * A page of JSON texts in a total order, and the cursor of the next page. If the page is empty, a second statement checks
 * whether the records that the filters name exist.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readListPage(
  db: Db,
  listing: ListDefinition,
  request: ListRequest,
): Promise<ListPage> {
  const { limit } = request
  const rows = await readRows(db, listing, request).catch((error: unknown) => {
    throw toListProblem(request, error)
  })
  if (rows.length === 0) await refuseUnknownReferences(db, listing, request.filterValues)
  const last = limit === null || rows.length <= limit ? undefined : rows[limit - 1]
  return {
    entries: rows.slice(0, limit ?? rows.length).map((row) => row.document),
    next: last ? formatCursor(listing, request, last) : null,
  }
}

/** The rows of a page, and one more if there is another page. */
async function readRows(db: Db, listing: ListDefinition, request: ListRequest): Promise<ListRow[]> {
  const { limit, filterValues } = request
  const rowLimit = limit === null ? null : limit + 1
  const { case: caseRef } = filterValues
  if (rowLimit !== null && typeof caseRef === 'string' && (await isLargeCase(db, caseRef))) {
    // Most records belong to a large case: the page is among the next rows of the list, so that not all are looked at.
    const near = buildListStatement(db, listing, { ...request, within: nearRows }, rowLimit)
    const { rows } = await db.executeQuery(near)
    if (rows.length === rowLimit) return rows
  }
  const { rows } = await db.executeQuery(buildListStatement(db, listing, request, rowLimit))
  return rows
}

/**
 * The problem for an error of the statement of a list. A well-formed cursor can have an invalid position, e.g. a 32nd day
 * (SQLSTATE class 22 is "data exception").
 */
export const toListProblem = (request: ListRequest, error: unknown): unknown =>
  request.cursor !== undefined && isDataException(error) ? notACursorProblem(error) : error

/**
 * Limits that occur in the SQL itself, because PostgreSQL plans an unknown limit for a tenth of the table. There are few
 * sizes, so that few statements are prepared; an outer LIMIT cuts the rows to the page.
 */
const sqlLimits = [2, 6, 11, 21, 51, 101, 201]
const roundUpToSqlLimit = (rowLimit: number | null): number | null =>
  rowLimit === null ? null : (sqlLimits.find((room) => room >= rowLimit) ?? rowLimit)

/** The statement of a list, to stream all of it. */
export const buildListStatement = (
  db: Db,
  listing: ListDefinition,
  request: ListRequest,
  rowLimit: number | null,
) =>
  buildWrappedListStatement<ListRow>(db, listing, request, rowLimit, {
    key: '',
    around: (rows) => rows,
  })

/** The rows of a list (`id`, `position`, `document`) inside a larger statement, which `key` identifies. */
export function buildWrappedListStatement<R>(
  db: Db,
  listing: ListDefinition,
  request: ListRequest,
  rowLimit: number | null,
  wrapper: { key: string; around: (rows: SqlFragment) => RawBuilder<unknown> },
) {
  const { sort, cursor, filterValues: given, within } = request
  const descending = sort.startsWith('-')
  const sortOption = listing.sorts[sort.replace('-', '')]
  if (sortOption === undefined) throw new RangeError(`${listing.noun} has no sort ${sort}`)
  const after = cursor === undefined ? undefined : parseCursor(listing, request, cursor)
  const id = sortOption.key ?? listing.key
  const sqlLimit = roundUpToSqlLimit(rowLimit)
  const isSqlLimitHigher = sqlLimit !== rowLimit
  const key = [
    buildStatementKey(listing, given),
    sort,
    after && 'after',
    within && `within ${within}`,
    sqlLimit,
    isSqlLimitHigher && 'cut',
    wrapper.key,
  ]
  const values = {
    ...toSqlValues(listing.filters, given),
    ...(after && { afterPosition: after.position, afterId: after.id }),
    rowLimit,
  }
  return prepareStatement<R>(key.join('|'), values, (slot) => {
    const direction = sql.raw(descending ? 'DESC' : 'ASC')
    const prefix = sortOption.indexPrefix
    const order = joinFragments(
      [...(prefix === undefined ? [] : [prefix]), sortOption.expression, id].map(
        (expression) => sql`${expression} ${direction}`,
      ),
      ', ',
    )
    const isAfter: SqlFragment[] = []
    if (after) {
      const operator = sql.raw(descending ? '<' : '>')
      const position = sql`${slot('afterPosition')}::${sql.raw(sortOption.cast)}`
      isAfter.push(
        sql`(${sortOption.expression}, ${id}) ${operator} (${position}, ${slot('afterId')}::uuid)`,
      )
    }
    const conditions = [...buildConditions(listing, slot, given), ...isAfter]
    if (within !== undefined) {
      const { case: _case, ...others } = given
      const othersMatch = [...buildConditions(listing, slot, others), ...isAfter]
      conditions.push(sql`${id} IN (
        SELECT ${id}
        FROM ${listing.from}
        WHERE ${joinFragments(othersMatch, ' AND ')}
        ORDER BY ${order}
        LIMIT ${sql.lit(within)}
      )`)
    }
    const rows = sql`
      SELECT ${id} AS id, (${sortOption.expression})::text AS position,
        ${jsonObject(listing.members)}::text AS document
      FROM ${listing.from}
      WHERE ${joinFragments(conditions, ' AND ')}
      ORDER BY ${order}${sqlLimit === null ? sql`` : sql` LIMIT ${sql.lit(sqlLimit)}`}`
    const page = isSqlLimitHigher
      ? sql<ListRow>`SELECT * FROM (${rows}) AS room LIMIT ${slot('rowLimit')}`
      : rows
    const query = wrapper.around(page) as RawBuilder<R>
    return { compile: () => query.compile(db) }
  })
}

/** The number of entries that match the filters. */
export async function countEntries(
  db: Db,
  listing: ListDefinition,
  given: FilterValues,
): Promise<number> {
  const query = prepareStatement<{ total: string }>(
    `count|${buildStatementKey(listing, given)}`,
    toSqlValues(listing.filters, given),
    (slot) => {
      const conditions = buildConditions(listing, slot, given)
      const query = sql<{
        total: string
      }>`SELECT count(*) AS total FROM ${listing.from} WHERE ${joinFragments(conditions, ' AND ')}`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  return Number(rows[0]?.total)
}

/**
 * The JSON text of the record with this slug or id.
 *
 * @throws {Problem} not-found, with the nearest slug if there is one
 */
export async function readRecordJson(
  db: Db,
  kind: Kind,
  from: SqlFragment,
  members: Readonly<Record<string, SqlFragment>>,
  ref: string,
): Promise<string> {
  const byId = isId(ref)
  const query = prepareShortStatement<{ document: string }>(
    `single|${kind}|${byId ? 'id' : 'slug'}`,
    { ref },
    (slot) => {
      const isRecord = byId
        ? sql`record.id = ${slot('ref')}::uuid`
        : sql`record.slug = ${slot('ref')}`
      const query = sql<{ document: string }>`
        SELECT ${jsonObject(members)}::text AS document
        FROM ${from}
        WHERE record.kind = ${sql.lit(kind)} AND record.state = 'live' AND ${isRecord}`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  const row = rows[0]
  if (row === undefined) throw await buildMissingProblem(db, kind, ref)
  return hasConflictingValue(row.document) ? addConflicts(row.document) : row.document
}

/**
 * Whether a citation of the record has a `value`, which is rare. Quotation marks in a JSON string are escaped, so the
 * pattern matches only the name of a member.
 */
const hasConflictingValue = (document: string): boolean =>
  /"value":(?!null)/.test(document.slice(document.lastIndexOf('"citations":[')))

/**
 * Live records by id, as single records with their conflicts; those that are not live with the variant `gone`. A variant tells
 * statements with other members apart.
 */
export async function readWireRecords(
  db: Db,
  kind: Kind,
  from: SqlFragment,
  members: JsonMembers,
  ids: readonly string[],
  variant: '' | 'ledger' | 'gone' = '',
): Promise<Map<string, Record<string, unknown>>> {
  const states = variant === 'gone' ? sql`<> 'live'` : sql`= 'live'`
  const query = prepareStatement<{ id: string; document: string }>(
    `many|${kind}|${variant}`,
    { ids: [...ids] },
    (slot) => {
      const query = sql<{ id: string; document: string }>`
        SELECT record.id, ${jsonObject(members)}::text AS document
        FROM ${from}
        WHERE record.id = ANY(${slot('ids')}::uuid[]) AND record.state ${states}`
      return { compile: () => query.compile(db) }
    },
  )
  const { rows } = await db.executeQuery(query)
  return new Map(
    rows.map(({ id, document }) => {
      const record = JSON.parse(document)
      return [id, { ...record, conflicts: findConflicts(record) }]
    }),
  )
}

/**
 * The id of the live record with this slug or id.
 *
 * @throws {RecordMovedError} for a merged record
 * @throws {Problem} retracted, or not-found with the nearest slug if there is one
 */
export async function resolveRecordId(db: Db, kind: Kind, ref: string): Promise<string> {
  const row = await findRecordRow(db, kind, ref)
  if (row?.state !== 'live') throw await buildMissingProblem(db, kind, ref)
  return row.id
}

/** The record with this slug or id, in any state. */
export async function findRecordRow(db: Db, kind: Kind, ref: string) {
  return db
    .selectFrom('record')
    .select(['id', 'slug', 'state', 'state_reason', 'merged_into_id', 'revision'])
    .where('kind', '=', kind)
    .where(isId(ref) ? 'id' : 'slug', '=', ref)
    .executeTakeFirst()
}

/** The record of any kind and state with this id. */
export async function findRecordById(db: Db, id: string) {
  return db
    .selectFrom('record')
    .leftJoin('record as target', 'target.id', 'record.merged_into_id')
    .select(['record.id', 'record.kind', 'record.slug', 'record.name', 'record.revision'])
    .select(['record.state', 'record.state_reason', 'target.slug as merged_into_slug'])
    .where('record.id', '=', id)
    .executeTakeFirst()
}

function addConflicts(document: string): string {
  const record = JSON.parse(document)
  return JSON.stringify({ ...record, conflicts: findConflicts(record) })
}

/** The reason why there is no such live record: retracted, merged, or never created. */
async function buildMissingProblem(
  db: Db,
  kind: Kind,
  ref: string,
): Promise<Problem | RecordMovedError> {
  const row = await findRecordRow(db, kind, ref)
  if (row?.state === 'retracted')
    return new Problem('retracted', `The ${kind} ${row.slug} was retracted: ${row.state_reason}`)
  if (row?.merged_into_id) {
    const target = await findRecordRow(db, kind, row.merged_into_id)
    if (target) return new RecordMovedError(ref, target.slug)
  }
  return buildNotFoundProblem(db, kind, ref)
}

async function buildNotFoundProblem(db: Db, kind: Kind, ref: string): Promise<Problem> {
  const near = await findNearestSlug(db, kind, ref)
  const what = isId(ref) ? `has the id ${ref}` : `has the slug "${ref}"`
  return new Problem('not-found', `No ${kind} ${what}.${near ? ` Did you mean "${near}"?` : ''}`)
}

/** Compares `ref` with its neighbours in the order of slugs, and with the slugs of similar names. */
async function findNearestSlug(db: Db, kind: Kind, ref: string): Promise<string | null> {
  if (isId(ref)) return null
  const live = db
    .selectFrom('record')
    .select('slug')
    .where('kind', '=', kind)
    .where('state', '=', 'live')
  const wanted = ref.toLowerCase()
  const before = live.where('slug', '<', wanted).orderBy('slug', 'desc').limit(5)
  const after = live.where('slug', '>=', wanted).orderBy('slug').limit(5)
  const neighbours = [...(await before.execute()), ...(await after.execute())]
  const words = wanted.replaceAll('-', ' ')
  const similarNames = await live
    .where(sql<boolean>`fold(name) % fold(${words})`)
    .orderBy(sql`similarity(fold(name), fold(${words}))`, 'desc')
    .limit(20)
    .execute()
  const slugs = [...similarNames, ...neighbours].map((row) => row.slug)
  return findNearestName(wanted, slugs) ?? similarNames[0]?.slug ?? null
}

/** @throws {Problem} unknown-reference */
export async function refuseUnknownReferences(
  db: Db,
  listing: Pick<ListDefinition, 'filters'>,
  given: FilterValues,
): Promise<void> {
  const errors: BadValue[] = []
  for (const [name, filter] of Object.entries(listing.filters)) {
    const ref = given[name]
    if (typeof ref !== 'string') continue
    try {
      if (filter.refersTo) await resolveRecordId(db, filter.refersTo, ref)
      await filter.assertExists?.(db, ref)
    } catch (error) {
      if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
      errors.push({ pointer: `/query/${name}`, detail: error.message })
    }
  }
  if (errors.length > 0)
    throw new Problem('unknown-reference', errors.map((error) => error.detail).join(' '), {
      errors,
    })
}

/** Identifies the SQL of a list with these filters. */
export const buildStatementKey = (listing: ListDefinition, given: FilterValues): string =>
  [
    listing.noun,
    listing.sqlVariant ?? '',
    ...Object.keys(given)
      .sort()
      .map((name) => `${name}:${listing.filters[name]?.variant?.(given[name]) ?? ''}`),
  ].join('|')

export const toSqlValues = (filters: Filters, given: FilterValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, filters[name]?.value?.(value) ?? value]),
  )

export const buildConditions = (
  listing: ListDefinition,
  slot: PlaceholderFactory,
  given: FilterValues,
): SqlFragment[] => [
  listing.baseCondition,
  ...Object.keys(given).flatMap((name) => listing.filters[name]?.where?.(slot, given, name) ?? []),
]

type CursorPosition = { position: string; id: string }

/** A cursor contains the last row of a page, and the list with its sort and filters. */
export const formatCursor = (
  listing: ListDefinition,
  request: ListRequest,
  row: CursorPosition,
): string => encodeCursor([row.position, row.id, fingerprintList(listing, request)])

/** @throws {Problem} invalid-cursor */
export function parseCursor(
  listing: ListDefinition,
  request: ListRequest,
  cursor: string,
): CursorPosition {
  const [position, id, listFingerprint] = decodeCursor(cursor)
  if (typeof position !== 'string' || typeof id !== 'string' || !isId(id)) throw notACursorProblem()
  if (listFingerprint !== fingerprintList(listing, request))
    throw otherCursorProblem('another list, other filters or another sort', 'of another list')
  return { position, id }
}

const isDataException = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('22')

function fingerprintList(
  { noun }: ListDefinition,
  { filterValues: given, sort }: ListRequest,
): string {
  return JSON.stringify([noun, sort, Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))])
}
