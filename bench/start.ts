/**
 * The command `npm run bench:start`: how long the real server takes from its start to its first answer out of the
 * database, with an empty data folder and with one that is there, and what memory it holds when nobody asks for anything.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { atEnd, runCommand } from './closing.ts'
import { get } from './http.ts'
import { processorMicros, residentBytes } from './processes.ts'
import { freePort, startFlags } from './servers.ts'

const asked = '/v1/permits/wescam-mx15d-baykar-2020'
const goals = { firstMs: 3_000, laterMs: 1_000, idleMb: 200 } as const
const patienceMs = 120_000

type Started = {
  /** Milliseconds until the first answer. */
  wallMs: number
  /** Milliseconds of processor time of the server alone until then; null where there is no /proc. */
  processorMs: number | null
  idleMb: number | null
}

const command = new Command('npm run bench:start --')
  .description('From the start of the server to its first answer, and its memory when idle.')
  .option('--later <n>', 'later starts; the median is shown', Number, 5)
  .option('--idle <seconds>', 'how long nobody asks before memory is read', Number, 5)
  .option('--json', 'the result as JSON in the last line')
  .parse()
const { later, idle, json } = command.opts<{ later: number; idle: number; json?: true }>()

async function start(dataDir: string): Promise<Started> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, startFlags, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...{ PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir },
      LOG_FORMAT: 'json',
    },
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await exited
  }
  atEnd(stop)
  while (!(await answers(`http://127.0.0.1:${port}${asked}`))) {
    if (child.exitCode !== null || performance.now() - began > patienceMs)
      throw new Error('The server gives no answer.')
    await sleep(5)
  }
  const wallMs = performance.now() - began
  const micros = processorMicros(child.pid ?? 0)
  await sleep(idle * 1_000)
  const resident = residentBytes(child.pid ?? 0)
  await stop()
  return {
    ...{ wallMs, processorMs: micros === null ? null : micros / 1_000 },
    idleMb: resident === null ? null : resident / 1_000_000,
  }
}

const answers = (url: string): Promise<boolean> =>
  get(url).then(
    ({ status }) => status === 200,
    () => false,
  )

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

async function run(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'casefile-start-'))
  atEnd(async () => rmSync(dataDir, { recursive: true, force: true }))
  const first = await start(dataDir)
  const laters: Started[] = []
  for (let at = 0; at < later; at++) laters.push(await start(dataDir))
  const of = (pick: (one: Started) => number | null) =>
    median(laters.flatMap((one) => pick(one) ?? []))
  const idleMb = Math.max(...[first, ...laters].flatMap((one) => one.idleMb ?? []))
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} processors (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}`,
    ...{ firstMs: first.wallMs, firstProcessorMs: first.processorMs },
    laterMs: of(({ wallMs }) => wallMs),
    laterProcessorMs: of(({ processorMs }) => processorMs),
    idleMb,
  }
  const line = (what: string, value: number, unit: string, most: number, more = '') =>
    console.log(
      `${value <= most ? 'holds' : 'FAILS'}: ${what}: ${Math.round(value)} ${unit}, at most ${most} ${unit}${more}`,
    )
  const spent = (ms: number | null) =>
    ms === null ? '' : ` (processor time of the server until then: ${Math.round(ms)} ms)`
  console.log(`${result.date}, ${result.machine}.`)
  line(
    'first start to first answer, with making, migrating and seeding the database',
    ...([result.firstMs, 'ms', goals.firstMs, spent(result.firstProcessorMs)] as const),
  )
  line(
    `later starts, median of ${later}`,
    ...([result.laterMs, 'ms', goals.laterMs, spent(result.laterProcessorMs)] as const),
  )
  line('resident memory when idle, the most of all starts', idleMb, 'MB', goals.idleMb)
  if (json) console.log(JSON.stringify({ ...result, goals }))
}

await runCommand(run)
