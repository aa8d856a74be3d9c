import type { Machine } from './machine.ts'
import type { GoalCheck, Measurement, WorkloadResult } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { maxDeliveryMs } from './writes/workloads.ts'

export type BenchReport = {
  machine: Machine
  options: Pick<BenchOptions, 'scale' | 'seconds' | 'rounds' | 'connections' | 'latencyConnections'>
  workloads: readonly WorkloadResult[]
}

const bytesPerMegabyte = 1_000_000
const maxDeepPageSlowdown = 1.2
const maxSingleP99Ms = 10
const maxQuestionP99Ms = 150
const maxResidentMb = 300

export function buildChecks({ workloads, options }: BenchReport): GoalCheck[] {
  return [
    ...workloads.flatMap((workload) => buildLatencyChecks(workload, options)),
    ...buildDeepPageCheck(workloads),
    ...workloads.flatMap(buildExportChecks),
    ...workloads.flatMap(({ checks = [] }) => checks),
    ...buildMemoryCheck(workloads),
  ]
}

function buildLatencyChecks(
  { name, isSingle, isQuestion, latency, server }: WorkloadResult,
  { connections }: BenchReport['options'],
): GoalCheck[] {
  const checks: GoalCheck[] = []
  const unit = ' ms'
  if (isSingle)
    checks.push({
      name: `p99 of ${name} at ${latency.connections} connections`,
      value: latency.p99Ms,
      most: maxSingleP99Ms,
      unit,
    })
  if (isQuestion)
    checks.push({
      name: `p99 of ${name} at ${connections} connections`,
      value: server.p99Ms,
      most: maxQuestionP99Ms,
      unit,
    })
  if (name === 'stream')
    checks.push({
      name: `median delivery to ${latency.connections} subscribers`,
      value: latency.p50Ms,
      most: maxDeliveryMs,
      unit,
    })
  return checks
}

function buildDeepPageCheck(workloads: readonly WorkloadResult[]): GoalCheck[] {
  const findRps = (name: string) => workloads.find((workload) => workload.name === name)?.server.rps
  const firstPageRps = findRps('keyset-first')
  const deepPageRps = findRps('keyset-deep')
  if (!firstPageRps || !deepPageRps) return []
  return [
    {
      name: 'first page to deep page, requests/s',
      value: firstPageRps / deepPageRps,
      most: maxDeepPageSlowdown,
      unit: '',
    },
  ]
}

function buildExportChecks({ name, exported }: WorkloadResult): GoalCheck[] {
  if (exported === null) return []
  const { firstByteMs, firstByteMsMost, overIdleBytes, overIdleMbMost } = exported
  const firstByte = {
    name: `first byte of ${name}`,
    value: firstByteMs,
    most: firstByteMsMost,
    unit: ' ms',
  }
  if (overIdleBytes === null) return [firstByte]
  const memory = {
    name: `memory of the server over idle during ${name}`,
    value: overIdleBytes / bytesPerMegabyte,
    most: overIdleMbMost,
    unit: ' MB',
  }
  return [firstByte, memory]
}

function buildMemoryCheck(workloads: readonly WorkloadResult[]): GoalCheck[] {
  const resident = workloads.flatMap(({ residentBytes }) => residentBytes ?? [])
  if (resident.length === 0) return []
  return [
    {
      name: 'resident memory of the server under load',
      value: Math.max(...resident) / bytesPerMegabyte,
      most: maxResidentMb,
      unit: ' MB',
    },
  ]
}

const buildHeader = ({ options: { connections, latencyConnections } }: BenchReport) => [
  'workload',
  'requests/s',
  'yardstick',
  'ratio',
  'goal',
  `p99 ms at ${connections}`,
  `p50 ms at ${latencyConnections}`,
  'p99 ms',
  'CPU us',
  'yardstick',
  'ratio',
  'MB',
]

