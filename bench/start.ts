/**
 * The command `npm run bench:start`: measures the time from the start of the server to its first response from the
 * database, with an empty and with an existing data folder, and the memory of the idle server.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { registerCleanup, runCommand } from './cleanup.ts'
import { get } from './http.ts'
import { readCpuMicros, readResidentBytes } from './processes.ts'
import { findFreePort, startFlags } from './servers.ts'

const measuredPath = '/v1/permits/wescam-mx15d-baykar-2020'
const goals = { firstMs: 3_000, laterMs: 1_000, idleMb: 200 } as const
const startTimeoutMs = 120_000

type StartMeasurement = {
  /** Milliseconds until the first response. */
  wallMs: number
  /** Milliseconds of CPU time of the server, without PostgreSQL, until then; null without /proc. */
  processorMs: number | null
  idleMb: number | null
}

const command = new Command('npm run bench:start --')
  .description('Measures the start of the server until its first response, and its idle memory.')
  .option('--later <n>', 'later starts; the median is shown', Number, 5)
  .option('--idle <seconds>', 'idle time before memory is read', Number, 5)
  .option('--json', 'the result as JSON in the last line')
  .parse()
const { later, idle, json } = command.opts<{ later: number; idle: number; json?: true }>()

async function measureStart(dataDir: string): Promise<StartMeasurement> {
  const port = await findFreePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, startFlags, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_FORMAT: 'json',
    },
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await exited
  }
  registerCleanup(stop)
  while (!(await isAnswering(`http://127.0.0.1:${port}${measuredPath}`))) {
    if (child.exitCode !== null || performance.now() - startedAt > startTimeoutMs)
      throw new Error('The server does not respond.')
    await sleep(5)
  }
  const wallMs = performance.now() - startedAt
  const micros = readCpuMicros(child.pid ?? 0)
  await sleep(idle * 1_000)
  const resident = readResidentBytes(child.pid ?? 0)
  await stop()
  return {
    wallMs,
    processorMs: micros === null ? null : micros / 1_000,
    idleMb: resident === null ? null : resident / 1_000_000,
  }
}

const isAnswering = (url: string): Promise<boolean> =>
  get(url).then(
    ({ status }) => status === 200,
    () => false,
  )

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

async function runStarts(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'casefile-start-'))
  registerCleanup(async () => rmSync(dataDir, { recursive: true, force: true }))
  const firstStart = await measureStart(dataDir)
  const laterStarts: StartMeasurement[] = []
  for (let count = 0; count < later; count++) laterStarts.push(await measureStart(dataDir))
  const medianOf = (pick: (start: StartMeasurement) => number | null) =>
    median(laterStarts.flatMap((start) => pick(start) ?? []))
  const idleMb = Math.max(...[firstStart, ...laterStarts].flatMap((start) => start.idleMb ?? []))
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} processors (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}`,
    firstMs: firstStart.wallMs,
    firstProcessorMs: firstStart.processorMs,
    laterMs: medianOf(({ wallMs }) => wallMs),
    laterProcessorMs: medianOf(({ processorMs }) => processorMs),
    idleMb,
  }
  console.log(`${result.date}, ${result.machine}.`)
  printGoal(
    'first start to first response, with creating, migrating and seeding the database',
    result.firstMs,
    'ms',
    goals.firstMs,
    formatCpuTime(result.firstProcessorMs),
  )
  printGoal(
    `later starts, median of ${later}`,
    result.laterMs,
    'ms',
    goals.laterMs,
    formatCpuTime(result.laterProcessorMs),
  )
  printGoal('resident memory when idle, maximum of all starts', idleMb, 'MB', goals.idleMb)
  if (json) console.log(JSON.stringify({ ...result, goals }))
}

function printGoal(name: string, value: number, unit: string, most: number, note = ''): void {
  const verdict = value <= most ? 'holds' : 'FAILS'
  console.log(`${verdict}: ${name}: ${Math.round(value)} ${unit}, at most ${most} ${unit}${note}`)
}

const formatCpuTime = (ms: number | null): string =>
  ms === null ? '' : ` (CPU time of the server until then: ${Math.round(ms)} ms)`

await runCommand(runStarts)
