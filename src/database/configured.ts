import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'

type OpenDatabase = { database: Database; close(): Promise<void> }

const oldestServer = 15
const connectSeconds = 10
/** A statement that still runs then is cut by the end of the embedded PostgreSQL, or of this process. */
const closeLimitMs = 1_000

/**
 * The database that the settings name, as it is: `DATABASE_URL`, or the embedded PostgreSQL.
 *
 * @param launched hears that PostgreSQL is being made (`isNew`) or started, which takes its time
 * @throws {CannotStart} when it cannot be reached or used
 */
export async function openConfigured(
  config: Config,
  purpose: 'serve' | 'command',
  log: (line: string) => void,
  launched?: (isNew: boolean) => void,
): Promise<OpenDatabase> {
  const { DATABASE_URL, DATA_DIR } = config
  if (DATABASE_URL !== undefined) {
    await checkServer(DATABASE_URL)
    return openFound(DATABASE_URL, config, log)
  }
  const embedded = await openEmbedded({ dataDir: DATA_DIR, purpose, log, launched })
  const { database, close } = openFound(embedded.url, config, log)
  return { database, close: () => close().finally(embedded.close) }
}

/**
 * The same, migrated: for a command.
 *
 * @throws {CannotStart} when it cannot be reached or used, or is of a newer version of Casefile
 */
export async function openMigrated(
  config: Config,
  log: (line: string) => void,
): Promise<OpenDatabase> {
  const opened = await openConfigured(config, 'command', log)
  try {
    await migrateFound(opened.database.url, log)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

/**
 * Migrates a database that was found to be of use.
 *
 * @throws {CannotStart} when it is of somebody else, or of a newer version of Casefile
 */
export async function migrateFound(url: string, log: (line: string) => void): Promise<void> {
  for (const name of await migrate(url).catch(refuse)) log(`migrated the database: ${name}`)

  function refuse(error: unknown): never {
    const message = error instanceof Error ? error.message : ''
    const notEmpty = 'it holds tables that are not of Casefile: name an empty database'
    if (/schema is not empty/.test(message)) throw cannotUse(url, notEmpty, error)
    const denied = /permission denied.*|must be owner.*/.exec(message)
    if (denied) throw cannotUse(url, denied[0], error)
    throw error
  }
}

/** A database that was found to be of use. No connection is made before the first query. */
export function openFound(url: string, config: Config, log: (line: string) => void): OpenDatabase {
  const database = openDatabase({
    url,
    poolSize: config.POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    onConnectionLost: (error) => log(`lost a connection to the database: ${error.message}`),
  })
  return {
    database,
    close: () => Promise.race([database.close(), sleep(closeLimitMs, undefined, { ref: false })]),
  }
}

/** Every reason why a server of one's own is of no use is found here, before anything is written. */
async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectSeconds * 1_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number; encoding: string }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              current_setting('server_encoding') AS encoding`,
    )
    const { version = 0, encoding = '' } = rows[0] ?? {}
    if (version < oldestServer)
      throw new Error(`it is PostgreSQL ${version}, and ${oldestServer} or later is needed`)
    if (encoding !== 'UTF8') throw new Error(`its encoding is ${encoding}, and UTF8 is needed`)
  } catch (error) {
    throw cannotUse(url, reasonOf(error), error)
  } finally {
    await client.end().catch(() => {})
  }
}

function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const message = first instanceof Error ? first.message : String(first)
  if (message === 'timeout expired') return `no answer within ${connectSeconds} s`
  if (message.startsWith('Connection terminated')) return 'what answers there is not PostgreSQL'
  return message
}

/** Names host and database, never the password. */
function cannotUse(url: string, reason: string, cause: unknown): CannotStart {
  const { host, pathname } = new URL(url)
  const name = decodeURIComponent(pathname.slice(1))
  return new CannotStart(
    `The database ${name && `${name} `}at ${host || 'localhost'} cannot be used: ${reason}. ` +
      'Check DATABASE_URL, or leave it unset for the embedded PostgreSQL.',
    { cause },
  )
}
