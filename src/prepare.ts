import { once } from 'node:events'
import type { Config } from './config.ts'
import { migrateFound, openFound } from './database/configured.ts'
import { loadSchemaEngine } from './database/migrate.ts'
import { caseFilesAhead } from './intake/seed/case-file.ts'
import { seedAll } from './intake/seed/seed-case.ts'

/**
 * The other side of `prepareApart`: loads what it needs, waits to be told the database, migrates it and loads the cases
 * that are missing. A migration is not cut by a signal; a case is, and nothing of it is stored then.
 *
 * @throws {CannotStart}
 */
export async function prepare(config: Config): Promise<void> {
  const isLoaded = loadSchemaEngine()
  const read = config.SEED ? caseFilesAhead() : undefined
  // The server has gone, and with it whoever would say what to do.
  const leave = () => process.exit(1)
  process.once('disconnect', leave)
  const [[databaseUrl]] = await Promise.all([once(process, 'message'), isLoaded])
  process.off('disconnect', leave)
  process.disconnect?.()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = () => {
    process.exitCode = 1
  }
  for (const signal of signals) process.on(signal, ignore)
  await migrateFound(databaseUrl, console.log)
  for (const signal of signals) process.off(signal, ignore)
  if (!config.SEED || process.exitCode !== undefined) return
  const { database, close } = openFound(databaseUrl, config, console.log)
  try {
    await seedAll(database, console.log, { read })
  } finally {
    await close()
  }
}
