import { addDecimals, compareDecimals, type Decimal } from './decimals.ts'

/** What an amount can be. A bound of null is open; `excludes` says which bounds are not part of it. */
export type AmountRange = {
  low: Decimal | null
  high: Decimal | null
  excludes: Excludes | null
}
export type Excludes = 'low' | 'high' | 'both'

export const exactly = (amount: Decimal): AmountRange => ({
  low: amount,
  high: amount,
  excludes: null,
})

export const buildExcludes = (low: boolean, high: boolean): Excludes | null =>
  low && high ? 'both' : low ? 'low' : high ? 'high' : null

const excludesLow = ({ excludes }: AmountRange): boolean =>
  excludes === 'low' || excludes === 'both'
const excludesHigh = ({ excludes }: AmountRange): boolean =>
  excludes === 'high' || excludes === 'both'

/** The amount, if it can be one number only. */
export const getExactAmount = ({ low, high, excludes }: AmountRange): Decimal | null =>
  low !== null && high !== null && excludes === null && compareDecimals(low, high) === 0
    ? low
    : null

/** Whether no number is in it. */
export function isEmptyRange({ low, high, excludes }: AmountRange): boolean {
  if (low === null || high === null) return false
  const order = compareDecimals(low, high)
  return order > 0 || (order === 0 && excludes !== null)
}

/** Whether some number is in both. Claims that overlap can both be true, so they do not conflict. */
export function overlaps(a: AmountRange, b: AmountRange): boolean {
  return !isEmptyRange(a) && !isEmptyRange(b) && !isBelow(a, b) && !isBelow(b, a)
}

/** Whether every number of `a` is less than every number of `b`. */
export function isBelow(a: AmountRange, b: AmountRange): boolean {
  if (a.high === null || b.low === null) return false
  const order = compareDecimals(a.high, b.low)
  return order < 0 || (order === 0 && (excludesHigh(a) || excludesLow(b)))
}

/** Whether `a` is more than `b`: `certain` for all numbers, `possible` for some, `no` for none. */
export function isMore(a: AmountRange, b: AmountRange): 'certain' | 'possible' | 'no' {
  if (isBelow(b, a)) return 'certain'
  if (a.high === null || b.low === null) return 'possible'
  return compareDecimals(a.high, b.low) > 0 ? 'possible' : 'no'
}

/** The sum of two amounts. An open low bound counts as nothing: amounts are not negative. */
export const addRanges = (a: AmountRange, b: AmountRange): AmountRange => ({
  low: a.low === null && b.low === null ? null : addDecimals(a.low ?? '0', b.low ?? '0'),
  high: a.high === null || b.high === null ? null : addDecimals(a.high, b.high),
  excludes: buildExcludes(
    (a.low !== null && excludesLow(a)) || (b.low !== null && excludesLow(b)),
    a.high !== null && b.high !== null && (excludesHigh(a) || excludesHigh(b)),
  ),
})
