/** A value of a dimension: the id of a record, a word, a code, a period; null if it is not known. */
export type DimensionKey = string | null

/** A sum with bounds; `high` is null if it is open. Decimal text. */
export type Sum = { unit: string; records: number; low: string; high: string | null }

/** A row of totals before its keys are named. */
export type KeyedTotal = {
  keys: DimensionKey[]
  /** Number of records. */
  records: number
  /** Number of what the records stand for: a permit record can stand for several permits. */
  low: number
  high: number | null
  /** Records whose date can lie in the period of the row, but need not. */
  possible: number
  /** Figures that another one of the row repeats or contains: the sums count something twice. */
  overlapping: number
  values: Sum[]
  quantities: Sum[]
}

export const totalSorts = ['-count', 'count', '-value', 'value', 'key', '-key'] as const
export type TotalSort = (typeof totalSorts)[number]

/** The largest sum of a currency. */
const largestValue = ({ values }: KeyedTotal): number =>
  Math.max(-1, ...values.map(({ low }) => Number(low)))

const compareKeys = (a: KeyedTotal, b: KeyedTotal): number => {
  for (const [index, key] of a.keys.entries()) {
    const other = b.keys[index] ?? null
    if (key === other) continue
    // What is not known comes last.
    if (key === null) return 1
    if (other === null) return -1
    return key < other ? -1 : 1
  }
  return 0
}

/** Sorted rows; equal ones in the order of their keys. */
export function sortTotals(rows: readonly KeyedTotal[], sort: TotalSort): KeyedTotal[] {
  const name = sort.replace('-', '')
  const direction = sort.startsWith('-') ? -1 : 1
  const compare = (a: KeyedTotal, b: KeyedTotal): number => {
    if (name === 'key') return direction * compareKeys(a, b)
    const difference = name === 'count' ? a.low - b.low : largestValue(a) - largestValue(b)
    return difference === 0 ? compareKeys(a, b) : direction * difference
  }
  return [...rows].sort(compare)
}

/** Exact sum of decimal texts. */
function addDecimals(texts: readonly string[]): string {
  const places = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0))
  const sum = texts.reduce((total, text) => {
    const [whole = '0', fraction = ''] = text.split('.')
    return total + BigInt(whole + fraction.padEnd(places, '0'))
  }, 0n)
  if (places === 0) return String(sum)
  const digits = String(sum).padStart(places + 1, '0')
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return text.replace(/\.?0+$/, '')
}

function mergeSums(sums: readonly Sum[]): Sum[] {
  return [...Map.groupBy(sums, ({ unit }) => unit)].map(([unit, same]) => ({
    unit,
    records: same.reduce((total, { records }) => total + records, 0),
    low: addDecimals(same.map(({ low }) => low)),
    high: addBounds(same.map(({ high }) => high)),
  }))
}

const addBounds = (bounds: readonly (string | null)[]): string | null => {
  const known = bounds.filter((bound) => bound !== null)
  return known.length === bounds.length ? addDecimals(known) : null
}

/** One row that stands for several: what a limit leaves out. Null for none. */
export function mergeTotals(rows: readonly KeyedTotal[]): KeyedTotal | null {
  if (rows.length === 0) return null
  const highs = rows.map(({ high }) => high)
  return {
    keys: [],
    records: rows.reduce((total, row) => total + row.records, 0),
    low: rows.reduce((total, row) => total + row.low, 0),
    high: highs.some((high) => high === null)
      ? null
      : highs.reduce<number>((total, high) => total + (high ?? 0), 0),
    possible: 0,
    overlapping: rows.reduce((total, row) => total + row.overlapping, 0),
    values: mergeSums(rows.flatMap(({ values }) => values)),
    quantities: mergeSums(rows.flatMap(({ quantities }) => quantities)),
  }
}
