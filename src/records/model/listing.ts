import { sql } from 'kysely'
import { column, type Fragment } from '../../database/columns.ts'
import type { Filters } from './filters.ts'
import { inCase } from './filters.ts'
import type { Listing, Sorts } from './list-queries.ts'
import type { Kind } from './schema.ts'

/** Sorts that every kind of record has. Names sort as folded: accents and case do not matter. */
const commonSorts = {
  name: { by: sql`fold(record.name) COLLATE "C"`, cast: 'text' },
  // The collation of the column is "C" (a migration says so).
  slug: { by: column('record.slug'), cast: 'text' },
  revision: { by: column('record.revision'), cast: 'bigint' },
} as const satisfies Sorts

type RecordListing = {
  kind: Kind
  /** The kind's table joined with `record`, and with whatever its members, filters and sorts need. */
  from: Fragment
  /** Members of a list entry after the spine is added by `members`. */
  members: Readonly<Record<string, Fragment>>
  filters: Filters
  sorts?: Sorts
  defaultSort: string
}

/** The listing of a kind of record: its own parts and what all kinds share. */
export const recordListing = (own: RecordListing): Listing => ({
  noun: own.kind,
  from: own.from,
  key: column('record.id'),
  always: sql`record.kind = ${sql.lit(own.kind)} AND record.state = 'live'`,
  members: own.members,
  filters: { case: inCase, ...own.filters },
  sorts: { ...commonSorts, ...own.sorts },
  defaultSort: own.defaultSort,
})
