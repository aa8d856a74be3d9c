import { once } from 'node:events'
import type { Config } from './config.ts'
import { migrateDatabase, openDatabaseUrl } from './database/database-from-config.ts'
import { loadSchemaEngine } from './database/migrate.ts'
import { preloadCaseFiles } from './intake/seed/case-file.ts'
import { seedMissingCases } from './intake/seed/seed-case.ts'
import { completeLedger } from './records/write/complete-ledger.ts'

/**
 * The other side of `prepareApart`: loads what it needs, waits to be told the database, migrates it and loads the cases
 * that are missing. A migration is not cut by a signal; a case is, and nothing of it is stored then.
 *
 * @throws {FatalError}
 */
export async function prepareDatabase(config: Config): Promise<void> {
  const engineLoaded = loadSchemaEngine()
  const caseFiles = config.SEED ? preloadCaseFiles() : undefined
  // The server has gone, and with it whoever would say what to do.
  const exitProcess = () => process.exit(1)
  process.once('disconnect', exitProcess)
  const [[databaseUrl]] = await Promise.all([once(process, 'message'), engineLoaded])
  process.off('disconnect', exitProcess)
  process.disconnect?.()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = () => {
    process.exitCode = 1
  }
  for (const signal of signals) process.on(signal, ignore)
  const isMigrated = await migrateDatabase(databaseUrl, console.log)
  for (const signal of signals) process.off(signal, ignore)
  if (process.exitCode !== undefined || !(config.SEED || isMigrated)) return
  const { database, close } = openDatabaseUrl(databaseUrl, config, console.log)
  try {
    if (isMigrated) await completeLedger(database)
    if (config.SEED) await seedMissingCases(database, console.log, { loadFile: caseFiles })
  } finally {
    await close()
  }
}
