import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { LoadJob, LoadResult } from './load-messages.ts'
import type { BenchOptions } from './options.ts'
import { startApi } from './servers.ts'
import type { SampleSource, Workload } from './workloads/workload.ts'

/** As much of V8's format as is read here. Times are microseconds of the same clock as `process.hrtime`. */
type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  startTime: number
  samples: number[]
  timeDeltas: number[]
}

const maxShownFunctions = 15
const root = join(import.meta.dirname, '..')
/** Of V8, when the process waited. */
const idleFrame = '(idle)'

/** Puts one workload on a server under V8's profiler; gives lines that say where its time went. */
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
  // Node writes the profile as it ends.
  await server.stop()
  const [file] = readdirSync(folder)
  if (file === undefined) throw new Error('The server has left no profile.')
  const cpuProfile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile
  return [
    `${workload.name}: ${Math.round(rps)} requests/s under the profiler. Open in a browser's developer tools: ${relative(process.cwd(), join(folder, file))}`,
    ...formatTopFunctions(cpuProfile, begin, end),
  ]
}

const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n)

/** By the time spent in the function itself, between two moments; the start of the server does not count. */
function formatTopFunctions(
  { nodes, samples, timeDeltas, startTime }: CpuProfile,
  begin: number,
  end: number,
): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, formatFrameName(callFrame)]))
  const times = new Map<string, number>()
  let at = startTime
  for (const [index, node] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0
    at += delta
    if (at < begin || at > end) continue
    const name = names.get(node) ?? 'unknown'
    times.set(name, (times.get(name) ?? 0) + delta)
  }
  const all = [...times.values()].reduce((sum, one) => sum + one, 0)
  const busy = all - (times.get(idleFrame) ?? 0)
  const sorted = [...times].filter(([name]) => name !== idleFrame).sort((a, b) => b[1] - a[1])
  return [
    `${Math.round((100 * busy) / all)} % busy. Share of the busy time, in the function itself:`,
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
