import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { databaseProblem } from './failures.ts'
import { migrate } from './migrate.ts'

export type OpenDatabase = { database: Database; close(): Promise<void> }

/**
 * The database that the settings name, migrated: `DATABASE_URL`, or the embedded PostgreSQL.
 *
 * @throws {CannotStart} when it cannot be reached or is of a newer version
 */
export async function openConfigured(
  config: Config,
  purpose: 'serve' | 'command',
  log: (line: string) => void,
): Promise<OpenDatabase> {
  const embedded =
    config.DATABASE_URL === undefined
      ? await openEmbedded({ dataDir: config.DATA_DIR, purpose, log })
      : undefined
  const url = embedded?.url ?? config.DATABASE_URL ?? ''
  try {
    for (const name of await migrate(url)) log(`migrated the database: ${name}`)
  } catch (error) {
    await embedded?.close()
    throw error instanceof CannotStart ? error : cannotReach(url, error)
  }
  const database = openDatabase({
    url,
    poolSize: config.POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    onConnectionLost: (error) => log(`lost a connection to the database: ${error.message}`),
  })
  return {
    database,
    async close() {
      await database.close()
      await embedded?.close()
    },
  }
}

/** One line that names host and database, never the password. */
function cannotReach(url: string, error: unknown): CannotStart | unknown {
  if (!(error instanceof Error)) return error
  const { host, pathname } = new URL(url)
  const code = 'code' in error ? String(error.code) : ''
  // 28: wrong user or password; 3D000: no such database; 42501: may not.
  const refused = /^(28|3D000$|42501$)/.test(code)
  const inner = error instanceof AggregateError ? error.errors[0]?.message : error.message
  if (databaseProblem(error) === undefined && !refused && !/ECONN|ENOTFOUND|EHOST/.test(code))
    return error
  return new CannotStart(
    `The database ${pathname.slice(1)} at ${host} cannot be used: ${inner}. Check DATABASE_URL, or leave it unset for the embedded PostgreSQL.`,
    { cause: error },
  )
}
