import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { FatalError } from './fatal-error.ts'

/** Delay before a worker that failed to start is replaced. */
const restartDelayMs = 1_000
/** Consecutive workers that end before they are ready; then the server gives up. */
const maxStartFailures = 5

/**
 * Runs `WORKERS` processes on one port until the signal stops them. They share nothing but PostgreSQL. A worker that ends
 * unexpectedly is replaced.
 *
 * @throws {FatalError} when the workers fail to start
 */
export async function superviseWorkers(
  config: Config,
  databaseUrl: string,
  stopSignal: AbortSignal,
  log: Logger,
): Promise<void> {
  // Connections go to the workers in turn. A connection stays with its worker.
  cluster.schedulingPolicy = cluster.SCHED_RR
  // All workers accept each other's sessions.
  const sessionSecret = config.SESSION_SECRET ?? randomUUID()
  let startFailures = 0
  const readyUrls = new Set<string>()
  const ready = Promise.withResolvers<string>()
  const failed = new AbortController()
  const fork = (): Worker => {
    let wasReady = false
    const worker = cluster.fork({
      DATABASE_URL: config.DATABASE_URL ?? databaseUrl,
      DATABASE_URL_FILE: '',
      POOL_SIZE: String(config.POOL_SIZE),
      SESSION_SECRET: sessionSecret,
    })
    worker.on('message', ({ url }: { url?: string }) => {
      // Other messages carry metrics.
      if (url === undefined) return
      wasReady = true
      startFailures = 0
      readyUrls.add(`${worker.id} ${url}`)
      if (readyUrls.size >= config.WORKERS) ready.resolve(url)
    })
    worker.once('exit', (code, signal) => {
      if (stopSignal.aborted || failed.signal.aborted) return
      log.warn(`worker ${worker.process.pid} ended (${signal ?? code}); starting another one`)
      startFailures += wasReady ? 0 : 1
      if (startFailures >= maxStartFailures) failed.abort()
      else setTimeout(() => !stopSignal.aborted && fork(), wasReady ? 0 : restartDelayMs)
    })
    return worker
  }
  for (let count = 0; count < config.WORKERS; count += 1) fork()
  const stopped = waitForAbort(stopSignal)
  const gaveUp = waitForAbort(failed.signal)
  const url = await Promise.race([ready.promise, stopped, gaveUp])
  if (typeof url === 'string') {
    log.info(`Casefile is ready: ${url}  (docs: ${url}/docs; ${config.WORKERS} processes)`)
    await Promise.race([stopped, gaveUp])
  }
  await stopWorkers(config.SHUTDOWN_SECONDS)
  if (failed.signal.aborted)
    throw new FatalError('The workers end as soon as they start; see the log.')
}

const waitForAbort = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted ? Promise.resolve() : once(signal, 'abort')

/** Each worker finishes its requests as a single server does. One that exceeds its time is killed. */
async function stopWorkers(shutdownSeconds: number): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  await Promise.all(
    workers.map(async (worker) => {
      const { process: child } = worker
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), (shutdownSeconds + 5) * 1_000)
      await exited
      clearTimeout(kill)
    }),
  )
}
