import type { SelectType } from 'kysely'
import type { ColumnName, SqlFragment } from '../../database/sql-fragments.ts'
import type { DB } from '../../generated/kysely/types.ts'
import type { ReferenceResolver } from './references.ts'
import type { Kind } from './schema.ts'

/** What Prisma and COPY take for a column; a day is an ISO date. Undefined leaves the column to its default. */
export type ColumnValue =
  | string
  | number
  | bigint
  | Uint8Array
  | readonly (string | number)[]
  | object
  | null
  | undefined

export type Column<Value> = {
  /** In SQL, without its table. */
  name: string
  /** Whether it is a `DATE`, which Prisma takes as a `Date`. */
  isDay?: true
  get(value: Value): ColumnValue
}

/** The rows of a list: a table whose primary key is the owner and the position. */
export type ChildTable<Value> = {
  table: keyof DB
  ownerColumn: string
  columns: readonly Column<unknown>[]
  /** Columns that repeat a field of the owner. */
  ownerFields: readonly { column: string; field: string }[]
  listElements(value: Value): readonly unknown[]
}

/** A column that points at a record; `ownerColumn` holds the record that points. */
export type ReferenceColumn = {
  kind: Kind
  table: keyof DB
  column: string
  ownerColumn: string
}

/**
 * One field of a record, declared once: how it is read, written, kept in the ledger, and cited. `Input` is what a client
 * gives; `Value` is the same with references resolved, and what COPY imports give.
 */
export type Field<Input, Value> = {
  /** `input`: a client gives it. `computed`: the server makes it when it writes. `derived`: it follows from other records. */
  origin: 'input' | 'computed' | 'derived'
  /** Where clients see it: in lists and single records, in single records only, or nowhere. */
  shownIn: 'list' | 'single' | 'nowhere'
  /** Reads it as JSON. */
  json: SqlFragment
  /** The value of a field that is not given; undefined where it must be given. */
  absent: Value | undefined
  /** @throws {Problem} for a reference that there is not, or a date that is none */
  resolve(input: Input, refs: ReferenceResolver, pointer: string): Value
  /** In the row of the record. */
  columns: readonly Column<Value>[]
  /** Rows in a table of its own. */
  childTable: ChildTable<Value> | null
  /** As the ledger has it: references are ids, places slugs, and members in the order of canonical JSON. `record` has all values. */
  toSnapshot(value: Value, record?: Readonly<Record<string, unknown>>): unknown
  /** Paths of the facts that the field states, each of which wants a citation; `json` is how it is read. */
  listFacts(path: string, json: unknown): string[]
  references: readonly ReferenceColumn[]
  /** Whether references show it as the name of the record; it stands on the spine (`record.name`). */
  isName?: true
  /** The field beside it whose value it shows in another form. */
  viewOf?: string
  /** The fields of an object, or of each element of a list; or the field that each element is. */
  parts?: FieldParts
}

export type AnyField = Field<unknown, unknown>
type FieldParts = { of: 'object' | 'elements'; fields: Fields } | { of: 'element'; field: AnyField }
export type Fields = Readonly<Record<string, AnyField>>

export type InputOf<F> = F extends Field<infer Input, infer _Value> ? Input : never
export type ValueOf<F> = F extends Field<infer _Input, infer Value> ? Value : never

/** The values of fields by name. One that can be null or empty may be left out. */
export type ValuesOf<Fs extends Fields> = {
  readonly [K in keyof Fs as IsOptional<ValueOf<Fs[K]>> extends true ? never : K]: ValueOf<Fs[K]>
} & {
  readonly [K in keyof Fs as IsOptional<ValueOf<Fs[K]>> extends true ? K : never]?: ValueOf<Fs[K]>
}
type IsOptional<Value> = null extends Value ? true : Value extends readonly unknown[] ? true : false

/** What the column holds, as it is read. */
export type ValueOfColumn<C extends ColumnName> = C extends `${infer T}.${infer K}`
  ? T extends keyof DB
    ? K extends keyof DB[T]
      ? SelectType<DB[T][K]>
      : never
    : never
  : never

/** Columns, NULL or not, that hold values of this type. */
export type ColumnOf<Value> = {
  [T in keyof DB]: {
    [K in keyof DB[T] & string]: Exclude<SelectType<DB[T][K]>, null> extends Value
      ? `${T}.${K}`
      : never
  }[keyof DB[T] & string]
}[keyof DB]

/** `permit.valid_until` stands for `permit.valid_until_edtf` and the four columns beside it. */
export type DatePrefix = ColumnName extends infer C
  ? C extends `${infer Prefix}_edtf`
    ? Prefix
    : never
  : never

/** `permit_item.quantity` stands for a column of exact numbers and those of the range beside it (`quantity_excludes`). */
export type AmountPrefix = ColumnName extends infer C
  ? C extends `${infer Prefix}_excludes`
    ? Prefix
    : never
  : never
