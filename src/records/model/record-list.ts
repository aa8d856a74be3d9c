import { sql } from 'kysely'
import { columnRef } from '../../database/sql-fragments.ts'
import type { Filters } from './filters.ts'
import { caseFilter } from './filters.ts'
import type { ListDefinition, SortOptions } from './list-queries.ts'
import type { AnyRecordFields } from './record-fields.ts'

/** Sorts of every kind. Names are sorted without accents and case. */
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

/** The list of a kind: its own filters and sorts, and those of all kinds. */
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
