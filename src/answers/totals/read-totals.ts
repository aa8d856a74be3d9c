import type { Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import type { Dimension, TotalsDefinition } from './dimensions/queries.ts'
import {
  groupsMax,
  loadNames,
  loadTotals,
  type NamedRecord,
  type TotalsRequest,
} from './queries.ts'
import { type KeyedTotal, mergeTotals, sortTotals, type TotalSort } from './rules.ts'
import type { TotalRow, Totals } from './schema.ts'

export type TotalsOptions = TotalsRequest & {
  sort: TotalSort
  limit: number
  /** Path of the list, and the filters as the client sent them. */
  listPath: string
  filters: Readonly<Record<string, unknown>>
}

/**
 * The totals of a list.
 *
 * @throws {Problem} invalid-request for too many groups; unknown-reference
 */
export async function readTotals(
  db: Db,
  definition: TotalsDefinition,
  options: TotalsOptions,
): Promise<Totals> {
  const { dimensions, limit, sort } = options
  const { rows, total } = await loadTotals(db, definition, options)
  if (rows.length > groupsMax)
    throw new Problem(
      'invalid-request',
      `/query/by: there are ${rows.length} groups, and at most ${groupsMax} are counted; filter the list, or use fewer dimensions`,
      { errors: [{ pointer: '/query/by', detail: `there are ${rows.length} groups` }] },
    )
  const sorted = sortTotals(rows, sort)
  const shown = sorted.slice(0, limit)
  const names = await loadNames(db, listRecordIds(dimensions, shown))
  const rest = mergeTotals(sorted.slice(limit))
  return {
    by: dimensions.map(({ name }) => name),
    data: shown.map((row) => buildRow(row, options, names)),
    other: rest && { rows: sorted.length - limit, ...toSums(rest) },
    total: { ...toSums(total), list: buildListUrl(options, {}) ?? options.listPath },
  }
}

const listRecordIds = (dimensions: readonly Dimension[], rows: readonly KeyedTotal[]): string[] =>
  [
    ...new Set(
      rows.flatMap(({ keys }) =>
        keys.filter((key, index) => key !== null && dimensions[index]?.type === 'record'),
      ),
    ),
  ] as string[]

const toSums = ({ records, low, high, values, quantities, overlapping }: KeyedTotal) => ({
  records,
  count: { low, high },
  values: values.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
  quantities: quantities.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
  overlapping,
})

function buildRow(
  row: KeyedTotal,
  options: TotalsOptions,
  names: ReadonlyMap<string, NamedRecord>,
): TotalRow {
  const { dimensions, level } = options
  const links: (Readonly<Record<string, string>> | null)[] = []
  const keys = dimensions.map((dimension, index) => {
    const key = row.keys[index] ?? null
    const record = key !== null && dimension.type === 'record' ? names.get(key) : undefined
    links.push(linkTo(dimension, key, record, level))
    if (record === undefined) return [dimension.name, dimension.type === 'record' ? null : key]
    const { id, slug, name, href, country } = record
    return [dimension.name, { id, slug, name, href, country }]
  })
  const merged = links.every((link) => link !== null) ? mergeLinks(links) : null
  return {
    keys: Object.fromEntries(keys),
    ...toSums(row),
    possible: row.possible,
    list: merged && buildListUrl(options, merged),
  }
}

/** The filters that find the records of a key; null if the list has none that finds exactly these. */
function linkTo(
  dimension: Dimension,
  key: string | null,
  record: NamedRecord | undefined,
  level: number,
): Readonly<Record<string, string>> | null {
  if (key === null) return dimension.linkToUnknown ?? null
  if (dimension.type === 'record') {
    if (record === undefined) return null
    // The filter by a family also finds its goods.
    if (dimension.name === 'good' && record.isFamily) return null
    return dimension.linkTo(record.slug)
  }
  // The filter by an entry also finds those below, which are other rows.
  if (dimension.type === 'entry' && depthOf(key) < level) return null
  const link = dimension.linkTo(key)
  return Object.keys(link).length > 0 ? link : null
}

/** `ML` is 1, `ML10` 2, `ML10a` 3. */
const depthOf = (entry: string): number =>
  (entry.match(/[A-Za-z]{2,}|\d{2,}|[A-Za-z0-9]/g) ?? []).length

/** Filters of several dimensions; null if two need the same filter with different values. */
function mergeLinks(
  links: readonly (Readonly<Record<string, string>> | null)[],
): Record<string, string[]> | null {
  const merged: Record<string, string[]> = {}
  for (const link of links)
    for (const [name, value] of Object.entries(link ?? {})) {
      const before = merged[name]
      if (before === undefined) merged[name] = [value]
      else if (name === 'missing') before.push(value)
      else if (!before.includes(value)) return null
    }
  return merged
}

/** Null if a filter of the request is also one of the row, with another value. */
function buildListUrl(
  { listPath, filters }: Pick<TotalsOptions, 'listPath' | 'filters'>,
  link: Readonly<Record<string, readonly string[]>>,
): string | null {
  const query = new URLSearchParams()
  for (const [name, given] of Object.entries(filters)) {
    if (given === undefined) continue
    const values = [given].flat().map(String)
    const wanted = link[name]
    if (wanted !== undefined && !wanted.every((value) => values.includes(value))) return null
    if (wanted === undefined) for (const value of values) query.append(name, value)
  }
  for (const [name, values] of Object.entries(link))
    for (const value of values) query.append(name, value)
  const text = query.toString()
  return text === '' ? listPath : `${listPath}?${text}`
}
