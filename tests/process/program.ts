import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'

export const root = join(import.meta.dirname, '../..')

/** What a run of the program has compiled need not be compiled by the next: there are hundreds of them. */
export const baseEnvironment = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/casefile-tests'),
}

/** What `npm start` gives to Node. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const nodeFlags = (scripts.start as string).split(' ').filter((word) => word.startsWith('--'))

type EnvironmentSettings = Readonly<Record<string, string>>

/** The program, run as a user runs it: its own process, with no settings but those given. */
export type RunningProgram = {
  child: ChildProcess
  /** All that it has written so far. */
  stdout(): string
  stderr(): string
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>
}

const runningPrograms = new Set<RunningProgram>()

/** @param home where its files lie */
export function runProgram(
  args: readonly string[],
  settings: EnvironmentSettings = {},
  home = root,
): RunningProgram {
  const child = spawn(process.execPath, [...nodeFlags, join(home, 'src/main.js'), ...args], {
    cwd: home,
    env: { ...baseEnvironment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const program: RunningProgram = {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: once(child, 'close').then(([code, signal]) => {
      runningPrograms.delete(program)
      return code ?? signal
    }),
  }
  runningPrograms.add(program)
  return program
}

export type RunningServer = RunningProgram & {
  url: string
  /** Status, headers and body of a GET. */
  get(path: string, headers?: EnvironmentSettings): Promise<ParsedResponse>
  /** Sends the signal and gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

/** On a busy machine, after a crash, with the log of PostgreSQL to be read again. */
const startTimeoutMs = 120_000

type ParsedResponse = { status: number; headers: Headers; body: unknown }

/** A server that is ready, on a free port. */
export async function startServer(
  settings: EnvironmentSettings,
  home = root,
): Promise<RunningServer> {
  const program = runProgram(['serve'], { PORT: '0', ...settings }, home)
  const url = await waitUntil(
    'the server is ready',
    () => {
      if (!runningPrograms.has(program))
        throw new Error(`It ended: ${program.stdout()}${program.stderr()}`)
      return /ready: (http:\S+)/.exec(program.stdout())?.[1]
    },
    startTimeoutMs,
  )
  return {
    ...program,
    url,
    get: (path, headers) => fetchResponse(url + path, headers),
    stop(signal = 'SIGTERM') {
      program.child.kill(signal)
      return program.ended
    },
  }
}

export async function fetchResponse(
  url: string,
  headers: EnvironmentSettings = {},
): Promise<ParsedResponse> {
  const response = await fetch(url, { headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  const { status, headers: given } = response
  return { status, headers: given, body: isJson ? JSON.parse(text) : text }
}

/** Less often than that it would take more of the processor than what is waited for gets. */
const pollIntervalMs = 50

/** Asks again and again until there is an answer. */
export async function waitUntil<T>(
  description: string,
  poll: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const answer = await poll()
    if (answer !== undefined && answer !== false && answer !== null) return answer
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${description}`)
    await sleep(pollIntervalMs)
  }
}

const createdFolders: string[] = []

/** An empty data folder, gone when the tests of the file have ended. */
export function createDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casefile-process-'))
  // For root PostgreSQL runs as another user, whom the folder must let pass.
  chmodSync(folder, 0o755)
  createdFolders.push(folder)
  return folder
}

/** One that a server has left: with a seeded database; empty where the tests run on a PostgreSQL of somebody else. */
export function copySeededFolder(): string {
  const folder = createDataFolder()
  const seeded = inject('seededFolder')
  if (seeded === null) return folder
  cpSync(seeded, folder, { recursive: true })
  // PostgreSQL refuses a folder that others may enter.
  chmodSync(join(folder, 'postgres'), 0o700)
  return folder
}

/** Ends whatever a failed test has left behind. */
export async function stopAllPrograms(): Promise<void> {
  for (const program of [...runningPrograms]) {
    program.child.kill('SIGTERM')
    await program.ended
  }
  for (const folder of createdFolders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
