import { scaleLinear } from 'd3-scale'
import type { Point } from './points.ts'
import { drawText, formatNumber, inks, round, width } from './svg.ts'

const rowHeight = 24
const labelWidth = 260
const numberWidth = 130
const barsMax = 60

/** A bar for each point. What may be more, by a range, is a lighter bar behind it. */
export function drawBars(all: readonly Point[]): { drawing: string; height: number } {
  const points = all.slice(0, barsMax)
  const max = Math.max(1, ...points.map(({ low, high }) => high ?? low))
  const x = scaleLinear([0, max], [0, width - labelWidth - numberWidth])
  const bars = points.map(({ labels, low, high }, index) => {
    const y = index * rowHeight
    const range =
      high !== null && high > low
        ? `<rect x="${labelWidth}" y="${y + 3}" width="${round(x(high))}" height="${rowHeight - 8}" fill="${inks.light}"/>`
        : ''
    const number =
      high === null
        ? `${formatNumber(low)} or more`
        : high > low
          ? `${formatNumber(low)}–${formatNumber(high)}`
          : formatNumber(low)
    return `${drawText(labelWidth - 8, y + 16, labels.join(', '), { anchor: 'end', length: 38 })}${range}<rect x="${labelWidth}" y="${y + 3}" width="${round(x(low))}" height="${rowHeight - 8}" fill="${inks.dark}"/>${drawText(labelWidth + x(high ?? low) + 6, y + 16, number, { size: 12 })}`
  })
  const more =
    all.length > points.length
      ? drawText(labelWidth, points.length * rowHeight + 16, `${all.length - points.length} more`, {
          fill: inks.soft,
        })
      : ''
  return {
    drawing: bars.join('\n') + more,
    height: (points.length + (more ? 1 : 0)) * rowHeight + 8,
  }
}
