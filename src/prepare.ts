import { once } from 'node:events'
import type { Config } from './config.ts'
import { openConfigured } from './database/configured.ts'
import { loadSchemaEngine } from './database/migrate.ts'
import { seedAll } from './intake/seed/seed-case.ts'

/**
 * The other side of `prepareApart`: loads what it needs, waits to be told the database, migrates it and loads the cases
 * that are missing. A migration is not cut by a signal; a case is, and nothing of it is stored then.
 *
 * @throws {CannotStart}
 */
export async function prepare(config: Config): Promise<void> {
  const isLoaded = loadSchemaEngine()
  // The server has gone, and with it whoever would say what to do.
  const leave = () => process.exit(1)
  process.once('disconnect', leave)
  const [databaseUrl] = await once(process, 'message')
  await isLoaded
  process.off('disconnect', leave)
  process.disconnect?.()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = () => {
    process.exitCode = 1
  }
  for (const signal of signals) process.on(signal, ignore)
  const opened = await openConfigured(
    { ...config, DATABASE_URL: databaseUrl },
    'command',
    console.log,
  )
  for (const signal of signals) process.off(signal, ignore)
  try {
    if (config.SEED && process.exitCode === undefined) await seedAll(opened.database, console.log)
  } finally {
    await opened.close()
  }
}
