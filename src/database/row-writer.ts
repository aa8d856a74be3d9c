import { type CompiledQuery, type Kysely, sql } from 'kysely'
import type { DB } from '../generated/kysely/types.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { DuplicateKey } from './constraint-problems.ts'
import { joinFragments, type SqlFragment } from './sql-fragments.ts'

type CreateManyRow<Operations> = Operations extends { createMany: { args: { data: infer Data } } }
  ? Exclude<Data, readonly unknown[]>
  : never

/**
 * Rows to insert, by model of `schema.prisma` and in its names: `onEdtf` of `event`, not `on_edtf`. Models come in the
 * order in which their rows refer to one another.
 */
export type ModelRows = {
  [M in Prisma.ModelName as Uncapitalize<M>]?: readonly CreateManyRow<
    Prisma.TypeMap['model'][M]['operations']
  >[]
}
export type ModelName = keyof ModelRows

/** The models that have rows. */
export const listModelRows = (rows: ModelRows): [model: ModelName, rows: readonly object[]][] =>
  (Object.entries(rows) as [ModelName, readonly object[]][]).filter(([, all]) => all.length > 0)

/**
 * One statement that inserts all rows; null when there are none. Foreign keys are checked at its end. Its text depends
 * on the models and columns alone and not on the number of rows, so PostgreSQL plans it once.
 */
export function buildInsert(db: Kysely<DB>, rows: ModelRows): CompiledQuery | null {
  const parts = listModelRows(rows).map(([model, modelRows], index) => {
    const columns = joinColumns(collectMembers(modelRows))
    return sql`${sql.ref(`t${index}`)} AS (
      INSERT INTO ${toTable(model)} (${columns})
      SELECT ${columns} FROM ${jsonRows(model, modelRows)}
    )`
  })
  if (parts.length === 0) return null
  return sql`WITH ${joinFragments(parts, ', ')} SELECT 1`.compile(db)
}

/** Sets the columns that `row` has in the row of this id. */
export async function updateRow(
  db: Kysely<DB>,
  model: ModelName,
  id: string,
  row: object,
): Promise<void> {
  const members = collectMembers([row])
  if (members.length === 0) return
  const columns = joinColumns(members)
  await sql`
    UPDATE ${toTable(model)} SET (${columns}) = (SELECT ${columns} FROM ${jsonRows(model, [row])})
    WHERE id = ${id}`.execute(db)
}

/** As `updateRow`, for many rows at once, each with its id. */
export async function updateRows(
  db: Kysely<DB>,
  model: ModelName,
  rows: readonly (object & { id: string })[],
): Promise<void> {
  if (rows.length === 0) return
  const assignments = collectMembers(rows)
    .filter((name) => name !== 'id')
    .map((name) => {
      const column = toSnakeCase(name)
      return sql`${sql.ref(column)} = ${sql.ref(`new_row.${column}`)}`
    })
  if (assignments.length === 0) return
  const table = toTable(model)
  await sql`
    UPDATE ${table} SET ${joinFragments(assignments, ', ')}
    FROM ${jsonRows(model, rows)} AS new_row
    WHERE ${table}.id = new_row.id`.execute(db)
}

/** Deletes the rows whose `ownerMember` is `ownerId`. */
export async function deleteRows(
  db: Kysely<DB>,
  model: ModelName,
  ownerMember: string,
  ownerId: string,
): Promise<void> {
  await sql`
    DELETE FROM ${toTable(model)} WHERE ${sql.ref(toSnakeCase(ownerMember))} = ${ownerId}`.execute(
    db,
  )
}

/** Whether a row, in the names of `schema.prisma`, has this key. */
export const matchesDuplicateKey = (row: object, { columns, values }: DuplicateKey): boolean => {
  const byColumn = new Map(Object.entries(row).map(([name, value]) => [toSnakeCase(name), value]))
  return columns.map((name) => String(byColumn.get(name))).join(', ') === values
}

const toTable = (model: ModelName): SqlFragment => sql.table(toSnakeCase(model))

const joinColumns = (members: readonly string[]): SqlFragment =>
  joinFragments(
    members.map((name) => sql.ref(toSnakeCase(name))),
    ', ',
  )

/** The rows as a table, sent as one JSON text. */
const jsonRows = (model: ModelName, rows: readonly object[]): SqlFragment =>
  sql`json_populate_recordset(
    (SELECT shape FROM ${toTable(model)} AS shape LIMIT 0), ${formatRowsJson(rows)}::json)`

/** In order of first appearance; a row that lacks one has NULL there. */
function collectMembers(rows: readonly object[]): string[] {
  const names = new Set<string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (value !== undefined) names.add(name)
  return [...names]
}

const formatRowsJson = (rows: readonly object[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [toSnakeCase(name), toJsonValue(value)]),
      ),
    ),
  )

/** Values that JSON has no form for, as text that PostgreSQL reads. */
function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  return value
}

const toSnakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
