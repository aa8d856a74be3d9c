import cluster from 'node:cluster'
import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'
import { computeReadPoolSize } from './database/connection-limits.ts'
import { type Database, openDatabase } from './database/database.ts'
import { openConfiguredDatabase, openDatabaseUrl } from './database/database-from-config.ts'
import { isMigrated } from './database/migrate.ts'
import { FatalError } from './fatal-error.ts'
import { listen } from './http/listen.ts'
import { emptyHead } from './http/revision-source.ts'
import { startTracing } from './http/tracing.ts'
import { findMissingCases } from './intake/seed/missing-cases.ts'
import { type HeadTracker, trackHead } from './ledger/head-tracker.ts'
import { startMetrics } from './metrics-server.ts'
import { createPreparationProcess } from './preparation-process.ts'
import { superviseWorkers } from './workers.ts'

/**
 * Starts the server: database, migrations, missing seeds, then the port. SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal
 * was closed) stop it: requests in flight have `SHUTDOWN_SECONDS` to finish. Later signals change nothing. With `WORKERS`
 * above 1, that many child processes answer the requests.
 *
 * @throws {FatalError}
 */
export async function serve(config: Config, log: Logger): Promise<void> {
  const stopController = stopOnSignals(log)
  if (cluster.isWorker) return runWorker(config, stopController.signal, log)
  const logProgress = (line: string) => log.info(line)
  const preparation = createPreparationProcess(logProgress, stopController.signal)
  const opened = await openConfiguredDatabase(config, 'serve', logProgress, (isNew) => {
    if (isNew) preparation.start()
    if (config.WORKERS === 1) void loadApp().catch(() => undefined)
  })
  try {
    const { database } = opened
    const isReady = await isDatabaseReady(config, database, log)
    const limitedConfig = await limitPoolSize(config, database, log)
    if (!stopController.signal.aborted) {
      const prepared = isReady ? undefined : preparation.prepare(database.url)
      await serveRequests(limitedConfig, database, prepared, stopController.signal, log)
    }
  } finally {
    preparation.close()
    await opened.close()
  }
  log.info('stopped')
}

/** Loads most modules of the server. */
const loadApp = () => import('./app.ts')

/**
 * Whether the database has all migrations and seeds.
 *
 * @throws {FatalError} when it is a standby without the migrations
 */
async function isDatabaseReady(config: Config, database: Database, log: Logger): Promise<boolean> {
  const isMigratedNow = await isMigrated(database.url)
  if (await database.isStandby()) {
    if (!isMigratedNow)
      throw new FatalError(
        'The database is a standby without the tables of this version. Start this version on the primary first, and wait until the standby has replayed its migrations.',
      )
    log.warn('The database is a standby: this server answers reads only')
    return true
  }
  return isMigratedNow && (!config.SEED || (await findMissingCases(database)).length === 0)
}

/** @param prepared resolves when the database is migrated and seeded; undefined when it is already */
async function serveRequests(
  config: Config,
  database: Database,
  prepared: Promise<void> | undefined,
  stopSignal: AbortSignal,
  log: Logger,
): Promise<void> {
  if (config.WORKERS === 1) return listenUntilStopped(stopSignal, config, database, log, prepared)
  await prepared
  if (stopSignal.aborted) return
  const metricsServer = await startMetrics(config, log)
  try {
    await superviseWorkers(config, database.url, stopSignal, log)
  } finally {
    await metricsServer?.close()
  }
}

/** One of several processes on a port. The supervising process has prepared the database. */
async function runWorker(config: Config, stopSignal: AbortSignal, log: Logger): Promise<void> {
  const { DATABASE_URL: url = '' } = config
  const database = openDatabaseUrl(url, config, (line) => log.info(line))
  try {
    await listenUntilStopped(stopSignal, config, database.database, log)
  } finally {
    await database.close()
  }
}

function stopOnSignals(log: Logger): AbortController {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) return
      log.info(`${signal}: stopping`)
      controller.abort()
    })
  return controller
}

/**
 * The settings with a `POOL_SIZE` such that all processes together fit into the connections of PostgreSQL.
 *
 * @throws {FatalError} when there are too many processes
 */
async function limitPoolSize(config: Config, database: Database, log: Logger): Promise<Config> {
  const { WORKERS, POOL_SIZE } = config
  const connections = await database.getMaxConnections()
  const poolSize = computeReadPoolSize(
    { processes: WORKERS, poolSize: POOL_SIZE, exports: config.MAX_CONCURRENT_EXPORTS },
    connections,
  )
  if (poolSize === null)
    throw new FatalError(
      `WORKERS: ${WORKERS} processes need more than the ${connections} connections that PostgreSQL has. Set fewer WORKERS, or raise max_connections of PostgreSQL.`,
    )
  if (poolSize < POOL_SIZE)
    log.warn(
      `POOL_SIZE is ${poolSize} instead of ${POOL_SIZE}: PostgreSQL has ${connections} connections`,
    )
  return { ...config, POOL_SIZE: poolSize }
}

/** The OpenAPI description. Builds the server without a database. */
export async function buildOpenApiDescription(config: Config): Promise<object> {
  const url = 'postgres://nobody@127.0.0.1:1/none'
  const database = openDatabase({
    url,
    poolSize: 1,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  const head: HeadTracker = {
    getKnownHead: () => emptyHead,
    getHead: async () => emptyHead,
    queryHead: async () => emptyHead,
    getEpoch: async () => emptyHead.epoch,
    noteRevision: () => undefined,
    onChange: () => () => undefined,
    close: async () => undefined,
  }
  const { buildApp } = await loadApp()
  const app = await buildApp({ config, database, head, log: pino({ level: 'silent' }) })
  await app.ready()
  const description = app.swagger()
  await app.close()
  await database.close()
  return description
}

/** @param prepared resolves when the database is ready; the server is built while it is prepared */
async function listenUntilStopped(
  stopSignal: AbortSignal,
  config: Config,
  database: Database,
  log: Logger,
  prepared?: Promise<unknown>,
): Promise<void> {
  const head = trackHead(database.url, database.primaryDb, {
    tableReady: prepared,
    onHead: (known) => database.replicas?.requireHead(known),
  })
  const [metricsServer, tracing] = await Promise.all([
    startMetrics(config, log),
    startTracing(config),
  ])
  const metrics = metricsServer?.metrics
  const build = async () =>
    (await loadApp()).buildApp({ config, database, head, log, metrics, tracing })
  try {
    const [app] = await Promise.all([build(), prepared])
    if (stopSignal.aborted) return
    const listening = await listen(app, config)
    if (cluster.isWorker) process.send?.({ url: listening.url })
    else log.info(`Casefile is ready: ${listening.url}  (docs: ${listening.url}/docs)`)
    if (!stopSignal.aborted)
      await new Promise((resolve) => stopSignal.addEventListener('abort', resolve))
    await listening.close()
  } finally {
    await Promise.all([metricsServer?.close(), tracing?.close()])
    await head.close()
  }
}
