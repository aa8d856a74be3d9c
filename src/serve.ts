import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { type OpenDatabase, openConfigured } from './database/configured.ts'
import { seedAll } from './intake/seed/seed-case.ts'
import { followHead } from './ledger/head.ts'

/**
 * Starts the server: database, migrations, missing seeds, then the port. Ends on SIGINT or SIGTERM: requests in flight
 * are finished first, at most `SHUTDOWN_SECONDS` long.
 *
 * @throws {CannotStart}
 */
export async function serve(config: Config, log: Logger): Promise<void> {
  const stopping = new AbortController()
  const stop = (signal: NodeJS.Signals) => {
    if (stopping.signal.aborted) return
    log.info(`${signal}: stopping`)
    stopping.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const opened = await openConfigured(config, 'serve', (line) => log.info(line))
  try {
    if (!stopping.signal.aborted) await listenUntil(stopping.signal, config, opened, log)
  } finally {
    await opened.close()
  }
  log.info('stopped')
}

async function listenUntil(
  stopping: AbortSignal,
  config: Config,
  { database }: OpenDatabase,
  log: Logger,
): Promise<void> {
  if (config.SEED) await seedAll(database, (line) => log.info(line))
  const head = followHead(database.url, database.db)
  const app = await buildApp({ config, database, head, log })
  try {
    const address = await listen(app, config)
    log.info(`Casefile is ready: ${address}  (docs: ${address}/docs)`)
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener('abort', resolve))
  } finally {
    const giveUp = setTimeout(
      () => app.server.closeAllConnections(),
      config.SHUTDOWN_SECONDS * 1_000,
    )
    await app.close()
    clearTimeout(giveUp)
    await head.close()
  }
}

async function listen(app: Awaited<ReturnType<typeof buildApp>>, { HOST, PORT }: Config) {
  try {
    await app.listen({ host: HOST, port: PORT, listenTextResolver: () => '' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new CannotStart(
        `Port ${PORT} on ${HOST} is in use by another program. Stop it, or set PORT.`,
      )
    if (code === 'EACCES')
      throw new CannotStart(`Port ${PORT} may not be used by this user. Set PORT.`)
    if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
      throw new CannotStart(`HOST ${HOST} is not an address of this machine.`)
    throw error
  }
  const address = app.server.address()
  const port = typeof address === 'object' ? address?.port : PORT
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`
}
