import { sql } from 'kysely'
import { columnRef, type SqlFragment } from '../../database/sql-fragments.ts'
import type { Filters } from './filters.ts'
import { caseFilter } from './filters.ts'
import type { ListDefinition, SortOptions } from './list-queries.ts'
import type { Kind } from './schema.ts'

/** Sorts that every kind of record has. Names sort as folded: accents and case do not matter. */
const commonSorts = {
  name: { expression: sql`fold(record.name) COLLATE "C"`, cast: 'text' },
  // The collation of the column is "C" (a migration says so).
  slug: { expression: columnRef('record.slug'), cast: 'text' },
  revision: { expression: columnRef('record.revision'), cast: 'bigint' },
} as const satisfies SortOptions

type RecordListOptions = {
  kind: Kind
  /** The kind's table joined with `record`, and with whatever its members, filters and sorts need. */
  from: SqlFragment
  /** Members of a list entry after the spine is added by `members`. */
  members: Readonly<Record<string, SqlFragment>>
  filters: Filters
  sorts?: SortOptions
  defaultSort: string
}

/** The listing of a kind of record: its own parts and what all kinds share. */
export const defineRecordList = (options: RecordListOptions): ListDefinition => ({
  noun: options.kind,
  from: options.from,
  key: columnRef('record.id'),
  baseCondition: sql`record.kind = ${sql.lit(options.kind)} AND record.state = 'live'`,
  members: options.members,
  filters: { case: caseFilter, ...options.filters },
  sorts: { ...commonSorts, ...options.sorts },
  defaultSort: options.defaultSort,
})
