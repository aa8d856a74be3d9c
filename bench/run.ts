/** The command `npm run bench`. docs/benchmarks.md explains its figures. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { drawRatioChart } from './charts.ts'
import { registerCleanup, runCommand } from './cleanup.ts'
import { benchFolder, openDataSet } from './data-set/data-set-cache.ts'
import { get } from './http.ts'
import { describeMachine } from './machine.ts'
import { type BenchContext, measureWorkload, type WorkloadResult } from './measure.ts'
import { type BenchOptions, readOptions } from './options.ts'
import { openPostgresCpuMeter } from './processes.ts'
import { profileWorkload } from './profile.ts'
import { intakeWorkloads } from './registers/measure.ts'
import { formatJson, formatMarkdown, formatText } from './report.ts'
import { startApi, startDriver, startYardstick } from './servers.ts'
import { workloads } from './workloads/all.ts'
import type { SampleSource } from './workloads/workload.ts'
import { createWritableCopy } from './writes/database-copy.ts'
import { measureWrites, openWriteBench } from './writes/measure.ts'
import { writeWorkloads } from './writes/workloads.ts'

/** Progress goes to stderr, the result to stdout. */
const logProgress = (line: string) => console.error(line)

async function runBenchmarks(options: BenchOptions): Promise<void> {
  const databaseUrl = await openDataSet(options.scale, logProgress)
  const isSelected = ({ name }: { name: string }) => options.only?.includes(name) ?? true
  const writes = options.profile === null ? writeWorkloads.filter(isSelected) : []
  const intake = options.profile === null ? intakeWorkloads.filter(isSelected) : []
  // PostgreSQL can copy the data set only while nobody is connected to it.
  const writableDatabaseUrl = writes.length > 0 ? await createWritableCopy(databaseUrl) : null
  const createSamples = await openSamples(databaseUrl)
  const drive = startDriver()
  const profiledWorkload = workloads.find(({ name }) => name === options.profile)
  if (profiledWorkload) {
    for (const line of await profileWorkload(
      profiledWorkload,
      databaseUrl,
      createSamples,
      drive,
      options,
    ))
      console.log(line)
    return
  }
  const results: WorkloadResult[] = []
  const addResult = (result: WorkloadResult) => {
    results.push(result)
    logProgress(`${result.name}: ${result.ratio.toFixed(2)} of the yardstick (goal ${result.goal})`)
  }
  const reads = workloads.filter(isSelected)
  if (reads.length > 0) {
    const api = await startApi(databaseUrl, 'no cache')
    const postgresCpuMeter = await openPostgresCpuMeter(databaseUrl)
    registerCleanup(postgresCpuMeter.close)
    const bench: BenchContext = {
      options,
      api,
      drive,
      postgresCpuMeter,
      samples: createSamples(api.url),
      cachingApi: await startApi(databaseUrl, 'cache'),
      constant: await startYardstick('constant', databaseUrl),
      handWritten: await startYardstick('handWritten', databaseUrl),
    }
    for (const workload of reads) addResult(await measureWorkload(bench, workload))
  }
  if (writableDatabaseUrl !== null) {
    const writeBench = await openWriteBench(writableDatabaseUrl, options)
    for (const workload of writes) addResult(await measureWrites(writeBench, workload))
  }
  for (const workload of intake) addResult(await workload.measure(databaseUrl, options))
  const { scale, seconds, rounds, connections, latencyConnections } = options
  const report = {
    machine: await describeMachine(databaseUrl),
    options: { scale, seconds, rounds, connections, latencyConnections },
    workloads: results,
  }
  mkdirSync(benchFolder, { recursive: true })
  writeFileSync(join(benchFolder, `result-${scale}.json`), `${formatJson(report)}\n`)
  if (options.chart) writeFileSync(options.chart, drawRatioChart(results))
  console.log(options.markdown ? formatMarkdown(report) : formatText(report))
  if (options.json) console.log(formatJson(report))
}

async function openSamples(databaseUrl: string): Promise<(server: string) => SampleSource> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  registerCleanup(() => client.end())
  return (server) => ({
    get: (path) => get(`${server}${path}`),
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
  })
}

const getName = ({ name }: { name: string }): string => name

await runCommand(() =>
  runBenchmarks(
    readOptions(
      [...workloads, ...writeWorkloads, ...intakeWorkloads].map(getName),
      workloads.map(getName),
    ),
  ),
)
