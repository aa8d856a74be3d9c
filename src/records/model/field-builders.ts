import { sql } from 'kysely'
import {
  type ColumnName,
  columnRef,
  type JsonMembers,
  joinFragments,
  jsonArray,
  jsonObject,
  type SqlFragment,
} from '../../database/sql-fragments.ts'
import type { DB } from '../../generated/kysely/types.ts'
import type {
  AnyField,
  Column,
  ColumnOf,
  ColumnValue,
  DatePrefix,
  Field,
  Fields,
  InputOf,
  ReferenceColumn,
  ValueOfColumn,
  ValuesOf,
} from './field.ts'
import {
  type ReferenceResolver,
  type ResolvedDate,
  type ResolvedPlace,
  resolveStatedDate,
} from './references.ts'
import type { Kind, StatedDateInput } from './schema.ts'
import { placeJson, referenceJson, referenceMembers, statedDateJson } from './sql-json.ts'

/** Builders of fields (see `Field`). Each takes columns as `table.column`. */

const isAbsent = (json: unknown): boolean => json === null || json === undefined

/** One fact, unless nothing is stated. */
const listSingleFact = (path: string, json: unknown): string[] => (isAbsent(json) ? [] : [path])

/** One fact for each element, whatever it is made of. */
const listElementFacts = (path: string, json: unknown): string[] =>
  Array.isArray(json) ? json.map((_element, index) => `${path}.${index}`) : []

export const splitColumn = (column: string): [table: keyof DB, name: string] => {
  const [table = '', name = ''] = column.split('.')
  return [table as keyof DB, name]
}

const keepValue = <Value>(value: Value): Value => value

/** What most fields have in common. */
export const baseField = {
  origin: 'input',
  shownIn: 'list',
  absent: null,
  childTable: null,
  references: [],
  toSnapshot: keepValue,
  listFacts: listSingleFact,
} as const

/** The name on the spine (`record.name`), which references show. */
export const recordName = (): Field<string, string> => ({
  ...baseField,
  absent: undefined,
  isName: true,
  json: columnRef('record.name'),
  resolve: keepValue,
  columns: [],
})

const scalar = <C extends ColumnOf<string | number>>(
  column: C,
): Field<ValueOfColumn<C>, ValueOfColumn<C>> => ({
  ...baseField,
  absent: null as ValueOfColumn<C>,
  toSnapshot: keepValue,
  json: columnRef(column as ColumnName),
  resolve: keepValue,
  columns: [{ name: splitColumn(column)[1], get: (value) => value as ColumnValue }],
})

export const text = <C extends ColumnOf<string>>(column: C) => scalar(column)

export const number = <C extends ColumnOf<number>>(column: C) => scalar(column)

/** An array of texts; each is a fact. */
export const textList = (
  column: ColumnOf<readonly string[]>,
): Field<readonly string[], readonly string[]> => ({
  ...baseField,
  absent: [],
  toSnapshot: keepValue,
  listFacts: listElementFacts,
  json: sql`to_json(${columnRef(column)})`,
  resolve: keepValue,
  columns: [{ name: splitColumn(column)[1], get: keepValue }],
})

/** Any JSON value in a column of type JSON. */
export const jsonValue = (column: ColumnName): Field<unknown, unknown> => ({
  ...baseField,
  json: columnRef(column),
  resolve: keepValue,
  // Prisma has no plain null for such a column.
  columns: [{ name: splitColumn(column)[1], get: (value) => (value ?? undefined) as ColumnValue }],
})

/** A column that no client sees. */
export const hidden = <Value extends ColumnValue>(
  column: ColumnName,
  absent?: Value,
): Field<Value, Value> => ({
  ...baseField,
  shownIn: 'nowhere',
  absent,
  toSnapshot: keepValue,
  listFacts: () => [],
  json: columnRef(column),
  resolve: keepValue,
  columns: [{ name: splitColumn(column)[1], get: keepValue }],
})

