import { type CompiledQuery, sql } from 'kysely'
import type { DuplicateKey } from './constraint-problems.ts'
import type { Db } from './database.ts'
import { joinFragments } from './sql-fragments.ts'

/** Rows of a table of `schema.prisma`, both in its names: `onEdtf` of `eventEffect`, not `on_edtf` of `event_effect`. */
export type TableRows = readonly [table: string, rows: readonly object[]]

/**
 * Inserts rows into several tables by one statement, whatever refers to what: foreign keys are checked at its end. Its
 * text depends on the tables and columns alone and not on the number of rows, so PostgreSQL plans it once.
 */
export async function insertRows(db: Db, insertions: readonly TableRows[]): Promise<void> {
  const query = buildInsert(db, insertions)
  if (query !== null) await db.executeQuery(query)
}

/** The statement that `insertAll` runs; null when there is nothing to insert. */
export function buildInsert(db: Db, insertions: readonly TableRows[]): CompiledQuery | null {
  const nonEmpty = insertions.filter(([, rows]) => rows.length > 0)
  if (nonEmpty.length === 0) return null
  const parts = nonEmpty.map(([table, rows], index) => {
    const target = sql.table(toSnakeCase(table))
    const columns = joinFragments(
      collectColumns(rows).map((name) => sql.ref(toSnakeCase(name))),
      ', ',
    )
    return sql`${sql.ref(`t${index}`)} AS (INSERT INTO ${target} (${columns}) SELECT ${columns} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${formatRowsJson(rows)}::json))`
  })
  return sql`WITH ${joinFragments(parts, ', ')} SELECT 1`.compile(db)
}

/** Puts the columns that the row has in the place of what the table's row of this id has. */
export async function updateRow(db: Db, table: string, id: string, row: object): Promise<void> {
  const target = sql.table(toSnakeCase(table))
  const columns = joinFragments(
    collectColumns([row]).map((name) => sql.ref(toSnakeCase(name))),
    ', ',
  )
  await sql`UPDATE ${target} SET (${columns}) = (SELECT ${columns} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${formatRowsJson([row])}::json)) WHERE id = ${id}`.execute(
    db,
  )
}

/** As `updateRow`, of many rows at once, each with its id. */
export async function updateRows(
  db: Db,
  table: string,
  rows: readonly (object & { id: string })[],
): Promise<void> {
  if (rows.length === 0) return
  const target = sql.table(toSnakeCase(table))
  const names = collectColumns(rows).filter((name) => name !== 'id')
  const set = names.map((name) => {
    const column = toSnakeCase(name)
    return sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`
  })
  await sql`UPDATE ${target} SET ${joinFragments(set, ', ')} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${formatRowsJson(rows)}::json) AS given WHERE ${target}.id = given.id`.execute(
    db,
  )
}

/** Deletes the rows of a table that belong to somebody. */
export async function deleteRows(
  db: Db,
  table: string,
  ownerColumn: string,
  ownerId: string,
): Promise<void> {
  await sql`DELETE FROM ${sql.table(toSnakeCase(table))} WHERE ${sql.ref(toSnakeCase(ownerColumn))} = ${ownerId}`.execute(
    db,
  )
}

/** In their order; a row that lacks one has NULL there. */
function collectColumns(rows: readonly object[]): string[] {
  const names = new Set<string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (value !== undefined) names.add(name)
  return [...names]
}

const formatRowsJson = (rows: readonly object[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [toSnakeCase(name), formatPostgresValue(value)]),
      ),
    ),
  )

/** What JSON has no word for, as PostgreSQL reads it. */
const formatPostgresValue = (value: unknown): unknown =>
  typeof value === 'bigint'
    ? String(value)
    : value instanceof Uint8Array
      ? `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
      : value

/** Whether a row, in the names of `schema.prisma`, has this key. */
export const matchesDuplicateKey = (row: object, { columns, values }: DuplicateKey): boolean => {
  const inColumns = new Map(Object.entries(row).map(([name, value]) => [toSnakeCase(name), value]))
  return columns.map((name) => String(inColumns.get(name))).join(', ') === values
}

const toSnakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
