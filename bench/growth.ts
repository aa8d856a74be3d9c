/** The command `npm run bench:growth`: what the runs of `npm run bench` at several scales have left, side by side. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Growth, growthChart } from './charts.ts'
import { benchFolder } from './data-set/cached.ts'

const picture = join(import.meta.dirname, '../docs/benchmarks-growth.svg')

type Kept = {
  workloads: { name: string; rps: number; server: { postgresMicros: number | null } }[]
}

const runs = readdirSync(benchFolder)
  .flatMap((file) => {
    const scale = Number(/^result-(\d+)\.json$/.exec(file)?.[1])
    if (!scale) return []
    return [{ scale, ...(JSON.parse(readFileSync(join(benchFolder, file), 'utf8')) as Kept) }]
  })
  .sort((a, b) => a.scale - b.scale)
if (runs.length < 2) {
  console.error('Run `npm run bench -- --scale N` at two scales or more first.')
  process.exit(1)
}

const names = [...new Set(runs.flatMap(({ workloads }) => workloads.map(({ name }) => name)))]
const lines: Growth[] = names.map((name) => ({
  name,
  points: runs.flatMap(({ scale, workloads }) => {
    const found = workloads.find((one) => one.name === name)
    return found ? [{ scale, rps: found.rps }] : []
  }),
}))
writeFileSync(picture, growthChart(lines))

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
console.log(
  row(['requests/s', ...runs.map(({ scale }) => `${scale.toLocaleString('en')} permits`)]),
)
console.log(row(['---', ...runs.map(() => '---:')]))
for (const { name, points } of lines) {
  const cells = runs.map(({ scale }) => {
    const rps = points.find((point) => point.scale === scale)?.rps
    return rps === undefined
      ? '-'
      : rps >= 100
        ? Math.round(rps).toLocaleString('en')
        : rps.toPrecision(3)
  })
  console.log(row([name, ...cells]))
}