/** Another record; its value is an id. */
export const reference = <C extends ColumnOf<string>>(
  kind: Kind,
  column: C,
): Field<ValueOfColumn<C>, ValueOfColumn<C>> => {
  const [table, name] = splitColumn(column)
  return {
    ...baseField,
    absent: null as ValueOfColumn<C>,
    toSnapshot: keepValue,
    json: referenceJson(column as ColumnName),
    resolve: (input, refs, pointer) =>
      (isAbsent(input) ? null : refs.id(kind, input as string, pointer)) as ValueOfColumn<C>,
    columns: [{ name, get: (value) => value as ColumnValue }],
    references: [{ kind, table, column: name, ownerColumn: 'id' }],
  }
}

/** A place; it is named by slug, which never changes. A new one in its stead was made before (`placeNewPlaces`). */
export const place = (
  column: ColumnOf<string>,
): Field<string | object | null, ResolvedPlace | null> => {
  const [table, name] = splitColumn(column)
  return {
    ...baseField,
    toSnapshot: (value) => value?.slug ?? null,
    json: placeJson(column),
    resolve: (slug, refs, pointer) => (slug === null ? null : refs.place(String(slug), pointer)),
    columns: [{ name, get: (value) => value?.id ?? null }],
    references: [{ kind: 'place', table, column: name, ownerColumn: 'id' }],
  }
}

export const statedDate = (
  prefix: DatePrefix,
): Field<StatedDateInput | null, ResolvedDate | null> => {
  const name = splitColumn(prefix)[1]
  return {
    ...baseField,
    toSnapshot: dateToSnapshot,
    json: statedDateJson(prefix),
    resolve: (input, _refs, pointer) => (input === null ? null : resolveStatedDate(input, pointer)),
    columns: [
      { name: `${name}_edtf`, get: (date) => date?.edtf ?? null },
      { name: `${name}_as_stated`, get: (date) => date?.asStated ?? null },
      { name: `${name}_reasoning`, get: (date) => date?.reasoning ?? null },
      { name: `${name}_earliest`, isDay: true, get: (date) => date?.earliest ?? null },
      { name: `${name}_latest`, isDay: true, get: (date) => date?.latest ?? null },
    ],
  }
}

export const dateToSnapshot = (date: ResolvedDate | null) =>
  date && {
    asStated: date.asStated,
    earliest: date.earliest,
    edtf: date.edtf,
    latest: date.latest,
    reasoning: date.reasoning,
  }

type ListEntry = { list: string; code: string }

/** Entries of control lists in two array columns, in which list and code have the same position. */
export const controlEntryArrays = (
  listColumn: ColumnOf<readonly string[]>,
  codeColumn: ColumnOf<readonly string[]>,
): Field<readonly ListEntry[], readonly ListEntry[]> => ({
  ...baseField,
  absent: [],
  toSnapshot: (entries) => entries.map(({ code, list }) => ({ code, list })),
  listFacts: listElementFacts,
  json: sql`COALESCE((
    SELECT json_agg(json_build_object('list', list, 'code', code))
    FROM unnest(${columnRef(listColumn)}, ${columnRef(codeColumn)}) AS entry (list, code)
  ), '[]'::json)`,
  resolve: keepValue,
  columns: [
    { name: splitColumn(listColumn)[1], get: (entries) => entries.map(({ list }) => list) },
    { name: splitColumn(codeColumn)[1], get: (entries) => entries.map(({ code }) => code) },
  ],
})

type GroupInput<Fs extends Fields> = { readonly [K in keyof Fs]?: InputOf<Fs[K]> }

