import { sql } from 'kysely'
import { columnRef, type SqlFragment } from '../../../database/sql-fragments.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { certainPeriod } from '../../../records/model/filters.ts'
import type { ListDefinition } from '../../../records/model/list-queries.ts'

export type Unit = 'year' | 'quarter' | 'month'
type Links = Readonly<Record<string, string>>

/** By what records can be counted. */
export type Dimension = {
  name: string
  /** What a key is: the id of a record, a word of a closed list, a control list entry, a period. */
  type: 'record' | 'word' | 'entry' | 'period'
  /** The key as text, null if it is not known. A record can have several. */
  key(level: number): SqlFragment
  /** What the key needs in the FROM clause. */
  join?(level: number): SqlFragment
  /** Whether the key belongs to an item of the record. */
  usesItems?: true
  /** Filters of the list that find the records of a key; of records, `value` is the slug. */
  linkTo(value: string): Links
  /** Filters that find the records without a key. */
  linkToUnknown?: Links
}

export type TotalsDefinition = {
  kind: 'permit' | 'event' | 'figure'
  list: ListDefinition
  table: SqlFragment
  id: SqlFragment
  /** Goods with quantities and values. */
  items: {
    table: SqlFragment
    isOf(id: SqlFragment): SqlFragment
    /** Whether `part` belongs to `keyed`. */
    isPartOf: SqlFragment
  } | null
  /** The table that has the value of the whole record; null if only its items have values. */
  valueOwner: string | null
  /** For how many a record stands; null for one. */
  count: { exact: SqlFragment; low: SqlFragment; high: SqlFragment } | null
  dateColumns: readonly SqlFragment[]
  dimensions: readonly Dimension[]
}

export const periodUnitOf = ({ name, type }: Dimension): Unit | null =>
  type === 'period' ? (name as Unit) : null

const periods = (date: string): Dimension[] =>
  (['year', 'quarter', 'month'] as const).map((unit) => ({
    name: unit,
    type: 'period',
    key: () => certainPeriod(date, unit),
    linkTo: (value) => ({ within: value }),
    linkToUnknown: { within: `unknown-${unit}` },
  }))

const dateColumnsOf = (date: string): SqlFragment[] => [
  sql`${sql.ref(`${date}_earliest`)} AS earliest`,
  sql`${sql.ref(`${date}_latest`)} AS latest`,
]

/** A column that refers to a record. */
const byColumn = (name: string, column: SqlFragment, filter = name): Dimension => ({
  name,
  type: 'record',
  key: () => sql`${column}::text`,
  linkTo: (value) => ({ [filter]: value }),
  linkToUnknown: { missing: filter },
})

const byWord = (name: string, column: SqlFragment, hasUnknown: boolean): Dimension => ({
  name,
  type: 'word',
  key: () => column,
  linkTo: (value) => ({ [name]: value }),
  ...(hasUnknown && { linkToUnknown: { missing: name } }),
})

/** The topmost family of a good, which is the good itself if it has none. */
const familyOf = (goodId: SqlFragment): SqlFragment => sql`
  LEFT JOIN LATERAL (
    WITH RECURSIVE above (id, family_id) AS (
      SELECT good.id, good.family_id FROM good WHERE good.id = ${goodId}
      UNION
      SELECT parent.id, parent.family_id FROM above JOIN good AS parent ON parent.id = above.family_id
    )
    SELECT above.id FROM above WHERE above.family_id IS NULL
  ) AS family ON true`

/** The control list entries at a level: `ML`, `ML10`, `ML10a`. An entry above the level stands for itself. */
const entriesOf = (codes: SqlFragment, level: number): SqlFragment => sql`
  LEFT JOIN LATERAL (
    SELECT DISTINCT (
      SELECT COALESCE(max(step.code) FILTER (WHERE step.depth = ${sql.lit(level)}), stated.code)
      FROM (
        SELECT ancestor AS code, row_number() OVER (ORDER BY char_length(ancestor)) AS depth
        FROM unnest(control_ancestors(ARRAY[stated.code])) AS ancestor
        WHERE ancestor !~ '[^A-Za-z0-9]$'
      ) AS step
    ) AS code
    FROM unnest(${codes}) AS stated (code)
  ) AS entry ON true`

const goodDimensions = (goodId: SqlFragment, usesItems: boolean): Dimension[] => [
  {
    name: 'good',
    type: 'record',
    key: () => sql`${goodId}::text`,
    linkTo: (value) => ({ good: value }),
    linkToUnknown: { missing: 'good' },
    ...(usesItems && { usesItems }),
  },
  {
    name: 'family',
    type: 'record',
    key: () => sql`family.id::text`,
    join: () => familyOf(goodId),
    linkTo: (value) => ({ good: value }),
    linkToUnknown: { missing: 'good' },
    ...(usesItems && { usesItems }),
  },
]

