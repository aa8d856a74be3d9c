import { realpath } from 'node:fs/promises'
import { Client, DatabaseError } from 'pg'
import type { ConnectionDetails } from './data-folder.ts'
import type { OpenRequest } from './open-request.ts'

/**
 * `starting` includes recovery and shutdown. `silent`: no PostgreSQL answers. `denied`: a server
 * answers and refuses the connection, or serves another folder.
 */
type ConnectionAttempt =
  | { kind: 'connected'; client: Client }
  | { kind: 'starting' | 'silent' | 'denied'; message: string }

const CANNOT_CONNECT_NOW = '57P03'

/**
 * Connects to the database `postgres`, not to the caller's, which must stay free to be copied as a
 * template. With SCRAM the server must know the password too, so another server cannot pass for ours.
 */
export async function connectToServer(
  { folder, name, purpose }: OpenRequest,
  { port, password }: ConnectionDetails,
): Promise<ConnectionAttempt> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: name,
    password,
    database: 'postgres',
    ssl: false,
    // `cluster-users.ts` reads the process number at the end.
    application_name: `${name} ${purpose} ${process.pid}`,
    connectionTimeoutMillis: 3000,
    query_timeout: 30_000,
    keepAlive: true,
  })
  // An 'error' event without listener would end the process; callers listen to 'end', which follows.
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
    if (!(error instanceof DatabaseError)) return { kind: 'silent', message }
    return { kind: error.code === CANNOT_CONNECT_NOW ? 'starting' : 'denied', message }
  }
}

async function isSameFolder(a: string | undefined, b: string): Promise<boolean> {
  const [realA, realB] = await Promise.all([realpath(a ?? '').catch(() => null), realpath(b)])
  return realA === realB
}
