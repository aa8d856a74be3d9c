import cluster from 'node:cluster'
import pino, { type Logger } from 'pino'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { readsOf } from './database/budget.ts'
import { openConfigured, openServing } from './database/configured.ts'
import { type Database, openDatabase } from './database/database.ts'
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
  const opened = await openConfigured(config, 'serve', progress, {
    waiting(isNew) {
      if (isNew) preparation.begin()
      if (config.WORKERS === 1) void loadApp().catch(() => undefined)
    },
    migrate: preparation.of,
  })
  try {
    const isStopped = () => stopping.signal.aborted
    if (config.SEED && !isStopped() && (await missingCases(opened.database)).length > 0)
      await preparation.of(opened.database.url)
    if (!isStopped()) await answer(config, opened.database, stopping.signal, log)
  } finally {
    preparation.close()
    await opened.close()
  }
  log.info('stopped')
}

/** Most of what a server loads. */
const loadApp = () => import('./app.ts')

/** In this process, or in so many others. */
async function answer(
  config: Config,
  database: Database,
  stopping: AbortSignal,
  log: Logger,
): Promise<void> {
  const fitting = await withinConnections(config, database, log)
  if (config.WORKERS > 1) await holdWorkers(fitting, database.url, stopping, log)
  else await listenUntil(stopping, fitting, database, log)
}

/** One of several processes on a port: the first one has seen to the database and to the seeds. */
async function work(config: Config, stopping: AbortSignal, log: Logger): Promise<void> {
  const { DATABASE_URL: url = '' } = config
  const database = openServing(url, config, (line) => log.info(line))
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

async function listenUntil(
  stopping: AbortSignal,
  config: Config,
  database: Database,
  log: Logger,
): Promise<void> {
  const head = followHead(database.url, database.db)
  try {
    const { buildApp } = await loadApp()
    const listening = await listen(await buildApp({ config, database, head, log }), config)
    if (cluster.isWorker) process.send?.({ url: listening.url })
    else log.info(`Casefile is ready: ${listening.url}  (docs: ${listening.url}/docs)`)
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener('abort', resolve))
    await listening.close()
  } finally {
    await head.close()
  }
}
