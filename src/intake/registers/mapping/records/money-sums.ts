import { addDecimals } from '../../../../evidence/amounts/decimals.ts'
import { expandMoney, type MoneyValue } from '../../../../records/model/amounts.ts'

/**
 * The sum of the values of rows. A row without a value makes the sum a lower bound. Null if no row has a value;
 * `currencies` if they have several, which cannot be added.
 */
export function sumMoney(
  values: readonly (MoneyValue | null)[],
): MoneyValue | null | { currencies: string[] } {
  const stated = values.filter((value) => value !== null)
  const [first] = stated
  if (first === undefined) return null
  const currencies = [...new Set(stated.map(({ currency }) => currency))]
  if (currencies.length > 1) return { currencies }
  if (values.length === 1) return first
  const ranges = stated.map(expandMoney)
  const low = addBounds(ranges.map((range) => range.low))
  const isComplete = stated.length === values.length
  const high = isComplete ? addBounds(ranges.map((range) => range.high)) : null
  const isExact = low !== null && low === high && ranges.every(({ excludes }) => excludes === null)
  if (isExact) return { currency: first.currency, amount: low }
  if (low === null && high === null) return null
  return { currency: first.currency, low, high, excludes: null, asStated: null }
}

const addBounds = (bounds: readonly (string | null)[]): string | null =>
  bounds.reduce(
    (sum, bound) => (sum === null || bound === null ? null : addDecimals(sum, bound)),
    '0',
  )
