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
  const rpsOf = (name: string) => workloads.find((one) => one.name === name)?.server.rps
  const [firstPageRps, deepPageRps] = [rpsOf('keyset-first'), rpsOf('keyset-deep')]
  const resident = workloads.flatMap(({ residentBytes }) => residentBytes ?? [])
  return [
    ...workloads
      .filter(({ isSingle }) => isSingle)
      .map(({ name, latency }) => ({
        name: `p99 of ${name} at ${latency.connections} connections`,
        value: latency.p99Ms,
        most: maxSingleP99Ms,
        unit: ' ms',
      })),
    ...workloads
      .filter(({ isQuestion }) => isQuestion)
      .map(({ name, server }) => ({
        name: `p99 of ${name} at ${options.connections} connections`,
        value: server.p99Ms,
        most: maxQuestionP99Ms,
        unit: ' ms',
      })),
    ...workloads
      .filter(({ name }) => name === 'stream')
      .map(({ latency }) => ({
        name: `median delivery to ${latency.connections} subscribers`,
        value: latency.p50Ms,
        most: maxDeliveryMs,
        unit: ' ms',
      })),
    ...(firstPageRps && deepPageRps
      ? [
          {
            name: 'first page to deep page, requests/s',
            value: firstPageRps / deepPageRps,
            most: maxDeepPageSlowdown,
            unit: '',
          },
        ]
      : []),
    ...workloads.flatMap(({ name, exported }) =>
      exported === null
        ? []
        : [
            {
              name: `first byte of ${name}`,
              value: exported.firstByteMs,
              most: exported.firstByteMsMost,
              unit: ' ms',
            },
            ...(exported.overIdleBytes === null
              ? []
              : [
                  {
                    name: `memory of the server over idle during ${name}`,
                    value: exported.overIdleBytes / bytesPerMegabyte,
                    most: exported.overIdleMbMost,
                    unit: ' MB',
                  },
                ]),
          ],
    ),
    ...workloads.flatMap(({ checks = [] }) => checks),
    ...(resident.length > 0
      ? [
          {
            name: 'resident memory of the server under load',
            value: Math.max(...resident) / bytesPerMegabyte,
            most: maxResidentMb,
            unit: ' MB',
          },
        ]
      : []),
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
  `${serverMicros === null ? '-' : formatFigure(serverMicros)} + ${postgresMicros === null ? '-' : formatFigure(postgresMicros)}`

/** Three digits. */
const formatFigure = (number: number): string =>
  number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(number >= 10 ? 3 : 2)

/** Where, how and what the columns mean. */
function buildLegend({ machine, options }: BenchReport): string[] {
  const { date, processors, model, memoryGb, node, postgres } = machine
  const { scale, seconds, rounds, connections, latencyConnections } = options
  return [
    `${date}, ${processors} processors (${model}), ${memoryGb} GB; Node ${node}, PostgreSQL ${postgres}; ${scale.toLocaleString('en')} permits.`,
    `Medians of ${rounds} rounds of ${seconds} s: requests/s, CPU and the first p99 at ${connections} connections, p50 and p99 at ${latencyConnections}; an export is one request alone.`,
    'CPU: microseconds of processor time an answer, of the server + of PostgreSQL. Ratios: server to yardstick, above 1 is better than it. `!`: short of the goal.',
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

/** One line, for programs. */
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