/** Fields of the record's own table as an object; null when all its columns are NULL. */
export function group<Fs extends Fields>(
  table: keyof DB,
  fields: Fs,
): Field<GroupInput<Fs> | null, ValuesOf<Fs> | null> {
  const combined = combineFields(fields)
  const columns = combined.columns.map(({ name }) => sql.ref(`${table}.${name}`))
  const isEmpty = (values: object): boolean =>
    combined.columns.every((column) => isAbsent(column.get(values)))
  return {
    ...baseField,
    toSnapshot: (values) =>
      values === null || isEmpty(values) ? null : combined.toSnapshot(values),
    listFacts: combined.listFacts,
    parts: { of: 'object', fields },
    json: sql`CASE WHEN num_nonnulls(${joinFragments(columns, ', ')}) > 0
      THEN ${jsonObject(combined.members)} END`,
    resolve: (input, refs, pointer) =>
      input === null ? null : (combined.resolve(input, refs, pointer) as ValuesOf<Fs>),
    columns: combined.columns.map((column) => ({
      ...column,
      get: (values) => (values === null ? null : column.get(values)),
    })),
    references: combined.references,
  }
}

type ListOptions = {
  /** The id of the record that owns the rows; `record.id` unless it is said. */
  ownerId?: ColumnName
  /** What wants a citation: each element, or each field of it. */
  facts?: 'elements' | 'fields'
}

/** Rows of a table of its own, in their order, as an array of objects. */
export function list<Fs extends Fields>(
  ownerColumn: ColumnOf<string>,
  fields: Fs,
  { ownerId = 'record.id', facts = 'elements' }: ListOptions = {},
): Field<readonly GroupInput<Fs>[], readonly ValuesOf<Fs>[]> {
  const [table, owner] = splitColumn(ownerColumn)
  const combined = combineFields(fields)
  return {
    ...baseField,
    absent: [],
    json: jsonArray(combined.members, ...childRows(ownerColumn, ownerId)),
    resolve: (elements, refs, pointer) =>
      elements.map(
        (element, index) => combined.resolve(element, refs, `${pointer}/${index}`) as ValuesOf<Fs>,
      ),
    toSnapshot: (elements) => elements.map(combined.toSnapshot),
    parts: { of: 'elements', fields },
    listFacts:
      facts === 'elements'
        ? listElementFacts
        : (path, json) =>
            (json as object[]).flatMap((element, index) =>
              combined.listFacts(`${path}.${index}`, element),
            ),
    columns: [],
    childTable: {
      table,
      ownerColumn: owner,
      columns: combined.columns as Column<unknown>[],
      ownerFields: [],
      listElements: keepValue,
    },
    references: combined.references.map((one) => ({ ...one, ownerColumn: owner })),
  }
}

/** FROM and ORDER BY of the rows of a list. */
const childRows = (
  ownerColumn: ColumnName,
  ownerId: ColumnName,
  join = sql``,
): [from: SqlFragment, order: SqlFragment] => {
  const [table] = splitColumn(ownerColumn)
  return [
    sql`${sql.table(table)}${join} WHERE ${columnRef(ownerColumn)} = ${columnRef(ownerId)}`,
    sql.ref(`${table}.position`),
  ]
}

type ReferenceListOptions = {
  kind: Kind
  ownerColumn: ColumnOf<string>
  column: ColumnOf<string>
  /** Columns of the list that repeat a field of the record, by column. */
  ownerFields?: Readonly<Record<string, string>>
}

/** Other records in rows of a table of its own; the values are ids. */
export function referenceList({
  kind,
  ownerColumn,
  column,
  ownerFields = {},
}: ReferenceListOptions): Field<readonly string[], readonly string[]> {
  const [table, name] = splitColumn(column)
  const [, owner] = splitColumn(ownerColumn)
  const join = sql` JOIN record AS element ON element.id = ${columnRef(column)}`
  return {
    ...baseField,
    absent: [],
    toSnapshot: keepValue,
    listFacts: listElementFacts,
    parts: { of: 'element', field: reference(kind, column) as AnyField },
    json: jsonArray(referenceMembers('element'), ...childRows(ownerColumn, 'record.id', join)),
    resolve: (elements, refs, pointer) =>
      elements.map((ref, index) => refs.id(kind, ref, `${pointer}/${index}`)),
    columns: [],
    childTable: {
      table,
      ownerColumn: owner,
      columns: [{ name, get: (id) => id as string }],
      ownerFields: Object.entries(ownerFields).map(([column, field]) => ({
        column: splitColumn(column)[1],
        field,
      })),
      listElements: keepValue,
    },
    references: [{ kind, table, column: name, ownerColumn: owner }],
  }
}