const byControlEntry = (codes: SqlFragment, usesItems: boolean): Dimension => ({
  name: 'controlEntry',
  type: 'entry',
  key: () => sql`entry.code`,
  join: (level) => entriesOf(codes, level),
  linkTo: (value) => ({ controlCode: value }),
  ...(usesItems && { usesItems }),
})

const permitTotals: TotalsDefinition = {
  kind: 'permit',
  list: kinds.permit.list,
  table: sql`permit`,
  id: columnRef('permit.id'),
  items: {
    table: sql`permit_item`,
    isOf: (id) => sql`item.permit_id = ${id}`,
    isPartOf: sql`part.permit_id = keyed.id`,
  },
  valueOwner: 'permit',
  count: {
    exact: sql`CASE WHEN num_nonnulls(permit.permit_count, permit.permit_count_low, permit.permit_count_high) = 0 THEN 1 ELSE permit.permit_count END`,
    low: columnRef('permit.permit_count_low'),
    high: columnRef('permit.permit_count_high'),
  },
  dateColumns: dateColumnsOf('permit.issued'),
  dimensions: [
    {
      name: 'destination',
      type: 'record',
      key: () => sql`goes_to.actor_id::text`,
      join: () => sql`
        LEFT JOIN LATERAL (
          SELECT permit.destination_id AS actor_id WHERE permit.destination_id IS NOT NULL
          UNION
          SELECT permit_destination.actor_id
          FROM permit_destination
          WHERE permit_destination.permit_id = permit.id AND permit.destination_id IS NULL
        ) AS goes_to ON true`,
      linkTo: (value) => ({ destination: value }),
      linkToUnknown: { missing: 'destination' },
    },
    byColumn('issuer', columnRef('permit.issuer_id')),
    byColumn('exporter', columnRef('permit.exporter_id')),
    byColumn('consignee', columnRef('permit.consignee_id')),
    byColumn('endUser', columnRef('permit.end_user_id')),
    ...goodDimensions(sql`item.good_id`, true),
    byControlEntry(sql`item.control_codes`, true),
    byWord('type', columnRef('permit.type'), true),
    byWord('status', columnRef('permit.status'), true),
    ...periods('permit.issued'),
  ],
}

/** Roles of events by which they can be counted, by the name of the dimension. */
const eventRoles: Readonly<Record<string, string>> = {
  exporter: 'exporter',
  supplier: 'supplier',
  seller: 'seller',
  buyer: 'buyer',
  consignee: 'consignee',
  endUser: 'end-user',
  user: 'user',
  issuer: 'issuer',
}

const byRole = (name: string, role: string): Dimension => {
  const alias = `in_role_${name.toLowerCase()}`
  return {
    name,
    type: 'record',
    key: () => sql`${sql.ref(`${alias}.actor_id`)}::text`,
    join: () => sql`
      LEFT JOIN event_participant AS ${sql.ref(alias)}
        ON ${sql.ref(`${alias}.event_id`)} = event.id AND ${sql.ref(`${alias}.role`)} = ${sql.lit(role)}`,
    linkTo: (value) => ({ actor: value, role }),
  }
}

const eventTotals: TotalsDefinition = {
  kind: 'event',
  list: kinds.event.list,
  table: sql`event`,
  id: columnRef('event.id'),
  items: {
    table: sql`event_item`,
    isOf: (id) => sql`item.event_id = ${id}`,
    isPartOf: sql`part.event_id = keyed.id`,
  },
  valueOwner: null,
  count: null,
  dateColumns: dateColumnsOf('event.on'),
  dimensions: [
    byWord('type', columnRef('event.type'), false),
    ...Object.entries(eventRoles).map(([name, role]) => byRole(name, role)),
    ...goodDimensions(sql`item.good_id`, true).map(
      ({ linkToUnknown: _, ...dimension }) => dimension,
    ),
    ...periods('event.on'),
  ],
}

const figureTotals: TotalsDefinition = {
  kind: 'figure',
  list: kinds.figure.list,
  table: sql`figure`,
  id: columnRef('figure.id'),
  items: null,
  valueOwner: 'figure',
  count: null,
  dateColumns: dateColumnsOf('figure.period'),
  dimensions: [
    byWord('measure', columnRef('figure.measure'), false),
    byColumn('issuer', columnRef('figure.from_id'), 'fromActor'),
    byColumn('destination', columnRef('figure.to_id'), 'toActor'),
    ...goodDimensions(columnRef('figure.good_id'), false),
    byControlEntry(columnRef('figure.control_codes'), false),
    { ...byWord('category', columnRef('figure.category'), false), linkTo: () => ({}) },
    ...periods('figure.period'),
  ],
}

export const totalsDefinitions = [permitTotals, eventTotals, figureTotals] as const
