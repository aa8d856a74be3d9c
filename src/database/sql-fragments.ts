import { type RawBuilder, sql } from 'kysely'
import type { DB } from '../generated/kysely/types.ts'

/** `table.column` of any table. */
export type ColumnName = { [T in keyof DB]: `${T}.${keyof DB[T] & string}` }[keyof DB]

export const columnRef = <T = unknown>(name: ColumnName): RawBuilder<T> => sql<T>`${sql.ref(name)}`

/** Part of a statement. */
export type SqlFragment<T = unknown> = RawBuilder<T>

export const joinFragments = (parts: readonly SqlFragment[], separator: string): SqlFragment =>
  sql.join(parts, sql.raw(separator))

/** Members of a JSON object by name, in order. */
export type JsonMembers = Readonly<Record<string, SqlFragment>>

const selectMembers = (members: JsonMembers): SqlFragment =>
  joinFragments(
    Object.entries(members).map(([name, value]) => sql`${value} AS ${sql.ref(name)}`),
    ', ',
  )

/** A JSON object, as text that PostgreSQL formats. */
export const jsonObject = (members: JsonMembers): SqlFragment =>
  sql`(SELECT to_json(o) FROM (SELECT ${selectMembers(members)}) AS o)`

/** The JSON object of the one row of `from`; null when there is none. */
export const jsonRow = (members: JsonMembers, from: SqlFragment): SqlFragment =>
  sql`(SELECT to_json(o) FROM (SELECT ${selectMembers(members)} FROM ${from}) AS o)`

/** A JSON array with an object for each row of `from`. */
export const jsonArray = (
  members: JsonMembers,
  from: SqlFragment,
  orderBy: SqlFragment,
): SqlFragment =>
  sql`COALESCE(
    (
      SELECT json_agg(to_json(o))
      FROM (SELECT ${selectMembers(members)} FROM ${from} ORDER BY ${orderBy}) AS o
    ),
    '[]'::json
  )`
