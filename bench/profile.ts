import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { LoadJob, LoadResult } from './load-messages.ts'
import type { BenchOptions } from './options.ts'
import { startApi } from './servers.ts'
import type { SampleSource, Workload } from './workloads/workload.ts'

/** The used part of V8's profile format. Times are microseconds of the clock of `process.hrtime`. */
type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  startTime: number
  samples: number[]
  timeDeltas: number[]
}

const maxShownFunctions = 15
const root = join(import.meta.dirname, '..')
/** V8's name for the time in which the process waits. */
const idleFrame = '(idle)'

/** Runs one workload on a server under V8's profiler. Returns lines with the functions that took the most time. */
export async function profileWorkload(
  workload: Workload,
  databaseUrl: string,
  createSamples: (server: string) => SampleSource,
  drive: (job: LoadJob) => Promise<LoadResult>,
  { seconds, connections }: BenchOptions,
): Promise<string[]> {
  const folder = join(root, '.bench/profiles', workload.name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const server = await startApi(
    databaseUrl,
    workload.yardstick === 'constant' ? 'cache' : 'no cache',
    ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  )
  const job: LoadJob = {
    url: server.url,
    requests: await workload.requests(createSamples(server.url)),
    status: workload.status ?? 200,
    connections: workload.stream ? 1 : connections,
    seconds,
    answerCount: workload.stream?.amount ?? null,
    round: 0,
  }
  await drive(job)
  const begin = nowMicros()
  const { rps } = await drive({ ...job, round: 1 })
  const end = nowMicros()
  // Node writes the profile when it exits.
  await server.stop()
  const [file] = readdirSync(folder)
  if (file === undefined) throw new Error('The server wrote no profile.')
  const cpuProfile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile
  const profilePath = relative(process.cwd(), join(folder, file))
  return [
    `${workload.name}: ${Math.round(rps)} requests/s under the profiler.`,
    `Open in a browser's developer tools: ${profilePath}`,
    ...formatTopFunctions(cpuProfile, begin, end),
  ]
}

const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n)

/** Functions by their self time between two moments, so that the start of the server does not count. */
function formatTopFunctions(
  { nodes, samples, timeDeltas, startTime }: CpuProfile,
  begin: number,
  end: number,
): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, formatFrameName(callFrame)]))
  const times = new Map<string, number>()
  let sampleTime = startTime
  for (const [index, node] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0
    sampleTime += delta
    if (sampleTime < begin || sampleTime > end) continue
    const name = names.get(node) ?? 'unknown'
    times.set(name, (times.get(name) ?? 0) + delta)
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const busy = total - (times.get(idleFrame) ?? 0)
  const sorted = [...times].filter(([name]) => name !== idleFrame).sort((a, b) => b[1] - a[1])
  return [
    `${Math.round((100 * busy) / total)} % busy. Self time as a share of the busy time:`,
    ...sorted
      .slice(0, maxShownFunctions)
      .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(6)} %  ${name}`),
  ]
}

function formatFrameName({
  functionName,
  url,
  lineNumber,
}: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.replace(/^file:\/\//, '')
  const name = functionName === '' ? '(anonymous)' : functionName
  return file === '' ? name : `${name}  ${relative(root, file)}:${lineNumber + 1}`
}
