import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { type Database, openDatabase } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { checkServer, createUnusableError } from './server-check.ts'

type DatabaseHandle = { database: Database; close(): Promise<void> }

/** A statement that still runs then is ended with the embedded PostgreSQL, or with this process. */
const closeTimeoutMs = 1_000

/**
 * Opens the database of the settings, without migrating it: `DATABASE_URL`, or the embedded PostgreSQL.
 *
 * @param onLaunch called when the embedded PostgreSQL is created (`isNew`) or started
 * @throws {FatalError} when the database cannot be reached or used
 */
export async function openConfiguredDatabase(
  config: Config,
  purpose: 'serve' | 'command',
  log: (line: string) => void,
  onLaunch?: (isNew: boolean) => void,
): Promise<DatabaseHandle> {
  const { DATABASE_URL, DATA_DIR } = config
  // The time limit is for requests.
  const limits = purpose === 'serve' ? config : { ...config, STATEMENT_TIMEOUT_MS: 0 }
  if (DATABASE_URL !== undefined) {
    await checkServer(config, log)
    return openDatabaseUrl(DATABASE_URL, limits, log)
  }
  const embedded = await openEmbedded({ dataDir: DATA_DIR, purpose, log, onLaunch })
  const { database, close } = openDatabaseUrl(embedded.url, limits, log)
  return { database, close: () => close().finally(embedded.close) }
}

/**
 * Opens and migrates the database of the settings, for a command.
 *
 * @throws {FatalError} when the database cannot be reached or used, or is of a newer version of Casefile
 */
export async function openMigratedDatabase(
  config: Config,
  log: (line: string) => void,
): Promise<DatabaseHandle & { isMigrated: boolean }> {
  const opened = await openConfiguredDatabase(config, 'command', log)
  try {
    const isMigrated = await migrateDatabase(opened.database.url, log)
    return { ...opened, isMigrated }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/**
 * Migrates a database that `checkServer` accepted.
 *
 * @returns whether anything was migrated
 * @throws {FatalError} when it holds other tables, or is of a newer version of Casefile
 */
export async function migrateDatabase(url: string, log: (line: string) => void): Promise<boolean> {
  const names = await migrate(url).catch(rethrowMigrationError)
  for (const name of names) log(`migrated the database: ${name}`)

  return names.length > 0

  function rethrowMigrationError(error: unknown): never {
    const message = error instanceof Error ? error.message : ''
    const notEmpty = 'it holds tables of another program: use an empty database'
    if (/schema is not empty/.test(message)) throw createUnusableError(url, notEmpty, error)
    const denied = /permission denied.*|must be owner.*/.exec(message)
    if (denied) throw createUnusableError(url, denied[0], error)
    throw error
  }
}

/** Opens a database by its URL, without checks. Opens no connection before the first query. */
export function openDatabaseUrl(
  url: string,
  config: Config,
  log: (line: string) => void,
): DatabaseHandle {
  const database = openDatabase({
    url,
    directUrl: config.DATABASE_DIRECT_URL,
    isPrepared: config.DATABASE_PREPARED,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    poolSize: config.POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    exportLimits: {
      maxConcurrent: config.MAX_CONCURRENT_EXPORTS,
      maxPerClient: config.MAX_EXPORTS_PER_CLIENT,
    },
    onReplicaLost: log,
    onConnectionLost: (error) => log(`lost a connection to the database: ${error.message}`),
  })
  return {
    database,
    close: () => Promise.race([database.close(), sleep(closeTimeoutMs, undefined, { ref: false })]),
  }
}