type DerivedOptions<Value> = {
  json: SqlFragment
  /** In the snapshot of a new record of which an import gives no value. */
  absent: Value
  toSnapshot?(value: Value): unknown
  /** Columns that triggers keep, and that an import, for which they are off, writes itself. */
  columns?: readonly Column<Value>[]
}

/** What follows from other records. It states no fact of its own. */
export const derived = <Value>(options: DerivedOptions<Value>): Field<never, Value> => ({
  ...baseField,
  origin: 'derived',
  toSnapshot: keepValue,
  listFacts: () => [],
  resolve: () => options.absent,
  columns: [],
  ...options,
})

/** A field that the server computes when it writes. */
export const computed = <Input, Value>(field: Field<Input, Value>): Field<never, Value> => ({
  ...field,
  origin: 'computed',
  resolve: () => field.absent as Value,
})

/** A field that only single records show, not lists. */
export const inSingle = <Input, Value>(field: Field<Input, Value>): Field<Input, Value> => ({
  ...field,
  shownIn: 'single',
})

/** A field that states nothing of the source, such as a property of the stored text. */
export const notAFact = <Input, Value>(field: Field<Input, Value>): Field<Input, Value> => ({
  ...field,
  listFacts: () => [],
})

/** Fields as one object. */
export type CombinedFields = {
  /** Of those that clients see. */
  members: JsonMembers
  columns: readonly Column<object>[]
  resolve(input: object, refs: ReferenceResolver, pointer: string): object
  toSnapshot(values: object): Record<string, unknown>
  listFacts(path: string, json: unknown): string[]
  references: readonly ReferenceColumn[]
}

const getMember = (of: object, name: string): unknown => (of as Record<string, unknown>)[name]

/** Compiles fields once, so that nothing is looked up for each row but values. */
export function combineFields(fields: Fields): CombinedFields {
  const entries = Object.entries(fields)
  const shown = entries.filter(([, { shownIn }]) => shownIn !== 'nowhere')
  const sorted = shown.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    members: Object.fromEntries(shown.map(([name, { json }]) => [name, json])),
    columns: entries.flatMap(([name, field]) => listMemberColumns(name, field)),
    resolve(input, refs, pointer) {
      const values: Record<string, unknown> = {}
      for (const [name, field] of entries) {
        const given = getMember(input, name)
        values[name] =
          given === undefined ? field.absent : field.resolve(given, refs, `${pointer}/${name}`)
      }
      return values
    },
    toSnapshot(values) {
      const snapshot: Record<string, unknown> = {}
      for (const [name, field] of sorted)
        snapshot[name] = field.toSnapshot(getMember(values, field.viewOf ?? name) ?? field.absent)
      return snapshot
    },
    listFacts: (path, json) =>
      isAbsent(json)
        ? []
        : shown.flatMap(([name, field]) =>
            field.listFacts(
              path === '' ? name : `${path}.${name}`,
              getMember(json as object, name),
            ),
          ),
    references: entries.flatMap(([, { references }]) => references),
  }
}

/** The columns of a field, as columns of the object that the field is a member of. */
export const listMemberColumns = (name: string, field: AnyField): Column<object>[] =>
  field.columns.map((column) => ({
    ...column,
    get: (values) => column.get(getMember(values, name) ?? field.absent),
  }))
