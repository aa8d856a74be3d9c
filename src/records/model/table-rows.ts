import { type CopyFieldValue, formatCopyLine } from '../../database/copy.ts'
import { parseIsoDate } from '../../database/iso-dates.ts'
import { deleteRows, type ModelName, type ModelRows, updateRow } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import type { DB } from '../../generated/kysely/types.ts'
import type { ChildTable, Column, ColumnValue, Fields } from './field.ts'
import { listMemberColumns } from './field-builders.ts'

/** The tables of a kind of record, or of citations: its own, and one for each list. */
export type CompiledTables = {
  /** Rows of the fields that `values` has, by model; also of lists that are empty. The row of its own table comes first. */
  buildRows(id: string, values: object): ModelRows
  /** Puts rows that `buildRows` made in the place of those that the record has. */
  replaceRows(tx: Tx, id: string, rows: ModelRows): Promise<void>
  /** Columns for COPY, its own table first. */
  copyColumns: ReadonlyMap<keyof DB, readonly string[]>
  /** Gives a line of COPY for each row, with all columns, also those that triggers keep otherwise. */
  writeCopyLines(id: string, values: object, push: PushLine): void
  /** The lines of one list. `ownerValues` has the fields of the record that are also columns of the list. */
  writeListLines(
    id: string,
    field: string,
    elements: readonly unknown[],
    push: PushLine,
    ownerValues?: object,
  ): void
}
export type PushLine = (table: keyof DB, line: string) => void

const getMember = (of: object, name: string): unknown => (of as Record<string, unknown>)[name]

const toCamelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
const toModel = (table: keyof DB): ModelName => toCamelCase(table) as ModelName

function toPrismaValue<Value>(column: Column<Value>, value: Value): ColumnValue | Date {
  const given = column.get(value)
  return column.isDay && typeof given === 'string' ? parseIsoDate(given) : given
}

/** Compiles fields to functions once, so that a row costs its values alone. */
export function compileTables(table: keyof DB, fields: Fields): CompiledTables {
  const ownColumns = Object.entries(fields).flatMap(([name, field]) =>
    listMemberColumns(name, field).map((column) => ({
      column,
      field: name,
      member: toCamelCase(column.name),
      isDerived: field.origin === 'derived',
    })),
  )
  const lists = Object.entries(fields).flatMap(([name, { childTable }]) =>
    childTable === null ? [] : [compileList(name, childTable)],
  )
  const model = toModel(table)
  return {
    buildRows(id, values) {
      const row: Record<string, ColumnValue | Date> = { id }
      for (const { field, member, column, isDerived } of ownColumns)
        if (!isDerived && field in values) row[member] = toPrismaValue(column, values)
      const rows: Record<string, unknown[]> = { [model]: [row] }
      for (const { field, model: listModel, buildRow } of lists) {
        const elements = getMember(values, field) as readonly unknown[] | undefined
        if (elements !== undefined)
          rows[listModel] = elements.map((element, position) =>
            buildRow(id, position, element, values),
          )
      }
      return rows as ModelRows
    },
    async replaceRows(tx, id, rows) {
      const [row] = rows[model] ?? []
      const { id: _id, ...columns } = (row ?? {}) as Record<string, unknown>
      await updateRow(tx.db, model, id, columns)
      for (const { model: listModel, ownerMember } of lists) {
        const newRows = rows[listModel]
        if (newRows === undefined) continue
        await deleteRows(tx.db, listModel, ownerMember, id)
        await tx.insert({ [listModel]: newRows })
      }
    },
    copyColumns: new Map([
      [table, ['id', ...ownColumns.map(({ column }) => column.name)]],
      ...lists.map((list) => [list.table, list.copyColumns] as const),
    ]),
    writeCopyLines(id, values, push) {
      const line: CopyFieldValue[] = [id]
      for (const { column } of ownColumns) line.push(column.get(values) as CopyFieldValue)
      push(table, formatCopyLine(line))
      for (const { field, table: listTable, formatLine } of lists) {
        const elements = getMember(values, field) as readonly unknown[] | undefined
        if (elements === undefined) continue
        for (const [position, element] of elements.entries())
          push(listTable, formatLine(id, position, element, values))
      }
    },
    writeListLines(id, field, elements, push, ownerValues = {}) {
      const target = lists.find((list) => list.field === field)
      if (target === undefined) throw new TypeError(`${table} has no list ${field}.`)
      for (const [position, element] of elements.entries())
        push(target.table, target.formatLine(id, position, element, ownerValues))
    },
  }
}

function compileList(
  field: string,
  { table, ownerColumn, columns, ownerFields }: ChildTable<unknown>,
) {
  const ownerMember = toCamelCase(ownerColumn)
  const members = columns.map((column) => [toCamelCase(column.name), column] as const)
  const owned = ownerFields.map(({ column, field: of }) => [toCamelCase(column), of] as const)
  return {
    field,
    table,
    model: toModel(table),
    ownerMember,
    copyColumns: [
      ownerColumn,
      'position',
      ...columns.map(({ name }: Column<unknown>) => name),
      ...ownerFields.map(({ column }) => column),
    ],
    buildRow(id: string, position: number, element: unknown, values: object) {
      const row: Record<string, unknown> = { [ownerMember]: id, position }
      for (const [member, column] of members) row[member] = toPrismaValue(column, element)
      for (const [member, of] of owned) row[member] = getMember(values, of)
      return row
    },
    formatLine(id: string, position: number, element: unknown, values: object): string {
      const line: CopyFieldValue[] = [id, position]
      for (const [, column] of members) line.push(column.get(element) as CopyFieldValue)
      for (const [, of] of owned) line.push(getMember(values, of) as CopyFieldValue)
      return formatCopyLine(line)
    },
  }
}

/** The rows of many records together. Rows of the records' own tables come before those of lists, which refer to them. */
export function mergeRows(all: readonly ModelRows[]): ModelRows {
  const merged = new Map<string, object[]>()
  for (const rows of all) {
    const [own = ''] = Object.keys(rows)
    merged.set(own, merged.get(own) ?? [])
  }
  for (const rows of all)
    for (const [model, modelRows] of Object.entries(rows)) {
      const collected = merged.get(model) ?? []
      merged.set(model, collected)
      for (const row of modelRows) collected.push(row)
    }
  return Object.fromEntries(merged)
}
