import { openDataFolder } from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import { withFileLock } from './file-lock.ts'
import type { OpenRequest, Purpose } from './open-request.ts'
import { findRunningServer } from './running-server.ts'
import { acquireServer, releaseServer, type ServerSession } from './server-session.ts'
import { superviseServer } from './supervisor.ts'

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './error.ts'

export type EmbeddedPostgresOptions = {
  /** Created when missing. */
  dataDir: string
  /** Name of the database and of its owner, fixed when the cluster is created: `[a-z][a-z0-9_]*`. */
  name: string
  /** Any number of processes may open a folder, but only one of them with `serve`. */
  purpose: Purpose
  /** Receives rare events, one line each. */
  log: (line: string) => void
  /** Called when a program has been launched that takes time: `initdb` for a new cluster, then the server. */
  onLaunch?: ((program: 'initdb' | 'postgres') => void) | undefined
  /** More server settings, `name=value` without spaces. They apply only if this call starts the server. */
  settings?: readonly string[]
}

export type EmbeddedPostgres = {
  /** Connection string of the database `name`. A restart of the server does not change it. */
  url: string
  /**
   * Stops the server unless another process uses it, and so ends connections that are still open.
   * Never rejects.
   */
  close(): Promise<void>
}

/**
 * Starts a PostgreSQL server in the data folder, or joins the one that runs there. The server is a
 * process of its own and survives if this process is killed; the next caller adopts it. With
 * `serve`, a server that dies is restarted.
 *
 * Installs no exit or signal handlers: the caller must call `close`.
 * @throws {EmbeddedPostgresError}
 */
export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  checkName(options.name)
  const session = await openSession(options)
  const closing = new AbortController()
  const supervision =
    options.purpose === 'serve' ? superviseServer(session, closing.signal) : Promise.resolve()
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    closing.abort()
    await supervision
    await closeSession(session)
  }

  return {
    url: `postgres://${options.name}:${session.password}@127.0.0.1:${session.port}/${options.name}`,
    close() {
      closed ??= close()
      return closed
    },
  }
}

function checkName(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name) || /^(pg_|postgres$|template[01]$)/.test(name)) {
    throw new TypeError(`"${name}" cannot be the name of the embedded database`)
  }
}

async function openSession(options: EmbeddedPostgresOptions): Promise<ServerSession> {
  const { dataDir, name, purpose, log, onLaunch = () => {}, settings = [] } = options
  try {
    const folder = await openDataFolder(dataDir)
    const request: OpenRequest = { folder, name, purpose, log, onLaunch, settings }
    return await withFileLock(folder.lock, () => acquireServer(request))
  } catch (error) {
    throw describeSystemError(error, dataDir)
  }
}

/** The text of a system error names the cause and the path: "EACCES: permission denied, mkdir ...". */
function describeSystemError(error: unknown, dataDir: string): unknown {
  if (error instanceof EmbeddedPostgresError) return error
  if (!(error instanceof Error) || !('code' in error)) return error
  const text = isDiskFull(error)
    ? `No room is left on the disk of the data folder ${dataDir} (${error.message}): make room, or choose another data folder`
    : `the data folder ${dataDir} cannot be used (${error.message}): choose another data folder`
  return new EmbeddedPostgresError('unusable-folder', text, { cause: error })
}

/** From the file system, or from SQLite, whose result code SQLITE_FULL is 13. */
const isDiskFull = (error: Error & { code?: unknown; errcode?: unknown }): boolean =>
  error.code === 'ENOSPC' || error.errcode === 13

async function closeSession(session: ServerSession): Promise<void> {
  const { request, port, password } = session
  try {
    await withFileLock(request.folder.lock, async () => {
      const server = (await isConnected(session))
        ? session
        : await findRunningServer(request, { port, password })
      if (server) await releaseServer(request.folder, server.client)
    })
  } catch (error) {
    request.log(
      `PostgreSQL was left running: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

async function isConnected(session: ServerSession): Promise<boolean> {
  try {
    await session.client.query('select')
    return true
  } catch {
    return false
  }
}
