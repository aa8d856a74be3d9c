import { scaleLinear, scalePoint } from 'd3-scale'
import type { Point } from './points.ts'
import { drawText, formatShort, inks, round, width } from './svg.ts'

const margin = { left: 70, right: 190, top: 12, bottom: 34 }
const height = 380
const linesMax = 8
/** Told apart without colour. */
const dashes = ['', '6 3', '2 3', '10 4', '10 3 2 3', '1 3', '14 3', '4 4 1 4']
const periodNames = ['year', 'quarter', 'month']

/** A line for each value of the other dimension, over time. A period without a row has no point. */
export function drawLines(
  points: readonly Point[],
  by: readonly string[],
): { drawing: string; height: number } {
  const timeIndex = by.findIndex((name) => periodNames.includes(name))
  const dated = points.filter(({ labels }) => /^\d{4}/.test(labels[timeIndex] ?? ''))
  const periods = fillPeriods(
    [...new Set(dated.map(({ labels }) => labels[timeIndex] ?? ''))].sort(),
  )
  const nameOf = ({ labels }: Point) => labels.filter((_, index) => index !== timeIndex).join(', ')
  const series = [...Map.groupBy(dated, nameOf)]
    .sort(([, a], [, b]) => sum(b) - sum(a))
    .slice(0, linesMax)
  const max = Math.max(1, ...dated.map(({ low, high }) => high ?? low))
  const x = scalePoint(periods, [margin.left, width - margin.right])
  const y = scaleLinear([0, max], [height - margin.bottom, margin.top]).nice()
  const axis = y
    .ticks(5)
    .map(
      (tick) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#dddddd"/>${drawText(margin.left - 8, y(tick) + 4, formatShort(tick), { anchor: 'end', size: 11 })}`,
    )
  const every = Math.ceil(periods.length / 10)
  const labels = periods.flatMap((period, index) =>
    index % every === 0
      ? [drawText(x(period) ?? 0, height - 12, period, { anchor: 'middle', size: 11 })]
      : [],
  )
  const lines = series.map(([, line], index) => drawLine(line, index, { x, y, timeIndex }))
  const names = spreadLabels(
    series.map(([name, line]) => {
      const last = line.toSorted((a, b) => compareLabels(a, b, timeIndex)).at(-1)
      return { name, left: x(last?.labels[timeIndex] ?? '') ?? 0, top: y(last?.low ?? 0) }
    }),
  )
  return { drawing: [...axis, ...labels, ...lines, ...names].join('\n'), height }
}

const labelGap = 15

const compareLabels = (a: Point, b: Point, index: number): number =>
  (a.labels[index] ?? '') < (b.labels[index] ?? '') ? -1 : 1

/** The names at the ends of the lines, moved down where they would cover each other. */
function spreadLabels(labels: readonly { name: string; left: number; top: number }[]): string[] {
  let previous = Number.NEGATIVE_INFINITY
  return labels
    .toSorted((a, b) => a.top - b.top)
    .map(({ name, left, top }) => {
      previous = Math.max(top, previous + labelGap)
      return drawText(left + 8, previous + 4, name, { size: 12, length: 24 })
    })
}

const sum = (points: readonly Point[]): number => points.reduce((total, { low }) => total + low, 0)

/** Years without a row are gaps on the axis, and not left out. */
function fillPeriods(periods: readonly string[]): string[] {
  const [first, last] = [periods.at(0), periods.at(-1)]
  if (first === undefined || last === undefined || first.length > 4) return [...periods]
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
    String(Number(first) + index),
  )
}

function drawLine(
  points: readonly Point[],
  index: number,
  {
    x,
    y,
    timeIndex,
  }: {
    x: (period: string) => number | undefined
    y: (value: number) => number
    timeIndex: number
  },
): string {
  const places = points
    .map(({ labels, low }) => ({ left: x(labels[timeIndex] ?? '') ?? 0, top: y(low) }))
    .sort((a, b) => a.left - b.left)
  const path = places
    .map(({ left, top }, step) => `${step === 0 ? 'M' : 'L'}${round(left)} ${round(top)}`)
    .join('')
  const dots = places.map(
    ({ left, top }) => `<circle cx="${round(left)}" cy="${round(top)}" r="3" fill="${inks.dark}"/>`,
  )
  return `<path d="${path}" fill="none" stroke="${inks.dark}" stroke-width="2" stroke-dasharray="${dashes[index] ?? ''}"/>${dots.join('')}`
}
