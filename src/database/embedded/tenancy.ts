import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { FatalError } from '../../fatal-error.ts'
import type { Folder } from './folder.ts'
import { isAlive } from './processes.ts'

/** `serve` for the one server of a data folder, `command` for everything beside it. */
export type Purpose = 'serve' | 'command'

/**
 * What a PostgreSQL says to a connection: `starting` also means that it is recovering or shutting
 * down, `silent` that nothing answers, `denied` that something answers and will not have us, or
 * serves another folder.
 */
type Answer =
  | { kind: 'connected'; client: Client }
  | { kind: 'starting' | 'silent' | 'denied'; message: string }

// Advisory locks, by number within our class. Everyone who uses the PostgreSQL shares the first.
const LOCK_CLASS = 0xca5e
const TENANTS = 1
const SERVER = 2

/**
 * Connects to the database `postgres`, not to our own, which must stay free to be copied as a
 * template. The password is proof both ways: SCRAM lets no stranger on that port pass for our
 * PostgreSQL.
 */
export async function connect(
  folder: Folder,
  at: { port: number; password: string },
  purpose: Purpose,
): Promise<Answer> {
  const client = new Client({
    host: '127.0.0.1',
    port: at.port,
    user: 'casefile',
    password: at.password,
    database: 'postgres',
    ssl: false,
    application_name: `casefile ${purpose} ${process.pid}`,
    connectionTimeoutMillis: 3000,
    query_timeout: 30_000,
    keepAlive: true,
  })
  // The 'end' that follows is what others listen to; an unheard 'error' would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ path: string }>(
      `select current_setting('data_directory') as path`,
    )
    if (await isSameFolder(rows[0]?.path, folder.cluster)) return { kind: 'connected', client }
    await client.end()
    return { kind: 'denied', message: `it serves ${rows[0]?.path}` }
  } catch (error) {
    client.end().catch(() => {})
    const message = error instanceof Error ? error.message : String(error)
    const CANNOT_CONNECT_NOW = '57P03'
    if (!(error instanceof DatabaseError)) return { kind: 'silent', message }
    return { kind: error.code === CANNOT_CONNECT_NOW ? 'starting' : 'denied', message }
  }
}

async function isSameFolder(a: string | undefined, b: string): Promise<boolean> {
  const [realA, realB] = await Promise.all([realpath(a ?? '').catch(() => null), realpath(b)])
  return realA === realB
}

/**
 * Enters as a tenant and creates our database if there is none. Gives true when no other tenant was
 * there.
 * @throws {FatalError} when a second server wants in
 */
export async function moveIn(client: Client, folder: Folder, purpose: Purpose): Promise<boolean> {
  const alone = (await tryLock(client, TENANTS)) === null
  await client.query('select pg_advisory_lock_shared($1, $2)', [LOCK_CLASS, TENANTS])
  if (alone) await client.query('select pg_advisory_unlock($1, $2)', [LOCK_CLASS, TENANTS])
  const server = purpose === 'serve' ? await tryLock(client, SERVER) : null
  if (server !== null) {
    throw new FatalError(
      `another casefile server already runs on ${folder.dataDir} (process ${server}): ` +
        'stop it first, or give this one another data folder',
    )
  }
  const { rowCount } = await client.query(`select from pg_database where datname = 'casefile'`)
  if (rowCount === 0) await client.query('create database casefile')
  return alone
}

/** Gives up all locks; true when no other tenant is left. */
export async function moveOut(client: Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_all()')
  return (await tryLock(client, TENANTS)) === null
}

/**
 * Null when the exclusive lock is granted, otherwise the process that has it. PostgreSQL takes a
 * moment to notice that a process was killed: the locks of such a one are waited for.
 */
async function tryLock(client: Client, lock: number): Promise<number | null> {
  const deadline = Date.now() + 2000
  for (;;) {
    const granted = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock($1, $2) as ok',
      [LOCK_CLASS, lock],
    )
    if (granted.rows[0]?.ok) return null
    const holders = await client.query<{ pid: number }>(
      `select substring(application_name from '\\d+$')::int as pid
         from pg_stat_activity
        where pid in (select pid from pg_locks
                       where locktype = 'advisory' and classid = $1 and objid = $2 and granted)
          and pid <> pg_backend_pid()`,
      [LOCK_CLASS, lock],
    )
    const pids = holders.rows.map((row) => row.pid)
    for (const pid of pids) if (await isAlive(pid)) return pid
    if (Date.now() > deadline) return pids[0] ?? 0
    await sleep(20)
  }
}
