import { once } from 'node:events'
import type { Config } from './config.ts'
import { migrateDatabase, openDatabaseUrl } from './database/database-from-config.ts'
import { loadSchemaEngine } from './database/migrate.ts'
import { loadPrisma } from './database/prisma-transaction.ts'
import { preloadCaseFiles } from './intake/seed/case-file.ts'
import { seedMissingCases } from './intake/seed/seed-case.ts'
import { completeLedger } from './records/write/complete-ledger.ts'
import { loadReferencePlaces } from './records/write/reference-places.ts'

/**
 * The child process of `createPreparationProcess`: loads its modules, receives the URL of the database as a message,
 * migrates it and loads the missing cases. A signal waits for a running migration. It stops the load of a case, of which
 * nothing is stored then.
 *
 * @throws {FatalError}
 */
export async function prepareDatabase(config: Config): Promise<void> {
  const engineLoaded = loadSchemaEngine()
  if (config.SEED) loadPrisma().catch(() => undefined)
  const caseFiles = config.SEED ? preloadCaseFiles() : undefined
  // Without the server no message comes.
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
  const isNothingToDo = !(config.SEED || config.REFERENCE_PLACES || isMigrated)
  if (process.exitCode !== undefined || isNothingToDo) return
  const { database, close } = openDatabaseUrl(
    databaseUrl,
    { ...config, DATABASE_DIRECT_URL: undefined, DATABASE_REPLICA_URLS: undefined },
    console.log,
  )
  try {
    if (isMigrated) await completeLedger(database)
    if (config.SEED) await seedMissingCases(database, console.log, { loadFile: caseFiles })
    if (config.REFERENCE_PLACES) await loadReferencePlaces(database)
  } finally {
    await close()
  }
}
