import { z } from 'zod'
import {
  compareDecimals,
  type Decimal,
  numberToDecimal,
  trimDecimal,
} from '../../evidence/amounts/decimals.ts'
import { parseAmount } from '../../evidence/amounts/parse-amount.ts'
import { type AmountRange, exactly, isEmptyRange } from '../../evidence/amounts/ranges.ts'
import { Line } from './schema.ts'
import { noteInputRestorer } from './snapshots.ts'

/** Amounts as sources state them: exact, or a range with the words (docs/decisions/0032-amounts-as-stated.md). */

const Excludes = z
  .enum(['low', 'high', 'both'])
  .nullable()
  .describe('The bounds that are not part of the range: "over 20,000" excludes its low bound.')
const AsStated = z
  .string()
  .nullable()
  .describe("The source's own words, e.g. `almost 20,000`; null when they are the number alone.")

const RangeOfNumbers = {
  low: z.number().nullable().describe('The least that it can be; null is open.'),
  high: z.number().nullable().describe('The most that it can be; null is open.'),
  excludes: Excludes,
  asStated: AsStated,
}

export const QuantityRange = z.strictObject(RangeOfNumbers).meta({
  id: 'QuantityRange',
  description:
    'What a quantity can be, as the source states it. Both bounds are equal for an exact one.',
  examples: [{ low: 18000, high: 20000, excludes: 'high', asStated: 'almost 20,000' }],
})
export type QuantityRange = z.infer<typeof QuantityRange>

export const Money = z
  .strictObject({
    amount: z
      .string()
      .nullable()
      .describe(
        'Decimal number in whole units of the currency, e.g. `95000`; null when it is not exact.',
      ),
    currency: z.string().describe('ISO 4217, e.g. `EUR`.'),
    low: z.string().nullable().describe('The least that it can be; null is open.'),
    high: z.string().nullable().describe('The most that it can be; null is open.'),
    excludes: Excludes,
    asStated: AsStated,
  })
  .meta({
    id: 'Money',
    description: 'A sum of money as the source states it: exact, or a range.',
    examples: [
      {
        amount: null,
        currency: 'EUR',
        low: '411000000',
        high: null,
        excludes: 'low',
        asStated: 'over €411 million',
      },
    ],
  })
export type Money = z.infer<typeof Money>

const maxQuantity = 1e12
const maxMoney = '999999999999999'
const Quantity = z.number().positive().max(maxQuantity)
const Bound = z.number().nonnegative().max(maxQuantity).nullable().optional()
const Words = Line.nullable().default(null)
const ExcludesInput = Excludes.default(null)

const unreadable =
  'these words cannot be read as a number; give low and high beside them, null where a bound is unknown'

type GivenRange<Bound> = {
  low?: Bound | null | undefined
  high?: Bound | null | undefined
  excludes: AmountRange['excludes']
  asStated: string | null
}

/** The bounds that were given, or those of the words. Null for words that cannot be read. */
function readRange<Bound>(
  { low, high, excludes, asStated }: GivenRange<Bound>,
  toDecimal: (bound: Bound) => Decimal,
): AmountRange | null {
  const convert = (bound: Bound | null | undefined) =>
    bound === null || bound === undefined ? null : toDecimal(bound)
  if (low !== undefined || high !== undefined)
    return { low: convert(low), high: convert(high), excludes }
  return asStated === null ? null : parseAmount(asStated)
}

function checkRange(
  range: AmountRange | null,
  { low, high, excludes, asStated }: GivenRange<unknown>,
  max: Decimal,
  addError: (detail: string) => void,
): void {
  const isBounded = (low ?? null) !== null || (high ?? null) !== null
  if (!isBounded && asStated === null)
    addError('give low or high, or the words of the source in asStated')
  else if (range === null) addError(unreadable)
  else if (isEmptyRange(range)) addError('low is more than high')
  else if (
    (excludes !== null && excludes !== 'high' && range.low === null) ||
    (excludes !== null && excludes !== 'low' && range.high === null)
  )
    addError('excludes names a bound that is open')
  else if ([range.low, range.high].some((bound) => bound !== null && isOver(bound, max)))
    addError(`more than ${max} cannot be stored`)
}
const isOver = (bound: Decimal, max: Decimal): boolean => compareDecimals(bound, max) > 0

