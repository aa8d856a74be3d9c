/**
 * The command `npm run bench:soak`: runs all read workloads and checks that the memory of the server does not grow.
 * Argument: seconds, at least 15, default 600.
 */
import pg from 'pg'
import { registerCleanup, runCommand } from './cleanup.ts'
import { openDataSet } from './data-set/data-set-cache.ts'
import { get } from './http.ts'
import { readNumberArguments } from './options.ts'
import { readResidentBytes } from './processes.ts'
import { startApi, startDriver } from './servers.ts'
import { workloads } from './workloads/all.ts'

const scale = 10_000
const roundSeconds = 5
/** One for each third of a run, because memory is compared between thirds. */
const minRounds = 3
const maxGrowth = 1.1
const { seconds } = readNumberArguments('bench:soak', {
  seconds: {
    description: 'length of the run; its second third is compared with the last',
    min: minRounds * roundSeconds,
    defaultValue: 600,
  },
})
const logProgress = (line: string) => console.error(line)

async function runSoak(): Promise<void> {
  const databaseUrl = await openDataSet(scale, logProgress)
  const api = await startApi(databaseUrl, 'cache')
  const client = new pg.Client(databaseUrl)
  await client.connect()
  registerCleanup(() => client.end())
  const samples = {
    get: (path: string) => get(`${api.url}${path}`),
    sql: async (text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows,
  }
  const reads = workloads.filter(({ stream, status }) => !stream && (status ?? 200) === 200)
  const drive = startDriver()
  const residentMb: number[] = []
  const end = performance.now() + seconds * 1_000
  for (let round = 0; round < minRounds || performance.now() < end; round++) {
    const workload = reads[round % reads.length]
    if (workload === undefined) throw new RangeError('There are no read workloads.')
    const requests = await workload.requests(samples)
    const job = { url: api.url, requests, status: 200, connections: 32, answerCount: null }
    const { rps } = await drive({ ...job, seconds: roundSeconds, round })
    const resident = (readResidentBytes(api.pid) ?? 0) / 1_000_000
    residentMb.push(resident)
    logProgress(`${workload.name}: ${Math.round(rps)} requests/s, ${Math.round(resident)} MB`)
  }
  const third = Math.floor(residentMb.length / 3)
  const highest = (values: readonly number[]) => Math.max(...values)
  const [middle, last] = [
    highest(residentMb.slice(third, -third)),
    highest(residentMb.slice(-third)),
  ]
  const verdict = last <= middle * maxGrowth ? 'holds' : 'FAILS'
  console.log(
    `${verdict}: ${seconds} s of load; at most ${Math.round(middle)} MB in the second third of it, ${Math.round(last)} MB in the last`,
  )
  if (verdict === 'FAILS') process.exitCode = 1
}

await runCommand(runSoak)
