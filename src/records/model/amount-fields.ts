import { sql } from 'kysely'
import {
  type ColumnName,
  columnRef,
  jsonObject,
  type SqlFragment,
} from '../../database/sql-fragments.ts'
import {
  expandMoney,
  expandQuantity,
  getExact,
  type MoneyInput,
  type MoneyValue,
  type QuantityInput,
  type QuantityValue,
  resolveMoney,
  resolveQuantity,
} from './amounts.ts'
import type { AmountPrefix, Column, Field } from './field.ts'
import { baseField, splitColumn } from './field-builders.ts'

/**
 * Fields of amounts. `permit_item.quantity` stands for the column `quantity`, which holds exact numbers, and for
 * `quantity_low`, `quantity_high`, `quantity_excludes` and `quantity_as_stated`, which hold what is not exact and the words.
 */

const columnOf = (prefix: string, name: string): SqlFragment => sql.ref(`${prefix}_${name}`)

/** `bound` is `low` or `high`; the exact number is both. */
const boundOf = (exact: string, prefix: string, bound: string): SqlFragment =>
  sql`COALESCE(${columnRef(exact as ColumnName)}, ${columnOf(prefix, bound)})`

const isStated = (exact: string, prefix: string): SqlFragment => sql`num_nonnulls(
  ${columnRef(exact as ColumnName)}, ${columnOf(prefix, 'low')}, ${columnOf(prefix, 'high')},
  ${columnOf(prefix, 'as_stated')}
) > 0`

/** The columns of a range. Those of an exact amount hold its words alone. */
const rangeColumns = <Value, Bound extends string | number>(
  name: string,
  expand: (value: Value) => {
    low: Bound | null
    high: Bound | null
    excludes: string | null
    asStated: string | null
  },
  isExact: (value: Value) => boolean,
): Column<Value | null>[] => [
  {
    name: `${name}_low`,
    get: (value) => (value === null || isExact(value) ? null : expand(value).low),
  },
  {
    name: `${name}_high`,
    get: (value) => (value === null || isExact(value) ? null : expand(value).high),
  },
  { name: `${name}_excludes`, get: (value) => (value === null ? null : expand(value).excludes) },
  { name: `${name}_as_stated`, get: (value) => (value === null ? null : expand(value).asStated) },
]

const getExactQuantity = (value: QuantityValue | null): number | null =>
  value === null || typeof value === 'number' ? value : getExact(value)

/** The exact number; `quantityRange` beside it shows the range and the words. */
export const quantity = (
  prefix: AmountPrefix,
): Field<QuantityInput | null, QuantityValue | null> => {
  const [, name] = splitColumn(prefix)
  return {
    ...baseField,
    json: columnRef(prefix as ColumnName),
    resolve: (input) => input && resolveQuantity(input),
    toSnapshot: getExactQuantity,
    // The fact is listed by the range, which also shows what is not exact.
    listFacts: () => [],
    columns: [
      { name, get: getExactQuantity },
      ...rangeColumns<QuantityValue, number>(
        name,
        expandQuantity,
        (value) => getExactQuantity(value) !== null,
      ),
    ],
  }
}

/** The range and words of a `quantity` field. */
export const quantityRange = (
  quantityField: string,
  prefix: AmountPrefix,
): Field<never, QuantityValue | null> => ({
  ...baseField,
  origin: 'derived',
  viewOf: quantityField,
  json: sql`CASE WHEN ${isStated(prefix, prefix)} THEN ${jsonObject({
    low: boundOf(prefix, prefix, 'low'),
    high: boundOf(prefix, prefix, 'high'),
    excludes: columnOf(prefix, 'excludes'),
    asStated: columnOf(prefix, 'as_stated'),
  })} END`,
  resolve: () => null,
  toSnapshot: (value) => {
    if (value === null) return null
    const { low, high, excludes, asStated } = expandQuantity(value)
    return { asStated, excludes, high, low }
  },
  listFacts: (path, json) =>
    json === null || json === undefined ? [] : [path.replace(/[^.]*$/, quantityField)],
  columns: [],
})

const isExactMoney = (value: MoneyValue): boolean => getExact(expandMoney(value)) !== null

/** A sum of money. The prefix `permit.value` stands for `value_amount`, `value_currency`, `value_low` and so on. */
export const money = (prefix: AmountPrefix): Field<MoneyInput | null, MoneyValue | null> => {
  const [, name] = splitColumn(prefix)
  const exact = `${prefix}_amount`
  const toText = (bound: SqlFragment): SqlFragment => sql`trim_scale(${bound})::text`
  return {
    ...baseField,
    json: sql`CASE WHEN ${columnOf(prefix, 'currency')} IS NOT NULL THEN ${jsonObject({
      amount: toText(columnRef(exact as ColumnName)),
      currency: columnOf(prefix, 'currency'),
      low: toText(boundOf(exact, prefix, 'low')),
      high: toText(boundOf(exact, prefix, 'high')),
      excludes: columnOf(prefix, 'excludes'),
      asStated: columnOf(prefix, 'as_stated'),
    })} END`,
    resolve: (input) => input && resolveMoney(input),
    toSnapshot: (value) => {
      if (value === null) return null
      const { asStated, currency, excludes, high, low } = expandMoney(value)
      return {
        amount: getExact({ low, high, excludes, asStated }),
        asStated,
        currency,
        excludes,
        high,
        low,
      }
    },
    columns: [
      { name: `${name}_amount`, get: (value) => value && getExact(expandMoney(value)) },
      { name: `${name}_currency`, get: (value) => value?.currency ?? null },
      ...rangeColumns<MoneyValue, string>(name, expandMoney, isExactMoney),
    ],
  }
}
