import { sql } from 'kysely'
import { columnRef } from '../../database/sql-fragments.ts'
import type { Filters } from './filters.ts'
import { caseFilter } from './filters.ts'
import type { ListDefinition, SortOptions } from './list-queries.ts'
import type { AnyRecordFields } from './record-fields.ts'

/** Sorts that every kind of record has. Names sort as folded: accents and case do not matter. */
const commonSorts = {
  name: { expression: sql`fold(record.name) COLLATE "C"`, cast: 'text' },
  // The collation of the column is "C" (a migration says so).
  slug: { expression: columnRef('record.slug'), cast: 'text' },
  revision: { expression: columnRef('record.revision'), cast: 'bigint' },
} as const satisfies SortOptions

type RecordListOptions = {
  fields: AnyRecordFields
  filters: Filters
  sorts?: SortOptions
  defaultSort: string
}

/** The listing of a kind of record: its own parts and what all kinds share. */
export const defineRecordList = ({
  fields,
  filters,
  sorts,
  defaultSort,
}: RecordListOptions): ListDefinition => ({
  noun: fields.kind,
  from: fields.from,
  key: columnRef('record.id'),
  baseCondition: sql`record.kind = ${sql.lit(fields.kind)} AND record.state = 'live'`,
  members: fields.listMembers,
  filters: { case: caseFilter, ...filters },
  sorts: { ...commonSorts, ...sorts },
  defaultSort,
})
