import type { TotalRow, Totals } from '../schema.ts'
import { drawBars } from './bars.ts'
import { drawHeatMap } from './heat-map.ts'
import { drawLines } from './lines.ts'
import type { Point } from './points.ts'
import { drawDocument, drawText, formatNumber } from './svg.ts'
import { drawWorldMap } from './world-map.ts'

export const chartNames = ['bars', 'lines', 'heatmap', 'map'] as const
type ChartName = (typeof chartNames)[number]

export type ChartOptions = {
  /** What is counted, e.g. `permits`. */
  noun: string
  measure: 'count' | 'value' | 'quantity'
  unit: string | undefined
  chart: ChartName | undefined
  /** Address of the data. */
  source: string
  revision: number | null
}

/** Dimensions whose values are in an order of time. */
const periodNames = ['year', 'quarter', 'month']
/** Points of one chart. */
const pointsMax = 400

/** The chart as an SVG document. */
export function renderChart(totals: Totals, options: ChartOptions): string {
  const unit =
    options.measure === 'count' ? '' : (options.unit ?? findFrequentUnit(totals, options.measure))
  const points = totals.data
    .flatMap((row) => toPoint(row, totals.by, options.measure, unit))
    .slice(0, pointsMax)
  const name = options.chart ?? chooseChart(totals.by, points)
  const { drawing, height } = draw(name, totals.by, points)
  const what = describeMeasure(options, unit)
  return drawDocument(
    {
      title: `${what}, by ${totals.by.map(spellOut).join(' and ')}`,
      description: describePoints(points, totals),
      unit: describeUnit(options, unit, totals),
      source: `Source: ${options.source}${options.revision === null ? '' : `, revision ${options.revision}`}, ${new Date().toISOString().slice(0, 10)}`,
    },
    drawing,
    height,
  )
}

function draw(name: ChartName, by: readonly string[], points: readonly Point[]) {
  if (points.length === 0)
    return { drawing: drawText(16, 24, 'No record states such a number.'), height: 40 }
  if (name === 'lines') return drawLines(points, by)
  if (name === 'heatmap') return drawHeatMap(points)
  if (name === 'map') return drawWorldMap(points)
  return drawBars(points)
}

function chooseChart(by: readonly string[], points: readonly Point[]): ChartName {
  const [first = '', second] = by
  if (by.some((name) => periodNames.includes(name)) && by.length <= 2) return 'lines'
  if (second !== undefined) return 'heatmap'
  const isMap = first === 'destination' && points.some(({ country }) => country !== null)
  return isMap ? 'map' : 'bars'
}

/** The unit that most records have. */
function findFrequentUnit({ total }: Totals, measure: 'value' | 'quantity'): string {
  const sums = measure === 'value' ? total.values : total.quantities
  return sums.toSorted((a, b) => b.records - a.records)[0]?.unit ?? ''
}

function toPoint(
  row: TotalRow,
  by: readonly string[],
  measure: ChartOptions['measure'],
  unit: string,
): Point[] {
  const keys = by.map((name) => row.keys[name] ?? null)
  const [first] = keys
  const labels = keys.map((key) =>
    key === null ? 'not known' : typeof key === 'string' ? key : key.name,
  )
  const country = typeof first === 'object' && first !== null ? first.country : null
  if (measure === 'count') return [{ labels, country, ...row.count }]
  const sum = (measure === 'value' ? row.values : row.quantities).find((one) => one.unit === unit)
  if (sum === undefined) return []
  return [
    { labels, country, low: Number(sum.low), high: sum.high === null ? null : Number(sum.high) },
  ]
}

const spellOut = (name: string): string =>
  name.replaceAll(/([a-z])([A-Z])/g, (_match, end, start) => `${end} ${start.toLowerCase()}`)

const describeMeasure = ({ noun, measure }: ChartOptions, unit: string): string => {
  const plural = noun.charAt(0).toUpperCase() + noun.slice(1)
  if (measure === 'count') return plural
  return measure === 'value'
    ? `Value of ${noun} in ${unit}`
    : `Quantities of ${noun}${unit && ` (${unit})`}`
}

function describeUnit(
  { noun, measure }: ChartOptions,
  unit: string,
  { other, total }: Totals,
): string {
  const parts = [
    measure === 'count' ? `Number of ${noun}` : measure === 'value' ? unit : unit || 'units',
  ]
  if (other !== null) parts.push(`${other.rows} further rows are not shown`)
  if (total.overlapping > 0) parts.push('some figures repeat each other: do not add them')
  return parts.join('; ')
}

/** The numbers in words, for those who do not see the picture. */
function describePoints(points: readonly Point[], { other }: Totals): string {
  const listed = points.slice(0, 40).map(({ labels, low, high }) => {
    const range =
      high === null
        ? `at least ${formatNumber(low)}`
        : high === low
          ? formatNumber(low)
          : `${formatNumber(low)} to ${formatNumber(high)}`
    return `${labels.join(', ')}: ${range}`
  })
  const more = points.length - listed.length + (other?.rows ?? 0)
  return `${listed.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}
