import cluster from 'node:cluster'
import pino, { type Logger } from 'pino'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { readsOf } from './database/budget.ts'
import { openConfigured, openFound } from './database/configured.ts'
import { type Database, openDatabase } from './database/database.ts'
import { isMigrated } from './database/migrate.ts'
import { listen } from './http/listen.ts'
import { missingCases } from './intake/seed/missing-cases.ts'
import { followHead, type Head } from './ledger/head.ts'
import { prepareApart } from './prepare-apart.ts'
import { holdWorkers } from './workers.ts'

/**
 * Starts the server: database, migrations, missing seeds, then the port. Ends on SIGINT (Ctrl-C), SIGTERM or SIGHUP (the
 * terminal was closed): requests in flight are finished first, at most `SHUTDOWN_SECONDS` long. Signals after the first
 * change nothing. With `WORKERS` above 1 the requests are answered by so many other processes.
 *
 * @throws {CannotStart}
 */
export async function serve(config: Config, log: Logger): Promise<void> {
  const stopping = stopOnSignals(log)
  if (cluster.isWorker) return work(config, stopping.signal, log)
  const progress = (line: string) => log.info(line)
  const preparation = prepareApart(progress, stopping.signal)
  const opened = await openConfigured(config, 'serve', progress, (isNew) => {
    if (isNew) preparation.begin()
    if (config.WORKERS === 1) void loadApp().catch(() => undefined)
  })
  try {
    const { database } = opened
    const isReady = await isPrepared(config, database)
    const fitting = await withinConnections(config, database, log)
    if (!stopping.signal.aborted) {
      const prepared = isReady ? undefined : preparation.of(database.url)
      await answer(fitting, database, prepared, stopping.signal, log)
    }
  } finally {
    preparation.close()
    await opened.close()
  }
  log.info('stopped')
}

/** Most of what a server loads. */
const loadApp = () => import('./app.ts')

/** Whether the database has all migrations and seeds. */
const isPrepared = async (config: Config, database: Database): Promise<boolean> =>
  (await isMigrated(database.url)) && (!config.SEED || (await missingCases(database)).length === 0)

/** In this process, or in so many others; from when the database is `prepared`, if it is not yet. */
async function answer(
  config: Config,
  database: Database,
  prepared: Promise<void> | undefined,
  stopping: AbortSignal,
  log: Logger,
): Promise<void> {
  if (config.WORKERS === 1) return listenUntil(stopping, config, database, log, prepared)
  await prepared
  if (!stopping.aborted) await holdWorkers(config, database.url, stopping, log)
}

/** One of several processes on a port: the first one has seen to the database and to the seeds. */
async function work(config: Config, stopping: AbortSignal, log: Logger): Promise<void> {
  const { DATABASE_URL: url = '' } = config
  const database = openFound(url, config, (line) => log.info(line))
  try {
    await listenUntil(stopping, config, database.database, log)
  } finally {
    await database.close()
  }
}

function stopOnSignals(log: Logger): AbortController {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) return
      log.info(`${signal}: stopping`)
      stopping.abort()
    })
  return stopping
}

/**
 * The settings with pools that fit into what PostgreSQL has, all processes taken together.
 *
 * @throws {CannotStart} when there are too many processes for that
 */
async function withinConnections(config: Config, database: Database, log: Logger): Promise<Config> {
  const { WORKERS, POOL_SIZE } = config
  const connections = await database.connectionsMax()
  const each = readsOf(WORKERS, POOL_SIZE, connections)
  if (each === null)
    throw new CannotStart(
      `WORKERS: ${WORKERS} processes need more than the ${connections} connections that PostgreSQL has. Set fewer, or raise its max_connections.`,
    )
  if (each < POOL_SIZE)
    log.warn(
      `POOL_SIZE is ${each} instead of ${POOL_SIZE}: PostgreSQL has ${connections} connections`,
    )
  return { ...config, POOL_SIZE: each }
}

/** The OpenAPI document, without a database: the server is built and never asked. */
export async function describeApi(config: Config): Promise<object> {
  const url = 'postgres://nobody@127.0.0.1:1/none'
  const database = openDatabase({
    ...{ url, poolSize: 1, statementTimeoutMs: 0 },
    onConnectionLost: () => undefined,
  })
  const head: Head = {
    known: () => 0,
    revision: async () => 0,
    ask: async () => 0,
    announced: () => undefined,
    onMove: () => () => undefined,
    close: async () => undefined,
  }
  const { buildApp } = await loadApp()
  const app = await buildApp({ config, database, head, log: pino({ level: 'silent' }) })
  await app.ready()
  const document = app.swagger()
  await app.close()
  await database.close()
  return document
}

/** @param prepared when there is something to answer from, if there is nothing yet: the server is built meanwhile */
async function listenUntil(
  stopping: AbortSignal,
  config: Config,
  database: Database,
  log: Logger,
  prepared?: Promise<unknown>,
): Promise<void> {
  const head = followHead(database.url, database.db, prepared)
  const build = async () => (await loadApp()).buildApp({ config, database, head, log })
  try {
    const [app] = await Promise.all([build(), prepared])
    if (stopping.aborted) return
    const listening = await listen(app, config)
    if (cluster.isWorker) process.send?.({ url: listening.url })
    else log.info(`Casefile is ready: ${listening.url}  (docs: ${listening.url}/docs)`)
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener('abort', resolve))
    await listening.close()
  } finally {
    await head.close()
  }
}
