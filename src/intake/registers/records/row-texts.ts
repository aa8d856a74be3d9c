import type { RegisterRow } from '../table/rows.ts'

/**
 * Whether a live record cites these rows already. `isWhole`: they are all that it may cite; otherwise the row is one of
 * several decisions about a permit.
 */
export function hasSameRows(
  { state, rows: cited }: { state: string; rows: readonly { quote: string }[] },
  rows: readonly RegisterRow[],
  isWhole: boolean,
): boolean {
  if (state !== 'live') return false
  const [first] = rows
  if (!isWhole) return cited.some(({ quote }) => quote === first?.text)
  return isSameList(
    rows.map(({ text }) => text),
    cited.map(({ quote }) => quote),
  )
}

/** Whether two lists have the same texts, in any order. */
export function isSameList(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false
  const sorted = [...others].sort()
  return [...some].sort().every((text, index) => text === sorted[index])
}
