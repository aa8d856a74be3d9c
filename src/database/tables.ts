import { type CompiledQuery, sql } from 'kysely'
import { joined } from './columns.ts'
import type { DoubleKey } from './constraints.ts'
import type { Db } from './database.ts'

/** Rows of a table of `schema.prisma`, both in its names: `onEdtf` of `eventEffect`, not `on_edtf` of `event_effect`. */
export type Insertion = readonly [table: string, rows: readonly object[]]

/**
 * Inserts rows into several tables by one statement, whatever refers to what: foreign keys are checked at its end. Its
 * text depends on the tables and columns alone and not on the number of rows, so PostgreSQL plans it once.
 */
export async function insertAll(db: Db, insertions: readonly Insertion[]): Promise<void> {
  const query = insertion(db, insertions)
  if (query !== null) await db.executeQuery(query)
}

/** The statement that `insertAll` runs; null when there is nothing to insert. */
export function insertion(db: Db, insertions: readonly Insertion[]): CompiledQuery | null {
  const filled = insertions.filter(([, rows]) => rows.length > 0)
  if (filled.length === 0) return null
  const parts = filled.map(([table, rows], index) => {
    const target = sql.table(snakeCase(table))
    const columns = joined(
      columnsOf(rows).map((name) => sql.ref(snakeCase(name))),
      ', ',
    )
    return sql`${sql.ref(`t${index}`)} AS (INSERT INTO ${target} (${columns}) SELECT ${columns} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${asJson(rows)}::json))`
  })
  return sql`WITH ${joined(parts, ', ')} SELECT 1`.compile(db)
}

/** Puts the columns that the row has in the place of what the table's row of this id has. */
export async function updateRow(db: Db, table: string, id: string, row: object): Promise<void> {
  const target = sql.table(snakeCase(table))
  const columns = joined(
    columnsOf([row]).map((name) => sql.ref(snakeCase(name))),
    ', ',
  )
  await sql`UPDATE ${target} SET (${columns}) = (SELECT ${columns} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${asJson([row])}::json)) WHERE id = ${id}`.execute(
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
  const target = sql.table(snakeCase(table))
  const names = columnsOf(rows).filter((name) => name !== 'id')
  const set = names.map((name) => {
    const column = snakeCase(name)
    return sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`
  })
  await sql`UPDATE ${target} SET ${joined(set, ', ')} FROM json_populate_recordset((SELECT shape FROM ${target} AS shape LIMIT 0), ${asJson(rows)}::json) AS given WHERE ${target}.id = given.id`.execute(
    db,
  )
}

/** Deletes the rows of a table that belong to somebody. */
export async function deleteRows(db: Db, table: string, owner: string, id: string): Promise<void> {
  await sql`DELETE FROM ${sql.table(snakeCase(table))} WHERE ${sql.ref(snakeCase(owner))} = ${id}`.execute(
    db,
  )
}

/** In their order; a row that lacks one has NULL there. */
function columnsOf(rows: readonly object[]): string[] {
  const names = new Set<string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (value !== undefined) names.add(name)
  return [...names]
}

const asJson = (rows: readonly object[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [snakeCase(name), asPostgres(value)]),
      ),
    ),
  )

/** What JSON has no word for, as PostgreSQL reads it. */
const asPostgres = (value: unknown): unknown =>
  typeof value === 'bigint'
    ? String(value)
    : value instanceof Uint8Array
      ? `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
      : value

/** Whether a row, in the names of `schema.prisma`, has this key. */
export const hasKey = (row: object, { columns, values }: DoubleKey): boolean => {
  const inColumns = new Map(Object.entries(row).map(([name, value]) => [snakeCase(name), value]))
  return columns.map((name) => String(inColumns.get(name))).join(', ') === values
}

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
