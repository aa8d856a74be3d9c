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
import { z } from 'zod'
import { FatalError } from '../../fatal-error.ts'

/** The places in a data folder that belong to the embedded PostgreSQL; all paths are absolute. */
export type Folder = {
  dataDir: string
  cluster: string
  facts: string
  gate: string
  log: string
}

/**
 * What a connection needs beyond the folder. The port is the one of the last start and the first
 * choice of the next; that of a PostgreSQL that runs stands in its pid file.
 */
export type Facts = { port: number; password: string }

const Facts = z.object({ port: z.int(), password: z.string().min(1) })

/** Creates the data folder if there is none. */
export async function openFolder(dataDir: string): Promise<Folder> {
  await mkdir(resolve(dataDir), { recursive: true })
  const real = await realpath(dataDir)
  return {
    dataDir: real,
    cluster: join(real, 'postgres'),
    facts: join(real, 'postgres.json'),
    gate: join(real, 'postgres.lock'),
    log: join(real, 'postgres.log'),
  }
}

/**
 * The major version of the cluster, or null when there is none yet. An empty folder counts as none.
 * @throws {FatalError} when it is another user's, or something else lies in its place
 */
export async function clusterVersion(folder: Folder): Promise<string | null> {
  const owner = (await stat(folder.cluster).catch(nullIfMissing))?.uid
  if (owner === undefined) return null
  const self = process.getuid?.() ?? 0
  if (self !== 0 && self !== owner) {
    throw new FatalError(
      `${folder.cluster} belongs to user ${owner} and this process runs as user ${self}: ` +
        'run it as that user, choose another data folder, or set DATABASE_URL',
    )
  }
  if ((await readdir(folder.cluster)).length === 0) return null
  const version = await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8').catch(nullIfMissing)
  if (version === null) {
    throw new FatalError(
      `${folder.cluster} holds something that is not a PostgreSQL database: ` +
        'move it away, or choose another data folder',
    )
  }
  return version.trim()
}

/** Facts for a cluster that is about to be made. */
export function newFacts(): Facts {
  return { port: 0, password: randomBytes(24).toString('base64url') }
}

/** @throws {FatalError} when they are lost, because the password exists nowhere else */
export async function readFacts(folder: Folder): Promise<Facts> {
  const text = await readFile(folder.facts, 'utf8').catch(nullIfMissing)
  try {
    return Facts.parse(JSON.parse(text ?? ''))
  } catch {
    throw new FatalError(
      `${folder.facts}, the only place of the database's password, is missing or damaged: ` +
        'put it back from a copy, or choose another data folder',
    )
  }
}

/** Replaces the file at one stroke; root leaves it to whom it belonged. */
export async function writeFacts(folder: Folder, facts: Facts): Promise<void> {
  const draft = `${folder.facts}.new`
  const before = await stat(folder.facts).catch(nullIfMissing)
  await writeFile(draft, `${JSON.stringify(facts)}\n`, { mode: 0o600, flush: true })
  if (before && process.getuid?.() === 0) await chown(draft, before.uid, before.gid)
  await rename(draft, folder.facts)
}

/**
 * What PostgreSQL wrote of itself when it last started, be it alive or not; null when it ended
 * well.
 */
export async function readPidFile(folder: Folder): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(pidFile(folder), 'utf8').catch(nullIfMissing)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : null
}

export function pidFile(folder: Folder): string {
  return join(folder.cluster, 'postmaster.pid')
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
