import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Config } from '../config.ts'
import { FatalError } from '../fatal-error.ts'
import { ForgottenStatementError, sendQuery } from './send-query.ts'

const minServerVersion = 15
const connectTimeoutSeconds = 10
/** A pooler in transaction mode gives its only idle connection to whoever asks next; other clients may interfere. */
const poolerProbes = 5
const maxProbeMs = 2_000

type ServerFacts = {
  version: number
  encoding: string
  backendPid: number
  lowersAllLetters: boolean
  fsync: string
  fullPageWrites: string
  synchronousCommit: string
  transactionTimeout: string | null
  messages: string
}

/**
 * Checks that the server of `DATABASE_URL` can be used, before anything is written. Logs settings that differ from what the
 * product relies on and that it cannot set itself.
 *
 * @throws {FatalError}
 */
export async function checkServer(
  config: Pick<Config, 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_PREPARED'>,
  log: (line: string) => void,
): Promise<void> {
  const { DATABASE_URL: url = '', DATABASE_DIRECT_URL: directUrl } = config
  const facts = await checkUrl(url, 'DATABASE_URL', async (client) => {
    const found = await readFacts(client)
    rejectUnusable(found)
    await checkPooler(client, found, config)
    return found
  })
  for (const line of listWarnings(facts)) log(line)
  if (directUrl === undefined) return
  await checkUrl(directUrl, 'DATABASE_DIRECT_URL', async (client) => {
    if (isPooled(client, await readFacts(client)) && (await sharesConnections(client, directUrl)))
      throw new Error('it leads to a connection pooler in transaction mode')
  })
}

async function checkUrl<T>(
  url: string,
  setting: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = createClient(url)
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw createUnusableError(url, describeConnectError(error), error, setting)
  } finally {
    await client.end().catch(() => {})
  }
}

function createClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutSeconds * 1_000,
    application_name: `casefile check ${process.pid}`,
  })
  client.on('error', () => {})
  return client
}

async function readFacts(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(`
    SELECT
      current_setting('server_version_num')::int / 10000 AS version,
      current_setting('server_encoding') AS encoding,
      pg_backend_pid() AS "backendPid",
      lower(U&'\\00C9') = U&'\\00E9' AS "lowersAllLetters",
      current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS "fullPageWrites",
      current_setting('synchronous_commit') AS "synchronousCommit",
      current_setting('transaction_timeout', true) AS "transactionTimeout",
      current_setting('lc_messages') AS messages`)
  const [facts] = rows
  if (facts === undefined) throw new Error('it does not tell its settings')
  return facts
}

function rejectUnusable({ version, encoding }: ServerFacts): void {
  if (version < minServerVersion)
    throw new Error(`it is PostgreSQL ${version}, and ${minServerVersion} or later is needed`)
  if (encoding !== 'UTF8') throw new Error(`its encoding is ${encoding}, and UTF8 is needed`)
}

/** What the product relies on and cannot set for its own connections. */
function listWarnings(facts: ServerFacts): string[] {
  const warnings = [
    facts.fsync !== 'on' && 'fsync is off: a power cut can destroy the database',
    facts.fullPageWrites !== 'on' &&
      'full_page_writes is off: a power cut can destroy the database',
    facts.synchronousCommit === 'off' &&
      'synchronous_commit is off: a crash can lose the last acknowledged writes',
    !facts.lowersAllLetters &&
      'its locale changes the case of ASCII letters only, so names in other letters match only in the same case: create the database with a UTF-8 locale',
    !/^(0|)$/.test(facts.transactionTimeout ?? '') &&
      `transaction_timeout is ${facts.transactionTimeout}: exports and imports end after it`,
    !/^(en|C|POSIX)/.test(facts.messages) &&
      `lc_messages is ${facts.messages}: problems do not say which record of a batch is a duplicate`,
  ]
  return warnings.filter((warning) => warning !== false).map((warning) => `PostgreSQL: ${warning}`)
}

/** A pooler gives its clients process ids of its own. */
const isPooled = (client: pg.Client, { backendPid }: ServerFacts): boolean =>
  (client as unknown as { processID: number }).processID !== backendPid

async function checkPooler(
  client: pg.Client,
  facts: ServerFacts,
  config: Pick<Config, 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_PREPARED'>,
): Promise<void> {
  const { DATABASE_URL: url = '', DATABASE_DIRECT_URL: directUrl, DATABASE_PREPARED } = config
  if (!isPooled(client, facts) || !(await sharesConnections(client, url))) return
  if (directUrl === undefined)
    throw new Error(
      'it is a connection pooler in transaction mode: set DATABASE_DIRECT_URL to PostgreSQL itself, or use session mode',
    )
  if (DATABASE_PREPARED && (await forgetsStatements(client, url)))
    throw new Error(
      'it is a connection pooler that forgets prepared statements: set DATABASE_PREPARED=false, or max_prepared_statements of PgBouncer 1.21 or later',
    )
}

/** Whether two open connections to a pooler use the same connection of PostgreSQL: it is in transaction mode. */
async function sharesConnections(client: pg.Client, url: string): Promise<boolean> {
  return await withSecondClient(url, async (second) => {
    for (let probe = 0; probe < poolerProbes; probe += 1) {
      const [first, other] = [await readBackendPid(client), await readBackendPid(second)]
      if (first === other) return true
    }
    return false
  })
}

/** Runs a prepared statement again while the second client holds the connection on which it was prepared. */
async function forgetsStatements(client: pg.Client, url: string): Promise<boolean> {
  const statement = { name: 'casefile_probe', text: 'SELECT 1 AS casefile_probe' }
  return await withSecondClient(url, async (second) => {
    try {
      await sendQuery(client, statement)
      await second.query('BEGIN')
      const repeated = sendQuery(client, statement)
      repeated.catch(() => undefined)
      // With a single connection, the pooler lets the repetition wait for the transaction.
      const isWaiting = await Promise.race([repeated.then(() => false), sleep(maxProbeMs, true)])
      if (!isWaiting) await sendQuery(second, statement)
      return false
    } catch (error) {
      if (error instanceof ForgottenStatementError) return true
      throw error
    } finally {
      await second.query('ROLLBACK').catch(() => undefined)
    }
  })
}

async function withSecondClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = createClient(url)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function readBackendPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

function describeConnectError(error: unknown): string {
  const firstError = error instanceof AggregateError ? error.errors[0] : error
  const message = firstError instanceof Error ? firstError.message : String(firstError)
  if (message === 'timeout expired') return `no answer within ${connectTimeoutSeconds} s`
  if (message.startsWith('Connection terminated')) return 'the server there is not PostgreSQL'
  return message
}

/** Shows host and database, never the password. */
export function createUnusableError(
  url: string,
  reason: string,
  cause: unknown,
  setting = 'DATABASE_URL',
): FatalError {
  const { host, pathname } = new URL(url)
  const name = decodeURIComponent(pathname.slice(1))
  const advice =
    setting === 'DATABASE_URL' ? ', or leave it unset for the embedded PostgreSQL.' : '.'
  return new FatalError(
    `The database ${name && `${name} `}at ${host || 'localhost'} cannot be used: ${reason}. ` +
      `Check ${setting}${advice}`,
    { cause },
  )
}
