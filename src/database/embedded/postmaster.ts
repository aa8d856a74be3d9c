import { execFile, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Client } from 'pg'
import { FatalError } from '../../fatal-error.ts'
import {
  type Facts,
  type Folder,
  nullIfMissing,
  pidFile,
  readPidFile,
  writeFacts,
} from './folder.ts'
import { isAlive, isPostgresOf } from './processes.ts'
import { environment, findPrograms, loadBinaries, type Programs } from './programs.ts'
import { connect, type Purpose } from './tenancy.ts'

const run = promisify(execFile)

/** A PostgreSQL that runs and that we are connected to. */
export type Running = { client: Client; port: number }

const MAX_LOG_BYTES = 5_000_000
const PATIENCE_MS = 120_000

/** MiB of pages that PostgreSQL keeps: an eighth of what memory there is, for it is not alone here, but from 128 to 512. */
function sharedBuffers(): number {
  const allowed = process.constrainedMemory()
  const memory = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem()
  return Math.min(512, Math.max(128, Math.floor(memory / 8 / 2 ** 20)))
}

// Flags outrank postgresql.conf, so the settings are these whichever version made the cluster.
export const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  `shared_buffers=${sharedBuffers()}MB`,
  // Most of what is read lies in the memory of the operating system, where asking another process for it takes longer than reading it.
  'io_method=sync',
  'jit=off',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'timezone=UTC',
  'log_timezone=UTC',
  // Errors of single statements are answered to the client; in the log they would only grow it.
  'log_min_messages=log',
  'log_checkpoints=off',
]

/**
 * Connects to the PostgreSQL that runs on this cluster, or gives null when there is none. One that
 * runs and cannot be reached is stopped, but only if it certainly is this cluster's.
 * @throws {FatalError} when it answers and refuses us, or does not finish its recovery
 */
export async function findRunning(
  folder: Folder,
  facts: Facts,
  purpose: Purpose,
): Promise<Running | null> {
  const begin = Date.now()
  for (;;) {
    const noted = await readPidFile(folder)
    if (noted === null) return null
    const { pid, port } = noted
    const isOurs = await isPostgresOf(folder.cluster, pid)
    if (isOurs === 'gone') return null
    // PostgreSQL writes its port a moment after its process number.
    const answer =
      port > 0 ? await connect(folder, { port, password: facts.password }, purpose) : null
    if (answer?.kind === 'connected') return { client: answer.client, port }
    if (isOurs === 'no') {
      // PostgreSQL would refuse to start for as long as any process has that number.
      await rm(pidFile(folder), { force: true })
      return null
    }
    const waitedMs = Date.now() - begin
    if (answer?.kind === 'starting') {
      if (waitedMs > PATIENCE_MS) throw unreachable(folder, answer.message)
    } else if (answer?.kind === 'denied' && isOurs === 'yes') {
      throw unreachable(folder, answer.message)
    } else if (waitedMs > 5000) {
      if (isOurs === 'unknown') return null
      if (!(await stop(folder, pid))) throw unreachable(folder, `process ${pid} does not end`)
      return null
    }
    await sleep(20)
  }
}

function unreachable(folder: Folder, message: string): FatalError {
  return new FatalError(
    `the PostgreSQL that runs in ${folder.cluster} cannot be used: ${message}; see ${folder.log}`,
  )
}

/**
 * Starts PostgreSQL on the cluster, on the port of last time if that is free, and waits until it
 * can be used.
 * @param samePort keeps others from being tried, for those who have told the url to others
 * @param launched hears when its process runs, so that others may use the time until it answers
 */
export async function start(
  folder: Folder,
  facts: Facts,
  purpose: Purpose,
  samePort: number | undefined,
  launched: () => void,
): Promise<Running> {
  const programs = await findPrograms(folder)
  const deadline = Date.now() + 15_000
  for (;;) {
    const port = samePort ?? ((await isFree(facts.port)) ? facts.port : await findFreePort())
    if (port !== facts.port) await writeFacts(folder, { ...facts, port })
    const started = await tryStart(programs, folder, { ...facts, port }, purpose, launched)
    if (typeof started !== 'string') return started
    // Another program took the port after all, or parts of a killed PostgreSQL are still ending.
    const passes = /could not create any TCP\/IP sockets|pre-existing shared memory/.test(started)
    if (!passes || Date.now() > deadline) {
      throw new FatalError(
        `PostgreSQL does not start on ${folder.cluster}: ${started}; see ${folder.log}`,
      )
    }
    await sleep(100)
  }
}

