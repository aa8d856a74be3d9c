/** The command `npm run bench:growth`: compares the saved results of `npm run bench` at several scales. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawGrowthChart, type GrowthLine } from './charts.ts'
import { benchFolder } from './data-set/data-set-cache.ts'

const chartFile = join(import.meta.dirname, '../docs/benchmarks-growth.svg')

type SavedResult = {
  workloads: { name: string; rps: number; server: { postgresMicros: number | null } }[]
}

const savedRuns = readdirSync(benchFolder)
  .flatMap((file) => {
    const scale = Number(/^result-(\d+)\.json$/.exec(file)?.[1])
    if (!scale) return []
    return [
      { scale, ...(JSON.parse(readFileSync(join(benchFolder, file), 'utf8')) as SavedResult) },
    ]
  })
  .sort((a, b) => a.scale - b.scale)
if (savedRuns.length < 2) {
  console.error('Run `npm run bench -- --scale N` at two scales or more first.')
  process.exit(1)
}

const names = [...new Set(savedRuns.flatMap(({ workloads }) => workloads.map(({ name }) => name)))]
const growthLines: GrowthLine[] = names.map((name) => ({
  name,
  points: savedRuns.flatMap(({ scale, workloads }) => {
    const workload = workloads.find((candidate) => candidate.name === name)
    return workload ? [{ scale, rps: workload.rps }] : []
  }),
}))
writeFileSync(chartFile, drawGrowthChart(growthLines))

const formatRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
console.log(
  formatRow([
    'requests/s',
    ...savedRuns.map(({ scale }) => `${scale.toLocaleString('en')} permits`),
  ]),
)
console.log(formatRow(['---', ...savedRuns.map(() => '---:')]))
for (const { name, points } of growthLines) {
  const cells = savedRuns.map(({ scale }) => {
    const rps = points.find((point) => point.scale === scale)?.rps
    if (rps === undefined) return '-'
    return rps >= 100 ? Math.round(rps).toLocaleString('en') : rps.toPrecision(3)
  })
  console.log(formatRow([name, ...cells]))
}
