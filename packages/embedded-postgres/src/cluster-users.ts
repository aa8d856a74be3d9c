import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { EmbeddedPostgresError } from './error.ts'
import type { OpenRequest } from './open-request.ts'
import { isAlive } from './process-status.ts'

// Advisory locks of the database `postgres`. Processes of other versions use the same numbers.
const LOCK_CLASS = 0xca5e
/** Held shared by every process that uses the server. */
const USERS_LOCK = 1
/** Held by the process that opened the folder with `serve`. */
const SERVE_LOCK = 2
/** PostgreSQL needs a moment to release the locks of a killed process. */
const RELEASE_TIMEOUT_MS = 2000

/**
 * Registers this process as a user of the server, and creates the database when it is missing.
 * Returns true when there is no other user.
 * @throws {EmbeddedPostgresError} `already-served`
 */
export async function registerUser(client: Client, request: OpenRequest): Promise<boolean> {
  const { folder, name, purpose } = request
  const isOnlyUser = (await tryLock(client, USERS_LOCK)) === null
  await client.query('select pg_advisory_lock_shared($1, $2)', [LOCK_CLASS, USERS_LOCK])
  if (isOnlyUser) await client.query('select pg_advisory_unlock($1, $2)', [LOCK_CLASS, USERS_LOCK])
  const server = purpose === 'serve' ? await tryLock(client, SERVE_LOCK) : null
  if (server !== null) {
    throw new EmbeddedPostgresError(
      'already-served',
      `another ${name} server already runs on ${folder.path} (process ${server}): ` +
        'stop it first, or give this one another data folder',
    )
  }
  await createMissingDatabase(client, name)
  return isOnlyUser
}

async function createMissingDatabase(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
}

/** Releases all locks. Returns true when no other user is left. */
export async function unregisterUser(client: Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_all()')
  return (await tryLock(client, USERS_LOCK)) === null
}

/** Returns null when the exclusive lock is granted, otherwise the process that holds it. */
async function tryLock(client: Client, lock: number): Promise<number | null> {
  const deadline = Date.now() + RELEASE_TIMEOUT_MS
  for (;;) {
    const { rows } = await client.query<{ granted: boolean }>(
      'select pg_try_advisory_lock($1, $2) as granted',
      [LOCK_CLASS, lock],
    )
    if (rows[0]?.granted) return null
    const pids = await findHolders(client, lock)
    for (const pid of pids) if (await isAlive(pid)) return pid
    if (Date.now() > deadline) return pids[0] ?? 0
    await sleep(20)
  }
}

async function findHolders(client: Client, lock: number): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    `select substring(application_name, '\\d+$')::int as pid
       from pg_stat_activity
      where pid in (select pid
                      from pg_locks
                     where locktype = 'advisory'
                       and classid = $1
                       and objid = $2
                       and granted)
        and pid <> pg_backend_pid()`,
    [LOCK_CLASS, lock],
  )
  return rows.map((row) => row.pid)
}
