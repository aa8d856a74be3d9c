import type { Machine } from './machine.ts'
import type { Check, Measured, Result } from './measure.ts'
import type { Options } from './options.ts'
import { deliveryMsMost } from './writes/workloads.ts'

export type Report = {
  machine: Machine
  options: Pick<Options, 'scale' | 'seconds' | 'rounds' | 'connections' | 'latencyConnections'>
  workloads: readonly Result[]
}

const megabyte = 1_000_000
const flatMost = 1.2
const singleP99MsMost = 10
const questionP99MsMost = 150
const residentMbMost = 300

export function checksOf({ workloads, options }: Report): Check[] {
  const rpsOf = (name: string) => workloads.find((one) => one.name === name)?.server.rps
  const [first, deep] = [rpsOf('keyset-first'), rpsOf('keyset-deep')]
  const resident = workloads.flatMap(({ residentBytes }) => residentBytes ?? [])
  return [
    ...workloads
      .filter(({ isSingle }) => isSingle)
      .map(({ name, latency }) => ({
        name: `p99 of ${name} at ${latency.connections} connections`,
        ...{ value: latency.p99Ms, most: singleP99MsMost, unit: ' ms' },
      })),
    ...workloads
      .filter(({ isQuestion }) => isQuestion)
      .map(({ name, server }) => ({
        name: `p99 of ${name} at ${options.connections} connections`,
        ...{ value: server.p99Ms, most: questionP99MsMost, unit: ' ms' },
      })),
    ...workloads
      .filter(({ name }) => name === 'stream')
      .map(({ latency }) => ({
        name: `median delivery to ${latency.connections} subscribers`,
        ...{ value: latency.p50Ms, most: deliveryMsMost, unit: ' ms' },
      })),
    ...(first && deep
      ? [
          {
            name: 'first page to deep page, requests/s',
            ...{ value: first / deep, most: flatMost, unit: '' },
          },
        ]
      : []),
    ...workloads.flatMap(({ name, exported }) =>
      exported === null
        ? []
        : [
            {
              name: `first byte of ${name}`,
              ...{ value: exported.firstByteMs, most: exported.firstByteMsMost, unit: ' ms' },
            },
            ...(exported.overIdleBytes === null
              ? []
              : [
                  {
                    name: `memory of the server over idle during ${name}`,
                    value: exported.overIdleBytes / megabyte,
                    ...{ most: exported.overIdleMbMost, unit: ' MB' },
                  },
                ]),
          ],
    ),
    ...workloads.flatMap(({ checks = [] }) => checks),
    ...(resident.length > 0
      ? [
          {
            name: 'resident memory of the server under load',
            ...{ value: Math.max(...resident) / megabyte, most: residentMbMost, unit: ' MB' },
          },
        ]
      : []),
  ]
}

const headerOf = ({ options: { connections, latencyConnections } }: Report) => [
  ...['workload', 'requests/s', 'yardstick', 'ratio', 'goal', `p99 ms at ${connections}`],
  ...[`p50 ms at ${latencyConnections}`, 'p99 ms', 'CPU us', 'yardstick', 'ratio', 'MB'],
]

function cells(result: Result): string[] {
  const { name, server, yardsticks, yardstick, ratio, goal, latency, processorRatio } = result
  const best = yardsticks[yardstick]
  return [
    ...[name, figure(server.rps), `${best ? figure(best.rps) : '-'} ${yardstick}`],
    ...[`${ratio.toFixed(2)}${ratio < goal ? ' !' : ''}`, goal.toFixed(2)],
    ...[figure(server.p99Ms), figure(latency.p50Ms), figure(latency.p99Ms)],
    ...[processor(server), best ? processor(best) : '-', processorRatio?.toFixed(2) ?? '-'],
    result.residentBytes === null ? '-' : String(Math.round(result.residentBytes / megabyte)),
  ]
}

const processor = ({ serverMicros, postgresMicros }: Measured): string =>
  `${serverMicros === null ? '-' : figure(serverMicros)} + ${postgresMicros === null ? '-' : figure(postgresMicros)}`

/** Three digits. */
const figure = (number: number): string =>
  number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(number >= 10 ? 3 : 2)

/** Where, how and what the columns mean. */
function legend({ machine, options }: Report): string[] {
  const { date, processors, model, memoryGb, node, postgres } = machine
  const { scale, seconds, rounds, connections, latencyConnections } = options
  return [
    `${date}, ${processors} processors (${model}), ${memoryGb} GB; Node ${node}, PostgreSQL ${postgres}; ${scale.toLocaleString('en')} permits.`,
    `Medians of ${rounds} rounds of ${seconds} s: requests/s, CPU and the first p99 at ${connections} connections, p50 and p99 at ${latencyConnections}; an export is one request alone.`,
    'CPU: microseconds of processor time an answer, of the server + of PostgreSQL. Ratios: server to yardstick, above 1 is better than it. `!`: short of the goal.',
  ]
}

const others = ({ workloads }: Report): string[] =>
  workloads.flatMap(({ name, yardsticks, yardstick }) =>
    Object.entries(yardsticks)
      .filter(([way]) => way !== yardstick)
      .map(
        ([way, slower]) =>
          `${name}, by hand as ${way}: ${figure(slower.rps)} requests/s, CPU ${processor(slower)}`,
      ),
  )

const checkLines = (report: Report): string[] =>
  checksOf(report).map(
    ({ name, value, most, unit }) =>
      `${value <= most ? 'holds' : 'FAILS'}: ${name}: ${figure(value)}${unit}, at most ${most}${unit}`,
  )

export function asText(report: Report): string {
  const header = headerOf(report)
  const table = [header, ...report.workloads.map(cells)]
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
  return [...legend(report), '', ...lines, '', ...others(report), ...checkLines(report)].join('\n')
}

export function asMarkdown(report: Report): string {
  const header = headerOf(report)
  const row = (columns: readonly string[]) => `| ${columns.join(' | ')} |`
  const lines = [row(header), row(header.map((_, column) => (column === 0 ? '---' : '---:')))]
  for (const result of report.workloads) lines.push(row(cells(result)))
  const notes = [...others(report), ...checkLines(report)].map((line) => `- ${line}`)
  return [...legend(report), '', ...lines, '', ...notes].join('\n')
}

/** One line, for programs. */
export const asJson = (report: Report): string =>
  JSON.stringify({
    ...report,
    checks: checksOf(report),
    workloads: report.workloads.map(({ server, latency, ...result }) => ({
      ...{ name: result.name, rps: server.rps, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms },
      ...{ ratio: result.ratio, goal: result.goal },
      ...{ ...result, server, latency },
    })),
  })