function buildCells(result: WorkloadResult): string[] {
  const { name, server, yardsticks, yardstick, ratio, goal, latency, processorRatio } = result
  const best = yardsticks[yardstick]
  return [
    name,
    formatFigure(server.rps),
    `${best ? formatFigure(best.rps) : '-'} ${yardstick}`,
    `${ratio.toFixed(2)}${ratio < goal ? ' !' : ''}`,
    goal.toFixed(2),
    formatFigure(server.p99Ms),
    formatFigure(latency.p50Ms),
    formatFigure(latency.p99Ms),
    formatCpu(server),
    best ? formatCpu(best) : '-',
    processorRatio?.toFixed(2) ?? '-',
    result.residentBytes === null
      ? '-'
      : String(Math.round(result.residentBytes / bytesPerMegabyte)),
  ]
}

const formatCpu = ({ serverMicros, postgresMicros }: Measurement): string =>
  [serverMicros, postgresMicros]
    .map((micros) => (micros === null ? '-' : formatFigure(micros)))
    .join(' + ')

/** At most three significant digits below 100. */
function formatFigure(number: number): string {
  if (number >= 100) return Math.round(number).toLocaleString('en')
  return number.toPrecision(number >= 10 ? 3 : 2)
}

/** The machine, the options, and the meaning of the columns. */
function buildLegend({ machine, options }: BenchReport): string[] {
  const { date, processors, model, memoryGb, node, postgres } = machine
  const { scale, seconds, rounds, connections, latencyConnections } = options
  return [
    `${date}, ${processors} processors (${model}), ${memoryGb} GB; Node ${node}, PostgreSQL ${postgres}; ${scale.toLocaleString('en')} permits.`,
    `Medians of ${rounds} rounds of ${seconds} s: requests/s, CPU and the first p99 at ${connections} connections, p50 and p99 at ${latencyConnections}; an export is a single request.`,
    'CPU: microseconds of CPU time per response, of the server + of PostgreSQL. Ratios: server to yardstick; above 1 the server is better. `!`: below the goal.',
  ]
}

const formatSlowerYardsticks = ({ workloads }: BenchReport): string[] =>
  workloads.flatMap(({ name, yardsticks, yardstick }) =>
    Object.entries(yardsticks)
      .filter(([way]) => way !== yardstick)
      .map(
        ([way, slower]) =>
          `${name}, by hand as ${way}: ${formatFigure(slower.rps)} requests/s, CPU ${formatCpu(slower)}`,
      ),
  )

const formatChecks = (report: BenchReport): string[] =>
  buildChecks(report).map(
    ({ name, value, most, unit }) =>
      `${value <= most ? 'holds' : 'FAILS'}: ${name}: ${formatFigure(value)}${unit}, at most ${most}${unit}`,
  )

export function formatText(report: BenchReport): string {
  const header = buildHeader(report)
  const table = [header, ...report.workloads.map(buildCells)]
  const widths = header.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
  return [
    ...buildLegend(report),
    '',
    ...lines,
    '',
    ...formatSlowerYardsticks(report),
    ...formatChecks(report),
  ].join('\n')
}

export function formatMarkdown(report: BenchReport): string {
  const header = buildHeader(report)
  const row = (columns: readonly string[]) => `| ${columns.join(' | ')} |`
  const lines = [row(header), row(header.map((_, column) => (column === 0 ? '---' : '---:')))]
  for (const result of report.workloads) lines.push(row(buildCells(result)))
  const notes = [...formatSlowerYardsticks(report), ...formatChecks(report)].map(
    (line) => `- ${line}`,
  )
  return [...buildLegend(report), '', ...lines, '', ...notes].join('\n')
}

/** The report as JSON on one line. */
export const formatJson = (report: BenchReport): string =>
  JSON.stringify({
    ...report,
    checks: buildChecks(report),
    workloads: report.workloads.map(({ server, latency, ...result }) => ({
      ...result,
      rps: server.rps,
      p50Ms: latency.p50Ms,
      p99Ms: latency.p99Ms,
      server,
      latency,
    })),
  })
