import type { Reading } from './types.ts'

/** Turns UTF-16 offsets of a reading into code points, in place; the body may hold characters beyond the first plane. */
export function convertToCodePoints(body: string, reading: Reading): Reading {
  const at = createConverter(body)
  if (at === null) return reading
  const seen = new Set<object>()
  const convert = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const one of value) convert(one)
      return
    }
    const record = value as Record<string, unknown>
    if (typeof record.start === 'number' && typeof record.end === 'number') {
      record.start = at(record.start)
      record.end = at(record.end)
    }
    for (const one of Object.values(record)) convert(one)
  }
  convert(reading)
  return reading
}

/** Null where both counts are the same. */
function createConverter(body: string): ((offset: number) => number) | null {
  const pairs: number[] = []
  for (const { index } of body.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) pairs.push(index)
  if (pairs.length === 0) return null
  return (offset) => {
    let [low, high] = [0, pairs.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return offset - low
  }
}
