import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import packageFile from '../package.json' with { type: 'json' }
import { registerCleanup } from './cleanup.ts'
import { get } from './http.ts'
import type { DriverReply, LoadJob, LoadResult } from './load-messages.ts'

export type BenchServer = { url: string; pid: number; stop(): Promise<void> }

const host = '127.0.0.1'
const root = join(import.meta.dirname, '..')
const quietFlag = '--disable-warning=ExperimentalWarning'
/** The arguments of Node in `npm start`. */
export const [, ...startFlags] = packageFile.scripts.start.split(' ')
const startTimeoutMs = 30_000
/** Below the ports of outgoing connections. */
const minPort = 21_000
const maxPort = 31_999

export async function findFreePort(): Promise<number> {
  for (let port = minPort + (process.pid % 10_000); port <= maxPort; port++) {
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, host, () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
  throw new Error(`No port from ${minPort} to ${maxPort} is free.`)
}

/** Starts the server from its entry point, without rate limit and load shedding. */
export async function startApi(
  databaseUrl: string,
  cache: 'cache' | 'no cache',
  flags: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const port = await findFreePort()
  const child = spawn(process.execPath, [...flags, ...startFlags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      HOST: host,
      PORT: String(port),
      SEED: 'off',
      RATE_LIMIT_PER_MINUTE: '0',
      MAX_CONCURRENT_REQUESTS: '0',
      MAX_CONNECTIONS_PER_CLIENT: '0',
      MAX_BODIES_PER_CLIENT: '0',
      MAX_EXPORTS_PER_CLIENT: '0',
      LOG_LEVEL: 'warn',
      ...(cache === 'no cache' && { CACHE_MB: '0' }),
      ...settings,
    },
  })
  const stop = createStop(child)
  const url = `http://${host}:${port}`
  const deadline = performance.now() + startTimeoutMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error('The server does not start.')
    await sleep(50)
  }
  return { url, pid: child.pid ?? 0, stop }
}

const isReady = (url: string): Promise<boolean> =>
  get(`${url}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  )

const yardstickFiles = {
  constant: 'yardsticks/constant.ts',
  handWritten: 'yardsticks/hand-written.ts',
} as const

export const startYardstick = (
  which: keyof typeof yardstickFiles,
  databaseUrl: string,
): Promise<BenchServer> => startScript(yardstickFiles[which], databaseUrl)

/** `fixture` names existing records that the writes refer to. */
export async function startWriteYardstick(
  databaseUrl: string,
  fixture: Readonly<Record<'article' | 'actor' | 'body', string>>,
): Promise<BenchServer> {
  return startScript('yardsticks/writes.ts', databaseUrl, JSON.stringify(fixture))
}

async function startScript(file: string, ...args: readonly string[]): Promise<BenchServer> {
  const port = await findFreePort()
  const script = join(import.meta.dirname, file)
  const child = fork(script, [String(port), ...args], { execArgv: [quietFlag] })
  const stop = createStop(child)
  await Promise.race([once(child, 'message'), rejectOnExit(child, `The yardstick ${file}`)])
  return { url: `http://${host}:${port}`, pid: child.pid ?? 0, stop }
}

/** Starts the load generator in a separate process. It runs one job at a time. */
export function startDriver(): (job: LoadJob) => Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'driver.ts'), { execArgv: [quietFlag] })
  createStop(child)
  const exited = rejectOnExit(child, 'The load generator')
  exited.catch(() => undefined)
  return async (job) => {
    child.send(job)
    const message = once(child, 'message') as Promise<[DriverReply]>
    const [reply] = await Promise.race([message, exited])
    if ('failure' in reply) throw new Error(reply.failure)
    return reply.load
  }
}

async function rejectOnExit(child: ChildProcess, processName: string): Promise<never> {
  await once(child, 'exit')
  throw new Error(`${processName} exited.`)
}

/** Returns a function that stops the child process, and registers it as a cleanup. */
function createStop(child: ChildProcess): () => Promise<void> {
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
    await exited
    clearTimeout(kill)
  }
  registerCleanup(stop)
  return stop
}
