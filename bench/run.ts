/** The command `npm run bench`. Read docs/benchmarks.md for what its figures mean. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { ratioChart } from './charts.ts'
import { atEnd, runCommand } from './closing.ts'
import { benchFolder, cachedDataSet } from './data-set/cached.ts'
import { get } from './http.ts'
import { describeMachine } from './machine.ts'
import { type Bench, measure, type Result } from './measure.ts'
import { type Options, readOptions } from './options.ts'
import { postgresClock } from './processes.ts'
import { profile } from './profile.ts'
import { intakeWorkloads } from './registers/measure.ts'
import { asJson, asMarkdown, asText } from './report.ts'
import { startApi, startDriver, startYardstick } from './servers.ts'
import { workloads } from './workloads/all.ts'
import type { Samples } from './workloads/workload.ts'
import { copyToWriteTo } from './writes/copy.ts'
import { measureWrites, openWriting } from './writes/measure.ts'
import { writeWorkloads } from './writes/workloads.ts'

/** Progress goes beside the result. */
const say = (line: string) => console.error(line)

async function run(options: Options): Promise<void> {
  const databaseUrl = await cachedDataSet(options.scale, say)
  const isAsked = ({ name }: { name: string }) => options.only?.includes(name) ?? true
  const writes = options.profile === null ? writeWorkloads.filter(isAsked) : []
  const intake = options.profile === null ? intakeWorkloads.filter(isAsked) : []
  // Before anybody connects to the data set, which could not be copied then.
  const copy = writes.length > 0 ? await copyToWriteTo(databaseUrl) : null
  const samplesOf = await openSamples(databaseUrl)
  const drive = startDriver()
  const toProfile = workloads.find(({ name }) => name === options.profile)
  if (toProfile) {
    for (const line of await profile(toProfile, databaseUrl, samplesOf, drive, options))
      console.log(line)
    return
  }
  const results: Result[] = []
  const note = (result: Result) => {
    results.push(result)
    say(`${result.name}: ${result.ratio.toFixed(2)} of the yardstick (goal ${result.goal})`)
  }
  const reads = workloads.filter(isAsked)
  if (reads.length > 0) {
    const api = await startApi(databaseUrl, 'no cache')
    const clock = await postgresClock(databaseUrl)
    atEnd(clock.close)
    const bench: Bench = {
      ...{ options, api, drive, clock, samples: samplesOf(api.url) },
      cachingApi: await startApi(databaseUrl, 'cache'),
      constant: await startYardstick('constant', databaseUrl),
      handWritten: await startYardstick('handWritten', databaseUrl),
    }
    for (const workload of reads) note(await measure(bench, workload))
  }
  if (copy !== null) {
    const writing = await openWriting(copy, options)
    for (const workload of writes) note(await measureWrites(writing, workload))
  }
  for (const workload of intake) note(await workload.measure(databaseUrl, options))
  const { scale, seconds, rounds, connections, latencyConnections } = options
  const report = {
    machine: await describeMachine(databaseUrl),
    options: { scale, seconds, rounds, connections, latencyConnections },
    workloads: results,
  }
  mkdirSync(benchFolder, { recursive: true })
  writeFileSync(join(benchFolder, `result-${scale}.json`), `${asJson(report)}\n`)
  if (options.chart) writeFileSync(options.chart, ratioChart(results))
  console.log(options.markdown ? asMarkdown(report) : asText(report))
  if (options.json) console.log(asJson(report))
}

async function openSamples(databaseUrl: string): Promise<(server: string) => Samples> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  atEnd(() => client.end())
  return (server) => ({
    get: (path) => get(`${server}${path}`),
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
  })
}

const nameOf = ({ name }: { name: string }): string => name

await runCommand(() =>
  run(
    readOptions(
      [...workloads, ...writeWorkloads, ...intakeWorkloads].map(nameOf),
      workloads.map(nameOf),
    ),
  ),
)
