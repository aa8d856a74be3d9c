import { sql } from 'kysely'
import type { CopyBatch } from '../../database/copy.ts'
import type { JsonMembers, SqlFragment } from '../../database/sql-fragments.ts'
import { citationsJson } from './citation-fields.ts'
import type { Field, Fields, ReferenceColumn, ValuesOf } from './field.ts'
import type { ReferenceResolver } from './references.ts'
import type { Kind } from './schema.ts'
import { baseMembers } from './sql-json.ts'
import { type CompiledTables, compileTables } from './table-rows.ts'

/** Who a record is, besides its fields. */
type RecordIdentity = { id: string; slug: string; revision: number }

/** The declaration of a kind, compiled: everything that follows from its fields. */
export type RecordFields<Fs extends Fields> = CompiledTables & {
  kind: Kind
  fields: Fs
  /** Which field references show as the name of the record. */
  nameField: string
  getName(input: object): string
  /** The record with its own table and what its members need beside it. */
  from: SqlFragment
  /** Members of an entry of a list. */
  listMembers: JsonMembers
  /** Members of a single record, with its citations. */
  singleMembers: JsonMembers
  references: readonly ReferenceColumn[]
  /**
   * The values of the fields that `input` has. Pure: it may be run twice (`resolveReferences`).
   *
   * @throws {Problem} unknown-reference, invalid-request
   */
  resolve(input: object, refs: ReferenceResolver, pointer: string): Partial<ValuesOf<Fs>>
  /** The snapshot of a new record; members are in the order of canonical JSON. */
  toSnapshot(
    identity: RecordIdentity,
    values: object,
    citations: readonly unknown[],
  ): Record<string, unknown>
  /** Paths of the fields that state a fact (`items.0.quantity`) in an entry of a list. */
  listFacts(record: object): string[]
}
export type AnyRecordFields = RecordFields<Fields>

type Declaration<Fs> = {
  kind: Kind
  /** Its own table. */
  table: CopyBatch['table']
  /** What the members need besides the spine and its own table. */
  joins?: SqlFragment
  /** In the order in which they are shown. */
  fields: Fs
  /** Brings values that belong together into one form, when their references are resolved. @throws {Problem} invalid-request */
  settle?(values: object, pointer: string): object
}

/** Conflicts are filled in where there are any (`findConflicts`). */
const evidenceMembers = { conflicts: sql`'[]'::json`, citations: citationsJson }

/** Declares the fields of a kind; `Input` is what a client gives, so none of it is forgotten. */
export const declareRecord =
  <Input extends { slug: string }>() =>
  <
    Fs extends Fields & {
      [K in Exclude<keyof Input, 'slug'>]: Field<Input[K], unknown>
    },
  >({
    kind,
    table,
    joins = sql``,
    fields,
    settle = (values) => values,
  }: Declaration<Fs>): RecordFields<Fs> => {
    const entries = Object.entries(fields as Fields)
    const nameField = findNameField(fields)
    const membersOf = (...places: string[]): JsonMembers =>
      Object.fromEntries(
        entries
          .filter(([, { shownIn }]) => places.includes(shownIn))
          .map(([name, { json }]) => [name, json]),
      )
    const listMembers = { ...baseMembers, ...membersOf('list') }
    const inputs = entries.filter(([, { origin }]) => origin === 'input')
    const listed = entries.filter(([, { shownIn }]) => shownIn === 'list')
    return {
      ...compileTables(table, fields),
      kind,
      fields,
      nameField,
      getName: (input) => String((input as Record<string, unknown>)[nameField]),
      from: sql`record JOIN ${sql.table(table)} ON ${sql.ref(`${table}.id`)} = record.id${joins}`,
      listMembers,
      singleMembers: { ...listMembers, ...membersOf('single'), ...evidenceMembers },
      references: entries.flatMap(([, { references }]) => references),
      resolve(input, refs, pointer) {
        const given = input as Record<string, unknown>
        const values: Record<string, unknown> = {}
        for (const [name, field] of inputs)
          if (given[name] !== undefined)
            values[name] = field.resolve(given[name], refs, `${pointer}/${name}`)
        return settle(values, pointer) as Partial<ValuesOf<Fs>>
      },
      toSnapshot: compileSnapshot(kind, fields),
      listFacts: (record) =>
        listed.flatMap(([name, field]) =>
          field.listFacts(name, (record as Record<string, unknown>)[name]),
        ),
    }
  }

function findNameField(fields: Fields): string {
  const found = Object.entries(fields).find(([, { isName }]) => isName)
  if (found === undefined) throw new TypeError('No field is the name of the record.')
  return found[0]
}

function compileSnapshot(kind: Kind, fields: Fields): RecordFields<Fields>['toSnapshot'] {
  type Part = (identity: RecordIdentity, values: object, citations: readonly unknown[]) => unknown
  const parts: [string, Part][] = [
    ['id', ({ id }) => id],
    ['kind', () => kind],
    ['slug', ({ slug }) => slug],
    ['revision', ({ revision }) => revision],
    ['citations', (_identity, _values, citations) => citations],
  ]
  for (const [name, field] of Object.entries(fields))
    if (field.shownIn !== 'nowhere')
      parts.push([
        name,
        (_identity, values) =>
          field.toSnapshot(
            (values as Record<string, unknown>)[field.viewOf ?? name] ?? field.absent,
            values as Readonly<Record<string, unknown>>,
          ),
      ])
  parts.sort(([a], [b]) => (a < b ? -1 : 1))
  return (identity, values, citations) => {
    const snapshot: Record<string, unknown> = {}
    for (const [name, build] of parts) snapshot[name] = build(identity, values, citations)
    return snapshot
  }
}
