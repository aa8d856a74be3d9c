import { type RawBuilder, sql } from 'kysely'
import type { DB } from '../generated/kysely/types.ts'

/** `table.column` of any table there is; a misspelt one does not compile. */
export type Column = { [T in keyof DB]: `${T}.${keyof DB[T] & string}` }[keyof DB]

export const column = <T = unknown>(name: Column): RawBuilder<T> => sql<T>`${sql.ref(name)}`

/** Part of a statement. */
export type Fragment<T = unknown> = RawBuilder<T>

export const joined = (parts: readonly Fragment[], separator: string): Fragment =>
  sql.join(parts, sql.raw(separator))

/** Members of a JSON object by name, in order. */
export type Members = Readonly<Record<string, Fragment>>

const selected = (members: Members): Fragment =>
  joined(
    Object.entries(members).map(([name, value]) => sql`${value} AS ${sql.ref(name)}`),
    ', ',
  )

/** A JSON object; PostgreSQL writes it as text that needs no further work. */
export const jsonObject = (members: Members): Fragment =>
  sql`(SELECT to_json(o) FROM (SELECT ${selected(members)}) AS o)`

/** The JSON object of the one row that follows FROM; null when there is none. */
export const jsonRow = (members: Members, from: Fragment): Fragment =>
  sql`(SELECT to_json(o) FROM (SELECT ${selected(members)} FROM ${from}) AS o)`

/** A JSON array with an object for each row that follows FROM; empty when there are none. */
export const jsonArray = (members: Members, from: Fragment, orderBy: Fragment): Fragment =>
  sql`COALESCE((SELECT json_agg(to_json(o)) FROM (SELECT ${selected(members)} FROM ${from} ORDER BY ${orderBy}) AS o), '[]'::json)`