const QuantityRangeInput = z
  .strictObject({ low: Bound, high: Bound, excludes: ExcludesInput, asStated: Words })
  .superRefine((given, context) =>
    checkRange(readRange(given, numberToDecimal), given, numberToDecimal(maxQuantity), (message) =>
      context.addIssue({ code: 'custom', message }),
    ),
  )
  .meta({
    id: 'NewQuantity',
    description:
      'A quantity that is not exact, or that has words of its own. Without low and high, the words are read: "almost 20,000".',
  })

/** An exact number, or what the source says of it. */
export const QuantityInput = z.union([Quantity, QuantityRangeInput], {
  error:
    'give a number above 0, or {low, high, asStated} with null for an open bound, or {asStated} in words such as "almost 20,000"',
})
export type QuantityInput = z.infer<typeof QuantityInput>

const Amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,4})?$/, 'a decimal number such as 95000 or 1250.50, as text')
const Currency = z.string().regex(/^[A-Z]{3}$/, 'ISO 4217: three capital letters')

export const MoneyInput = z
  .strictObject({
    amount: Amount.nullable().optional(),
    currency: Currency,
    low: Amount.nullable().optional(),
    high: Amount.nullable().optional(),
    excludes: ExcludesInput,
    asStated: Words,
  })
  .superRefine((given, context) => {
    const addIssue = (message: string) => context.addIssue({ code: 'custom', message })
    const { amount = null, ...range } = given
    if (amount === null) checkRange(readRange(range, trimDecimal), range, maxMoney, addIssue)
    else if (
      range.excludes !== null ||
      [range.low ?? amount, range.high ?? amount].some((one) => compareDecimals(one, amount) !== 0)
    )
      addIssue('give either amount, or low and high')
  })
  .meta({
    id: 'NewMoney',
    description:
      'A sum of money: `amount`, or `low` and `high`, or only `asStated` in words such as "over €411 million".',
  })
export type MoneyInput = z.infer<typeof MoneyInput>

/** A quantity as it is stored: a number is exact and has no words. */
export type QuantityValue = number | StoredRange<number>
export type MoneyValue = { currency: string } & Partial<StoredRange<string>> & {
    amount?: string | null
  }
export type StoredRange<Bound> = {
  low: Bound | null
  high: Bound | null
  excludes: AmountRange['excludes']
  asStated: string | null
}

/** The input was checked by its schema. */
export function resolveQuantity(input: QuantityInput): QuantityValue {
  if (typeof input === 'number') return input
  const { low, high, excludes } = readRange(input, numberToDecimal) ?? openRange
  const toNumber = (bound: Decimal | null) => (bound === null ? null : Number(bound))
  return { low: toNumber(low), high: toNumber(high), excludes, asStated: input.asStated }
}
const openRange: AmountRange = { low: null, high: null, excludes: null }

export function resolveMoney({ amount = null, currency, ...given }: MoneyInput): MoneyValue {
  const { asStated } = given
  const range = amount === null ? readRange(given, trimDecimal) : exactly(amount)
  return { currency, asStated, ...(range ?? openRange) }
}

/** The exact number of a quantity or sum, or null. */
export const getExact = <Bound>({ low, high, excludes }: StoredRange<Bound>): Bound | null =>
  low === high && excludes === null ? low : null

export const expandQuantity = (value: QuantityValue): StoredRange<number> =>
  typeof value === 'number' ? { low: value, high: value, excludes: null, asStated: null } : value

export function expandMoney(money: MoneyValue): StoredRange<string> & { currency: string } {
  const { amount = null, low = null, high = null, excludes = null, asStated = null } = money
  const trim = (bound: string | null) => bound && trimDecimal(bound)
  const exact = trim(amount)
  return {
    currency: money.currency,
    low: exact ?? trim(low),
    high: exact ?? trim(high),
    excludes,
    asStated,
  }
}

noteInputRestorer(QuantityInput, (quantity, siblings, name) => {
  const range = siblings[`${name}Range`] as QuantityRange | null | undefined
  if (!range || (range.asStated === null && typeof quantity === 'number')) return quantity
  return range
})

noteInputRestorer(MoneyInput, (value) => {
  if (value === null || value === undefined) return value
  const { amount, low, high, ...rest } = value as Money
  return amount === null ? { ...rest, low, high } : { ...rest, amount }
})
