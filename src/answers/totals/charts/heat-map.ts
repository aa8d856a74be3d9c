import { scaleSqrt } from 'd3-scale'
import type { Point } from './points.ts'
import { drawText, formatShort, inks, round, width } from './svg.ts'

const labelWidth = 220
const headHeight = 110
const rowHeight = 26
const columnsMax = 16
const rowsMax = 40

/** Two dimensions: rows by columns. The number stands in each cell, so that its shade is not needed to read it. */
export function drawHeatMap(points: readonly Point[]): { drawing: string; height: number } {
  const [rows, columns] = [0, 1].map((index) => rankLabels(points, index))
  const shownRows = (rows ?? []).slice(0, rowsMax)
  const shownColumns = (columns ?? []).slice(0, columnsMax)
  const max = Math.max(1, ...points.map(({ low }) => low))
  const shade = scaleSqrt([0, max], [0.06, 1])
  const columnWidth = (width - labelWidth - 20) / Math.max(1, shownColumns.length)
  const heads = shownColumns.map((label, index) => {
    const x = labelWidth + (index + 0.5) * columnWidth
    return `<g transform="rotate(-50 ${round(x)} ${headHeight - 8})">${drawText(x, headHeight - 8, label, { size: 11, length: 20 })}</g>`
  })
  const names = shownRows.map((label, index) =>
    drawText(labelWidth - 8, headHeight + index * rowHeight + 17, label, {
      anchor: 'end',
      length: 32,
    }),
  )
  const cells = points.flatMap(({ labels: [row = '', column = ''], low }) => {
    const [y, x] = [shownRows.indexOf(row), shownColumns.indexOf(column)]
    if (x < 0 || y < 0) return []
    const [left, top] = [labelWidth + x * columnWidth, headHeight + y * rowHeight]
    const opacity = shade(low)
    return [
      `<rect x="${round(left)}" y="${top}" width="${round(columnWidth - 1)}" height="${rowHeight - 1}" fill="${inks.dark}" fill-opacity="${round(opacity * 10) / 10}"/>${drawText(left + columnWidth / 2, top + 17, formatShort(low), { anchor: 'middle', size: 11, fill: opacity > 0.5 ? '#ffffff' : inks.text })}`,
    ]
  })
  return {
    drawing: [...heads, ...names, ...cells].join('\n'),
    height: headHeight + shownRows.length * rowHeight + 8,
  }
}

/** Periods in their order, other labels by their sums. */
function rankLabels(points: readonly Point[], index: number): string[] {
  const sums = new Map<string, number>()
  for (const { labels, low } of points) {
    const label = labels[index] ?? ''
    sums.set(label, (sums.get(label) ?? 0) + low)
  }
  const labels = [...sums.keys()]
  const known = labels.filter((label) => label !== 'not known')
  return known.every((label) => /^\d{4}/.test(label))
    ? labels.sort()
    : labels.sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0))
}
