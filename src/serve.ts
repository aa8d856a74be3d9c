import pino, { type Logger } from 'pino'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { type OpenDatabase, openConfigured } from './database/configured.ts'
import { openDatabase } from './database/database.ts'
import { listen } from './http/listen.ts'
import { seedApart } from './intake/seed/seed-apart.ts'
import { followHead, type Head } from './ledger/head.ts'

/**
 * Starts the server: database, migrations, missing seeds, then the port. Ends on SIGINT (Ctrl-C), SIGTERM or SIGHUP (the
 * terminal was closed): requests in flight are finished first, at most `SHUTDOWN_SECONDS` long. Signals after the first
 * change nothing.
 *
 * @throws {CannotStart}
 */
export async function serve(config: Config, log: Logger): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) return
      log.info(`${signal}: stopping`)
      stopping.abort()
    })

  const opened = await openConfigured(config, 'serve', (line) => log.info(line))
  try {
    if (config.SEED) await seedApart(opened.database, (line) => log.info(line), stopping.signal)
    if (!stopping.signal.aborted) await listenUntil(stopping.signal, config, opened, log)
  } finally {
    await opened.close()
  }
  log.info('stopped')
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
  { database }: OpenDatabase,
  log: Logger,
): Promise<void> {
  const head = followHead(database.url, database.db)
  try {
    const listening = await listen(await buildApp({ config, database, head, log }), config)
    log.info(`Casefile is ready: ${listening.url}  (docs: ${listening.url}/docs)`)
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener('abort', resolve))
    await listening.close()
  } finally {
    await head.close()
  }
}
