import { randomBytes } from 'node:crypto'
import {
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedPostgresError } from './error.ts'

/** Absolute paths of what belongs to the embedded PostgreSQL in a data folder. */
export type DataFolder = {
  path: string
  cluster: string
  connectionDetails: string
  lock: string
  log: string
}

/**
 * What `postgres.json` holds. `port` is that of the last start and the first choice of the next; 0
 * before the first start. The port of a running server is in its pid file.
 */
export type ConnectionDetails = { port: number; password: string }

/** Creates the folder when it is missing. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  await mkdir(resolve(dataDir), { recursive: true })
  const path = await realpath(dataDir)
  return {
    path,
    cluster: join(path, 'postgres'),
    connectionDetails: join(path, 'postgres.json'),
    lock: join(path, 'postgres.lock'),
    log: join(path, 'postgres.log'),
  }
}

/**
 * The major version that created the cluster; null when there is none. An empty folder counts as none.
 * @throws {EmbeddedPostgresError} `unusable-folder` when another user owns it, or it is no cluster
 */
export async function readClusterVersion(folder: DataFolder): Promise<string | null> {
  const owner = (await stat(folder.cluster).catch(nullIfMissing))?.uid
  if (owner === undefined) return null
  checkOwner(folder, owner)
  if ((await readdir(folder.cluster)).length === 0) return null
  const version = await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8').catch(nullIfMissing)
  if (version === null) {
    throw new EmbeddedPostgresError(
      'unusable-folder',
      `${folder.cluster} holds files that are not a PostgreSQL database: ` +
        'move them away, or choose another data folder',
    )
  }
  return version.trim()
}

function checkOwner(folder: DataFolder, owner: number): void {
  const self = process.getuid?.() ?? 0
  if (self === 0 || self === owner) return
  throw new EmbeddedPostgresError(
    'unusable-folder',
    `${folder.cluster} belongs to user ${owner} and this process runs as user ${self}: ` +
      'run it as that user, or choose another data folder',
  )
}

export function createConnectionDetails(): ConnectionDetails {
  return { port: 0, password: randomBytes(24).toString('base64url') }
}

/** @throws {EmbeddedPostgresError} `password-lost`: no other file has the password */
export async function readConnectionDetails(folder: DataFolder): Promise<ConnectionDetails> {
  const text = await readFile(folder.connectionDetails, 'utf8').catch(nullIfMissing)
  const details = parseConnectionDetails(text ?? '')
  if (details) return details
  throw new EmbeddedPostgresError(
    'password-lost',
    `${folder.connectionDetails}, the only file with the password of the database, ` +
      'is missing or damaged: restore it from a backup, or choose another data folder',
  )
}

function parseConnectionDetails(text: string): ConnectionDetails | null {
  try {
    const { port, password } = JSON.parse(text) as Record<string, unknown>
    if (typeof port !== 'number' || !Number.isInteger(port)) return null
    if (typeof password !== 'string' || password === '') return null
    return { port, password }
  } catch {
    return null
  }
}

/** Replaces the file atomically. When root writes it, the owner stays the same. */
export async function writeConnectionDetails(
  folder: DataFolder,
  details: ConnectionDetails,
): Promise<void> {
  const draft = `${folder.connectionDetails}.new`
  const previous = await stat(folder.connectionDetails).catch(nullIfMissing)
  await writeFile(draft, `${JSON.stringify(details)}\n`, { mode: 0o600, flush: true })
  if (previous && process.getuid?.() === 0) await chown(draft, previous.uid, previous.gid)
  await rename(draft, folder.connectionDetails)
}

/**
 * Process and port of the last start, whether or not that server still runs; null after an orderly
 * stop. The port is 0 until the server has written it.
 */
export async function readPidFile(
  folder: DataFolder,
): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(pidFilePath(folder), 'utf8').catch(nullIfMissing)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : null
}

export function pidFilePath(folder: DataFolder): string {
  return join(folder.cluster, 'postmaster.pid')
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
