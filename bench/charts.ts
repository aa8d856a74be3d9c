import * as echarts from 'echarts'
import type { WorkloadResult } from './measure.ts'

const font = { fontFamily: 'system-ui, sans-serif' }

function renderSvg(width: number, height: number, option: echarts.EChartsOption): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, textStyle: font, backgroundColor: '#ffffff', ...option })
  const text = chart.renderToSVGString()
  chart.dispose()
  return `${text}\n`
}

/** A bar chart: the ratio of each workload to its yardstick, with a mark at its goal. */
export function drawRatioChart(workloads: readonly WorkloadResult[]): string {
  const rows = [...workloads].reverse()
  return renderSvg(760, 90 + 26 * rows.length, {
    title: {
      text: 'Requests per second, as a share of the yardstick in the same run',
      left: 10,
      top: 8,
    },
    grid: { left: 150, right: 60, top: 50, bottom: 30 },
    xAxis: { type: 'value', min: 0, axisLabel: { formatter: '{value}' } },
    yAxis: { type: 'category', data: rows.map(({ name }) => name), axisTick: { show: false } },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        label: { show: true, position: 'right' },
        data: rows.map(({ ratio, goal }) => ({
          value: Number(ratio.toFixed(2)),
          itemStyle: { color: ratio < goal ? '#c2410c' : '#0f766e' },
        })),
      },
      {
        type: 'scatter',
        symbol: 'rect',
        symbolSize: [2, 20],
        itemStyle: { color: '#111827' },
        data: rows.map(({ goal }, row) => [goal, row]),
      },
    ],
  })
}

export type GrowthLine = { name: string; points: readonly { scale: number; rps: number }[] }

/** A line chart with logarithmic axes: requests per second of each workload over the number of permits. */
export function drawGrowthChart(lines: readonly GrowthLine[]): string {
  return renderSvg(760, 520, {
    title: { text: 'Requests per second as the data grows', left: 10, top: 8 },
    legend: { top: 40, left: 10, right: 10, itemWidth: 16 },
    grid: { left: 70, right: 30, top: 120, bottom: 50 },
    xAxis: { type: 'log', name: 'permits', nameLocation: 'middle', nameGap: 30, min: 1_000 },
    yAxis: { type: 'log', name: 'requests/s' },
    series: lines.map(({ name, points }) => ({
      name,
      type: 'line' as const,
      symbol: 'circle',
      data: points.map(({ scale, rps }) => [scale, Number(rps.toPrecision(3))]),
    })),
  })
}
