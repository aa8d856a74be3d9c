import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { prepareStatement } from '../../database/prepared-statements.ts'
import { joinFragments, type SqlFragment } from '../../database/sql-fragments.ts'
import type { FilterValues } from '../../records/model/filters.ts'
import {
  buildConditions,
  buildStatementKey,
  type ListDefinition,
  refuseUnknownReferences,
  toSqlValues,
} from '../../records/model/list-queries.ts'
import { type Dimension, periodUnitOf, type TotalsDefinition } from './dimensions/queries.ts'
import type { DimensionKey, KeyedTotal, Sum } from './rules.ts'

export type TotalsRequest = {
  filterValues: FilterValues
  dimensions: readonly Dimension[]
  /** How deep control list entries are told apart; 1 is the list or category. */
  level: number
}

/** More groups are no overview. */
export const groupsMax = 20_000

type TotalRow = {
  what: 'count' | 'possible' | 'overlap' | 'value' | 'quantity'
  keys: DimensionKey[]
  unit: string | null
  records: string
  low: string
  high: string | null
}

/**
 * The totals of a list by its dimensions, and of all of it, which counts each record once.
 *
 * @throws {Problem} unknown-reference
 */
export async function loadTotals(
  db: Db,
  definition: TotalsDefinition,
  request: TotalsRequest,
): Promise<{ rows: KeyedTotal[]; total: KeyedTotal }> {
  const rows = await loadGroups(db, definition, request)
  const [total] = await loadGroups(db, definition, { ...request, dimensions: [] })
  if (total === undefined || total.records === 0)
    await refuseUnknownReferences(db, definition.list, request.filterValues)
  return { rows, total: total ?? emptyTotal([]) }
}

const emptyTotal = (keys: DimensionKey[]): KeyedTotal => ({
  keys,
  records: 0,
  low: 0,
  high: 0,
  possible: 0,
  overlapping: 0,
  values: [],
  quantities: [],
})

