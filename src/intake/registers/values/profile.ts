import type { Decimal } from '../../../evidence/amounts/decimals.ts'

/** A finding about the values of a column; `rows` are the first of `count`. */
export type ProfileWarning = { count: number; rows: number[]; message: string }

type Placed = { row: number; amount: Decimal; log: number }

const rowsListedMax = 10
/** The most extreme values that are kept at each end. If all of them are far off, they are a kind of their own, not slips. */
const extremesMax = 21
/** Decades of a histogram of amounts, and its bins per decade: the memory of a column does not grow with its rows. */
const [decadeMin, decadeMax, binsPerDecade] = [-4, 16, 20]
/** Fewer values have no usual size. */
const valuesMin = 5
const groupValuesMin = 10
/** A factor of 1,000, within a third. */
const [factorMin, factorMax] = [Math.log10(1_000 / 3), Math.log10(3_000)]

/**
 * Profiles the values of a column, to find those that are probably read 1,000 times too large or too small, because a
 * separator or a unit changed. It reports and does not reject: a very large licence may be true.
 */
export class AmountProfile {
  readonly #name: string
  readonly #all = new Histogram()
  readonly #groups = new Map<string, Histogram>()
  readonly #smallest: Placed[] = []
  readonly #largest: Placed[] = []
  #threeDecimals: Placed[] = []
  #threeDecimalsCount = 0

  /** @param name what a warning calls the column */
  constructor(name: string) {
    this.#name = name
  }

  /** @param group what has values of the same size, such as a year; null if nothing is known */
  add(amount: Decimal, row: number, group: string | null = null): void {
    const value = Number(amount)
    if (value === 0) return
    const placed = { row, amount, log: Math.log10(value) }
    this.#all.add(placed.log)
    if (group !== null) this.#groupOf(group).add(placed.log)
    keepExtreme(this.#smallest, placed, (a, b) => a.log - b.log)
    keepExtreme(this.#largest, placed, (a, b) => b.log - a.log)
    if (!/\.\d{3}$/.test(amount)) return
    this.#threeDecimalsCount += 1
    if (this.#threeDecimals.length < rowsListedMax) this.#threeDecimals.push(placed)
  }

  warnings(): ProfileWarning[] {
    if (this.#all.count < valuesMin) return []
    const groups = this.#findGroups()
    const decimals = this.#findThreeDecimals()
    if (groups.length > 0) return [...groups, ...decimals]
    return [
      ...decimals,
      ...this.#findExtremes(this.#largest, 'larger', 1),
      ...this.#findExtremes(this.#smallest, 'smaller', -1),
    ]
  }

  #groupOf(group: string): Histogram {
    const known = this.#groups.get(group)
    if (known !== undefined) return known
    const histogram = new Histogram()
    this.#groups.set(group, histogram)
    return histogram
  }

  /** Of money, three decimals are probably a group of thousands. */
  #findThreeDecimals(): ProfileWarning[] {
    const count = this.#threeDecimalsCount
    if (count === 0 || count > this.#all.count / 2) return []
    const [first] = this.#threeDecimals
    return [
      this.#warn(
        count,
        this.#threeDecimals,
        `${countRows(count)} three decimals, such as ${first?.amount}: is the point a separator of thousands?`,
      ),
    ]
  }

  #findExtremes(
    extremes: readonly Placed[],
    word: 'larger' | 'smaller',
    sign: 1 | -1,
  ): ProfileWarning[] {
    const median = this.#all.quantile(0.5)
    const spread = this.#all.quantile(sign === 1 ? 0.84 : 0.16) - median
    const limit = Math.max(factorMin, 4 * Math.abs(spread))
    const found = extremes.filter(({ log }) => sign * (log - median) >= limit)
    const [first] = found
    const isKind = found.length >= extremesMax || found.length > this.#all.count / 5
    if (first === undefined || isKind) return []
    return [
      this.#warn(
        found.length,
        found,
        `${countRows(found.length)} values that are far ${word} than usual, such as ${first.amount}; the middle value is about ${roundLog(median)}.`,
      ),
    ]
  }

  /** Groups of which the usual value is about 1,000 times that of the others. */
  #findGroups(): ProfileWarning[] {
    const large = [...this.#groups].filter(([, { count }]) => count >= groupValuesMin)
    const medians = large.map(([group, histogram]) => ({ group, log: histogram.quantile(0.5) }))
    const middle = medians.map(({ log }) => log).sort((a, b) => a - b)[
      Math.floor(medians.length / 2)
    ]
    if (middle === undefined || medians.length < 3) return []
    return medians
      .filter(({ log }) => {
        const factor = Math.abs(log - middle)
        return factor >= factorMin && factor <= factorMax
      })
      .map(({ group, log }) => {
        const count = this.#groups.get(group)?.count ?? 0
        const word = log > middle ? 'larger' : 'smaller'
        return this.#warn(
          count,
          [],
          `the ${count} values of ${group} are about 1,000 times ${word} than those of other years: did the unit or the decimal sign change?`,
        )
      })
  }

  #warn(count: number, placed: readonly Placed[], message: string): ProfileWarning {
    const rows = placed
      .slice(0, rowsListedMax)
      .map(({ row }) => row)
      .sort((a, b) => a - b)
    const listed =
      rows.length === 0 ? '' : ` Rows: ${rows.join(', ')}${count > rows.length ? ', ...' : ''}.`
    return { count, rows, message: `${this.#name}: ${message}${listed}` }
  }
}

const countRows = (count: number): string => (count === 1 ? '1 row has' : `${count} rows have`)

function keepExtreme(
  kept: Placed[],
  placed: Placed,
  compare: (a: Placed, b: Placed) => number,
): void {
  const last = kept.at(-1)
  if (kept.length >= extremesMax && last !== undefined && compare(placed, last) >= 0) return
  const at = kept.findIndex((one) => compare(placed, one) < 0)
  kept.splice(at === -1 ? kept.length : at, 0, placed)
  if (kept.length > extremesMax) kept.pop()
}

/** Counts of amounts by their logarithm. */
class Histogram {
  readonly #bins = new Uint32Array((decadeMax - decadeMin) * binsPerDecade)
  count = 0

  add(log: number): void {
    const bin = Math.floor((log - decadeMin) * binsPerDecade)
    const at = Math.max(0, Math.min(this.#bins.length - 1, bin))
    this.#bins[at] = (this.#bins[at] ?? 0) + 1
    this.count += 1
  }

  /** The logarithm below which a share of the amounts is. */
  quantile(share: number): number {
    let below = 0
    for (const [bin, count] of this.#bins.entries()) {
      below += count
      if (below >= this.count * share) return decadeMin + (bin + 0.5) / binsPerDecade
    }
    return decadeMax
  }
}

/** An amount of two digits: 94,000. */
const roundLog = (log: number): string => {
  const value = 10 ** log
  const unit = 10 ** Math.floor(Math.log10(value) - 1)
  return (Math.round(value / unit) * unit).toLocaleString('en-US', { maximumFractionDigits: 2 })
}
