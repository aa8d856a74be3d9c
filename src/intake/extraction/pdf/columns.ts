import { removeMarks } from '../marks/marked-text.ts'
import { type Fragment, groupByBaseline } from './fragments.ts'

/** A column of text, or the lines between columns; the parts of a page in reading order. */
export type Region = Fragment[]

/** In heights of the font. */
const gutterMin = 0.9
const recursionMax = 4

/**
 * Divides a page into regions in reading order. Text stands in columns when lines on both sides of a gutter look like
 * prose; lines that cross the gutter, such as a headline, divide the columns above from those below. Columns of short
 * cells are a table and stay together.
 */
export function splitColumns(fragments: readonly Fragment[], depth = 0): Region[] {
  if (fragments.length < 4 || depth > recursionMax) return [[...fragments]]
  const best = listGutters(fragments)
    .map((x) => ({ x, bands: splitBands(fragments, x) }))
    .map((candidate) => ({ ...candidate, score: countColumnFragments(candidate.bands) }))
    .toSorted((a, b) => b.score - a.score)[0]
  if (best === undefined || best.score === 0) return [[...fragments]]
  return best.bands.flatMap(({ left, right, isColumns }) =>
    isColumns
      ? [...splitColumns(left, depth + 1), ...splitColumns(right, depth + 1)]
      : [[...left, ...right]],
  )
}

type Band = { left: Fragment[]; right: Fragment[]; isColumns: boolean }

const countColumnFragments = (bands: readonly Band[]): number =>
  bands.reduce(
    (sum, { left, right, isColumns }) =>
      sum + (isColumns ? Math.min(left.length, right.length) : 0),
    0,
  )

/** Positions where a gutter could be: just left of where several fragments begin. */
function listGutters(fragments: readonly Fragment[]): number[] {
  const starts = new Map<number, { count: number; x: number; size: number }>()
  for (const { x, size } of fragments) {
    const key = Math.round(x / 4)
    const known = starts.get(key)
    starts.set(key, {
      count: (known?.count ?? 0) + 1,
      x: Math.min(known?.x ?? x, x),
      size,
    })
  }
  return [...starts.values()]
    .filter(({ count }) => count > 1)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 12)
    .map(({ x, size }) => x - (gutterMin * size) / 2)
}

/** Runs of fragments that keep clear of the gutter, and the fragments between that cross it. */
function splitBands(fragments: readonly Fragment[], x: number): Band[] {
  const bands: Band[] = []
  let left: Fragment[] = []
  let right: Fragment[] = []
  let crossing: Fragment[] = []
  const endBand = (): void => {
    if (left.length + right.length > 0) {
      const below = takeTableBelow(left, right)
      const isBelow = new Set(below)
      const [upperLeft, upperRight] = [left, right].map((side) =>
        side.filter((fragment) => !isBelow.has(fragment)),
      )
      const sides = { left: upperLeft ?? [], right: upperRight ?? [] }
      bands.push({ ...sides, isColumns: areColumns(sides.left, sides.right) })
      if (below.length > 0) bands.push({ left: below, right: [], isColumns: false })
    }
    left = []
    right = []
  }
  const endCrossing = (): void => {
    if (crossing.length > 0) bands.push({ left: crossing, right: [], isColumns: false })
    crossing = []
  }
  for (const line of groupByBaseline(fragments)) {
    if (line.some((fragment) => fragment.x < x && fragment.end > x)) {
      endBand()
      crossing.push(...line)
      continue
    }
    endCrossing()
    left.push(...line.filter(({ end }) => end <= x))
    right.push(...line.filter((fragment) => fragment.x >= x))
  }
  endBand()
  endCrossing()
  return bands
}

/** What stands below both columns and begins with rows of a table: it belongs to neither. */
function takeTableBelow(left: readonly Fragment[], right: readonly Fragment[]): Fragment[] {
  if (left.length === 0 || right.length === 0) return []
  const [, leftBottom] = rangeOf(left)
  const [, rightBottom] = rangeOf(right)
  const longer = leftBottom > rightBottom ? left : right
  const end = Math.min(leftBottom, rightBottom)
  const below = groupByBaseline(longer.filter(({ y }) => y > end))
  const from = below.findIndex(
    (line, index) => line.length > 1 && (below[index + 1]?.length ?? 0) > 1,
  )
  return from === -1 ? [] : below.slice(from).flat()
}

function areColumns(left: readonly Fragment[], right: readonly Fragment[]): boolean {
  if (left.length < 2 || right.length < 2) return false
  const size = Math.max(...left.map((one) => one.size))
  const gutter = Math.min(...right.map(({ x }) => x)) - Math.max(...left.map(({ end }) => end))
  if (gutter < gutterMin * Math.min(size, 14)) return false
  const [leftTop, leftBottom] = rangeOf(left)
  const [rightTop, rightBottom] = rangeOf(right)
  const overlap = Math.min(leftBottom, rightBottom) - Math.max(leftTop, rightTop)
  const smaller = Math.min(leftBottom - leftTop, rightBottom - rightTop)
  return overlap >= smaller * 0.5 && isProse(left) && isProse(right)
}

const rangeOf = (fragments: readonly Fragment[]): [top: number, bottom: number] => {
  const baselines = fragments.map(({ y }) => y)
  return [Math.min(...baselines), Math.max(...baselines)]
}

/** Lines of several words, most of which fill the width. */
function isProse(fragments: readonly Fragment[]): boolean {
  const lines = groupByBaseline(fragments)
  const words = lines
    .map((line) => line.map(({ text }) => removeMarks(text)).join(' '))
    .map((text) => text.match(/\p{L}{2,}/gu)?.length ?? 0)
    .toSorted((a, b) => a - b)
  return (words[Math.floor(words.length / 2)] ?? 0) >= 3
}