/** Gives the reason when PostgreSQL ends instead of starting. */
async function tryStart(
  programs: Programs,
  folder: Folder,
  facts: Facts,
  purpose: Purpose,
  launched: () => void,
): Promise<Running | string> {
  const logSize = await trimLog(folder)
  const flags = [...SETTINGS, `port=${facts.port}`].flatMap((setting) => ['-c', setting])
  const hasEnded =
    process.platform === 'win32'
      ? await launchOnWindows(programs, folder, flags)
      : launch(programs, folder, flags)
  launched()
  const deadline = Date.now() + PATIENCE_MS
  while (!hasEnded()) {
    const answer = await connect(folder, facts, purpose)
    if (answer.kind === 'connected') return { client: answer.client, port: facts.port }
    // It goes on with its recovery, and the next to open the folder finds it there.
    if (Date.now() > deadline) throw unreachable(folder, answer.message)
    await sleep(5)
  }
  return await reasonInLog(folder, logSize)
}

/**
 * In a process group of its own, so that Ctrl-C in the terminal reaches only us, and with the log
 * file itself as output, so that it outlives us when we are killed.
 */
export function launch(programs: Programs, folder: Folder, flags: string[]): () => boolean {
  const command = [...programs.prefix, programs.postgres, '-D', folder.cluster, ...flags]
  const [file = '', ...args] = command
  const log = openSync(folder.log, 'a', 0o600)
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: environment,
    ...programs.spawnAs,
  })
  closeSync(log)
  child.unref()
  let ended = false
  const end = () => {
    ended = true
  }
  child.once('error', end)
  child.once('exit', end)
  return () => ended
}

/**
 * There `pg_ctl` gives up the rights of an administrator, under which PostgreSQL refuses to run.
 */
async function launchOnWindows(
  programs: Programs,
  folder: Folder,
  flags: string[],
): Promise<() => boolean> {
  const args = ['start', '-w', '-D', folder.cluster, '-l', folder.log, '-o', flags.join(' ')]
  const child = spawn(programs.pg_ctl, args, { stdio: 'ignore', env: environment })
  const failed = await new Promise<boolean>((settle) => {
    child.once('error', () => settle(true))
    child.once('exit', (code) => settle(code !== 0))
  })
  return () => failed
}

/** Cuts a log that has grown too long; gives its length. */
async function trimLog(folder: Folder): Promise<number> {
  const size = (await stat(folder.log).catch(nullIfMissing))?.size ?? 0
  if (size <= MAX_LOG_BYTES) return size
  await truncate(folder.log)
  return 0
}

async function reasonInLog(folder: Folder, from: number): Promise<string> {
  const log = await readFile(folder.log).catch(nullIfMissing)
  const lines = (log ?? Buffer.of()).subarray(from).toString().trim().split('\n')
  // Our own attempts to connect too early stand in the log as well.
  const fatal = lines.findLast((line) => /\b(FATAL|PANIC): (?! the database system is)/.test(line))
  return (fatal ?? lines.at(-1) ?? '').replace(/^.*\b(FATAL|PANIC):\s*/, '')
}

/**
 * Stops PostgreSQL, gently first: transactions under way are rolled back, what is committed is on
 * disk. False when it still lives after 15 seconds.
 */
export async function stop(folder: Folder, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return await stopOnWindows(folder)
  for (const [signal, patienceMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself; if not, the wait below tells.
    }
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!(await isAlive(pid))) return true
      await sleep(5)
    }
  }
  return false
}

async function stopOnWindows(folder: Folder): Promise<boolean> {
  const { pg_ctl } = await loadBinaries()
  for (const mode of ['fast', 'immediate']) {
    const args = ['stop', '-w', '-t', '10', '-D', folder.cluster, '-m', mode]
    const stopped = await run(pg_ctl, args, { env: environment }).catch(() => null)
    if (stopped) return true
  }
  return false
}

async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    // Below 32768, where the system takes no ports for outgoing connections.
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
  throw new FatalError(
    'no free port between 20000 and 32000 was found for the database on 127.0.0.1',
  )
}

function isFree(port: number): Promise<boolean> {
  if (port === 0) return Promise.resolve(false)
  return new Promise((settle) => {
    const probe = createServer()
    probe.once('error', () => settle(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)))
  })
}