async function loadGroups(
  db: Db,
  definition: TotalsDefinition,
  request: TotalsRequest,
): Promise<KeyedTotal[]> {
  const { list } = definition
  const { filterValues, dimensions, level } = request
  const names = dimensions.map(({ name }) => name)
  const key = `totals|${names.join(',')}|${level}|${buildStatementKey(list, filterValues)}`
  const query = prepareStatement<TotalRow>(key, toSqlValues(list.filters, filterValues), (slot) => {
    const conditions = buildConditions(list, slot, filterValues)
    const query = buildQuery(definition, request, list, conditions)
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return collectRows(rows)
}

function collectRows(rows: readonly TotalRow[]): KeyedTotal[] {
  const totals = new Map<string, KeyedTotal>()
  for (const { what, keys, unit, records, low, high } of rows) {
    const id = JSON.stringify(keys)
    const total = totals.get(id) ?? emptyTotal(keys)
    totals.set(id, total)
    if (what === 'count')
      Object.assign(total, {
        records: Number(records),
        low: Number(low),
        high: high === null ? null : Number(high),
      })
    else if (what === 'possible') total.possible = Number(records)
    else if (what === 'overlap') total.overlapping = Number(records)
    else {
      const sum: Sum = { unit: unit ?? '', records: Number(records), low, high }
      if (what === 'value') total.values.push(sum)
      else total.quantities.push(sum)
    }
  }
  return [...totals.values()]
}

/** The names of the key columns. */
const keyNames = (dimensions: readonly Dimension[]) => dimensions.map((_, index) => `k${index}`)

function buildQuery(
  definition: TotalsDefinition,
  { dimensions, level }: TotalsRequest,
  list: ListDefinition,
  conditions: readonly SqlFragment[],
) {
  const { items, id, dateColumns } = definition
  const names = keyNames(dimensions)
  const isByItem = dimensions.some(({ usesItems }) => usesItems)
  const hasPeriod = dimensions.some((dimension) => periodUnitOf(dimension) !== null)
  const keys = dimensions.map(
    (dimension, index) => sql`${dimension.key(level)} AS ${sql.ref(names[index] ?? '')}`,
  )
  const joins = dimensions.flatMap(({ join }) => (join ? [join(level)] : []))
  const columns = joinFragments(
    [
      sql`${id} AS id`,
      isByItem && items ? sql`item.position AS item` : sql`NULL::int AS item`,
      ...keys,
      ...(hasPeriod ? dateColumns : []),
    ],
    ', ',
  )
  const itemJoin =
    isByItem && items ? sql`LEFT JOIN ${items.table} AS item ON ${items.isOf(id)}` : sql``
  const selects = [
    selectCounts(definition, names),
    ...(hasPeriod ? [selectPossible(dimensions, names)] : []),
    ...(definition.kind === 'figure' ? [selectOverlaps(names)] : []),
    selectSums('value', definition, names, isByItem),
    selectSums('quantity', definition, names, isByItem),
  ]
  return sql<TotalRow>`
    WITH base AS MATERIALIZED (
      SELECT DISTINCT ${columns}
      FROM ${list.from}
      ${itemJoin}
      ${joinFragments(joins, ' ')}
      WHERE ${joinFragments(conditions, ' AND ')}
    ),
    keyed AS MATERIALIZED (
      SELECT DISTINCT ${joinFragments([sql`id`, ...names.map((name) => sql.ref(name))], ', ')}
      FROM base
    )
    ${joinFragments(selects, ' UNION ALL ')}`
}

const keyArray = (names: readonly string[]): SqlFragment =>
  sql`ARRAY[${joinFragments(
    names.map((name) => sql.ref(`keyed.${name}`)),
    ', ',
  )}]::text[]`

const groupBy = (names: readonly string[], more: readonly SqlFragment[] = []): SqlFragment => {
  const all = [...names.map((name) => sql.ref(`keyed.${name}`)), ...more]
  return all.length === 0 ? sql`` : sql`GROUP BY ${joinFragments(all, ', ')}`
}

/** A sum of lower and of upper bounds. The upper one is null if one of its parts is open. */
const selectBounds = (exact: SqlFragment, low: SqlFragment, high: SqlFragment): SqlFragment =>
  sql`trim_scale(sum(COALESCE(${exact}, ${low}, 0)::numeric))::text AS low,
    CASE WHEN bool_and(COALESCE(${exact}, ${high}) IS NOT NULL)
      THEN trim_scale(sum(COALESCE(${exact}, ${high})::numeric))::text
    END AS high`

function selectCounts(
  { table, id, count }: TotalsDefinition,
  names: readonly string[],
): SqlFragment {
  const bounds = count
    ? selectBounds(count.exact, count.low, count.high)
    : sql`count(*)::text AS low, count(*)::text AS high`
  return sql`
    SELECT 'count' AS what, ${keyArray(names)} AS keys, NULL::text AS unit, count(*)::text AS records, ${bounds}
    FROM keyed
    JOIN ${table} ON ${id} = keyed.id
    ${groupBy(names)}`
}

/** Records without a certain period, for each period of the answer in which their date can lie. */
function selectPossible(dimensions: readonly Dimension[], names: readonly string[]): SqlFragment {
  const index = dimensions.findIndex((dimension) => periodUnitOf(dimension) !== null)
  const dimension = dimensions[index]
  const unit = (dimension && periodUnitOf(dimension)) ?? 'year'
  const name = sql.ref(names[index] ?? '')
  const keys = names.map((one) => (one === names[index] ? sql`period.key` : sql.ref(`base.${one}`)))
  const start = {
    year: sql`to_date(keyed.${name}, 'YYYY')`,
    quarter: sql`to_date(left(keyed.${name}, 4), 'YYYY') + make_interval(months => 3 * (right(keyed.${name}, 1)::int - 1))`,
    month: sql`to_date(keyed.${name}, 'YYYY-MM')`,
  }[unit]
  const length = sql.lit({ year: '1 year', quarter: '3 months', month: '1 month' }[unit])
  return sql`
    SELECT 'possible', ARRAY[${joinFragments(keys, ', ')}]::text[], NULL::text,
      count(DISTINCT base.id)::text, '0', NULL::text
    FROM base
    JOIN (
      SELECT DISTINCT keyed.${name} AS key, ${start} AS first_day, ${start} + ${length}::interval AS end_day
      FROM keyed
      WHERE keyed.${name} IS NOT NULL
    ) AS period
      ON COALESCE(base.earliest, '-infinity'::date) < period.end_day
      AND COALESCE(base.latest, 'infinity'::date) >= period.first_day
    WHERE base.${name} IS NULL AND num_nonnulls(base.earliest, base.latest) > 0
    GROUP BY ${joinFragments(keys, ', ')}`
}

/** Figures of a group that another one of the group repeats or contains: their sum counts something twice. */
const selectOverlaps = (names: readonly string[]): SqlFragment => sql`
  SELECT 'overlap', ${keyArray(names)}, NULL::text, count(*)::text, '0', NULL::text
  FROM keyed
  JOIN figure ON figure.id = keyed.id
  WHERE EXISTS (
    SELECT 1
    FROM keyed AS twin_key
    JOIN figure AS twin ON twin.id = twin_key.id
    WHERE twin.id <> figure.id
      ${joinFragments(
        names.map(
          (name) =>
            sql`AND ${sql.ref(`twin_key.${name}`)} IS NOT DISTINCT FROM ${sql.ref(`keyed.${name}`)}`,
        ),
        ' ',
      )}
      AND twin.measure = figure.measure
      AND twin.unit IS NOT DISTINCT FROM figure.unit
      AND twin.value_currency IS NOT DISTINCT FROM figure.value_currency
      AND (twin.from_id IS NULL OR figure.from_id IS NULL OR twin.from_id = figure.from_id)
      AND (twin.to_id IS NULL OR figure.to_id IS NULL OR twin.to_id = figure.to_id)
      AND (twin.good_id IS NULL OR figure.good_id IS NULL OR twin.good_id = figure.good_id)
      AND (twin.category IS NULL OR figure.category IS NULL OR twin.category = figure.category)
      AND (
        twin.control_codes = '{}' OR figure.control_codes = '{}'
        OR control_ancestors(twin.control_codes) && control_ancestors(figure.control_codes)
      )
      AND COALESCE(twin.period_earliest, '-infinity'::date) <= COALESCE(figure.period_latest, 'infinity'::date)
      AND COALESCE(twin.period_latest, 'infinity'::date) >= COALESCE(figure.period_earliest, '-infinity'::date)
  )
  ${groupBy(names)}`

/** Sums of the values by currency, or of the quantities by unit. */
function selectSums(
  what: 'value' | 'quantity',
  { table, id, items, valueOwner }: TotalsDefinition,
  names: readonly string[],
  isByItem: boolean,
): SqlFragment {
  const ofItem = items !== null && (isByItem || what === 'quantity' || valueOwner === null)
  const source = ofItem ? 'part' : (valueOwner ?? '')
  // The only item of a record has the value of the record, unless it has one of its own.
  const ofOnlyItem = ofItem && what === 'value' && valueOwner !== null
  const column = (name: string) => sql.ref(`${source}.${name}`)
  const valueColumn = (name: string) =>
    ofOnlyItem
      ? sql`CASE
          WHEN part.value_currency IS NOT NULL THEN ${column(name)}
          WHEN (SELECT count(*) = 1 FROM ${items?.table ?? sql``} AS item WHERE ${items?.isOf(sql`keyed.id`)})
          THEN ${sql.ref(`${valueOwner}.${name}`)}
        END`
      : column(name)
  const [unit, exact, low, high] =
    what === 'value'
      ? [
          valueColumn('value_currency'),
          valueColumn('value_amount'),
          valueColumn('value_low'),
          valueColumn('value_high'),
        ]
      : [column('unit'), column('quantity'), column('quantity_low'), column('quantity_high')]
  const isStated = sql`num_nonnulls(${exact}, ${low}, ${high}) > 0`
  const from = ofItem
    ? sql`(SELECT DISTINCT ${joinFragments(
        [sql`id`, ...(isByItem ? [sql`item`] : []), ...names.map((name) => sql.ref(name))],
        ', ',
      )} FROM base) AS keyed
      JOIN ${items?.table ?? sql``} AS part
        ON ${items?.isPartOf ?? sql`true`}${isByItem ? sql` AND part.position = keyed.item` : sql``}
      ${ofOnlyItem ? sql`JOIN ${table} ON ${id} = keyed.id` : sql``}`
    : sql`keyed JOIN ${table} ON ${id} = keyed.id`
  return sql`
    SELECT ${sql.lit(what)}, ${keyArray(names)}, COALESCE(${unit}, ''), count(DISTINCT keyed.id)::text,
      ${selectBounds(exact, low, high)}
    FROM ${from}
    WHERE ${isStated}
    ${groupBy(names, [sql`COALESCE(${unit}, '')`])}`
}

export type NamedRecord = {
  id: string
  slug: string
  name: string
  href: string
  country: string | null
  /** Whether it is a family of goods: its list has more than itself. */
  isFamily: boolean
}

/** What to show for the records that are keys. */
export async function loadNames(db: Db, ids: readonly string[]): Promise<Map<string, NamedRecord>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<NamedRecord>`
    SELECT record.id, record.slug, record.name, '/v1/' || record.kind || 's/' || record.slug AS href,
      actor.country, EXISTS (SELECT 1 FROM good WHERE good.family_id = record.id) AS "isFamily"
    FROM record
    LEFT JOIN actor ON actor.id = record.id
    WHERE record.id = ANY(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
