import { chown, mkdtemp, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ConnectionDetails,
  createConnectionDetails,
  type DataFolder,
  nullIfMissing,
  writeConnectionDetails,
} from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import type { OpenRequest } from './open-request.ts'
import { describeFailure, runProgram } from './program-execution.ts'
import { findPrograms, type Programs } from './programs.ts'

const DRAFT_PREFIX = 'postgres.init-'

/**
 * Creates the cluster in a draft folder and renames it when it is complete and on disk. A folder
 * with the final name is therefore never half made.
 * @throws {EmbeddedPostgresError}
 */
export async function initialiseCluster(request: OpenRequest): Promise<ConnectionDetails> {
  const { folder, log } = request
  const programs = await findPrograms(folder)
  await removeDrafts(folder)
  const details = createConnectionDetails()
  const draft = await mkdtemp(join(folder.path, DRAFT_PREFIX))
  try {
    const passwordFile = await writePasswordFile(programs, draft, details.password)
    const cluster = join(draft, 'cluster')
    await runInitdb(request, programs, cluster, passwordFile)
    await writeConnectionDetails(folder, details)
    await rmdir(folder.cluster).catch(nullIfMissing)
    await rename(cluster, folder.cluster)
    await syncFolder(folder.path)
    log(`initialised a PostgreSQL ${programs.majorVersion} database in ${folder.cluster}`)
    return details
  } finally {
    await removeDrafts(folder)
  }
}

/** `initdb` reads the password from a file; it must be able to write into the draft as well. */
async function writePasswordFile(
  { user }: Programs,
  draft: string,
  password: string,
): Promise<string> {
  const file = join(draft, 'password')
  await writeFile(file, password, { mode: 0o600 })
  if (user) {
    await chown(draft, user.uid, user.gid)
    await chown(file, user.uid, user.gid)
  }
  return file
}

async function runInitdb(
  { name, onLaunch }: OpenRequest,
  programs: Programs,
  cluster: string,
  passwordFile: string,
): Promise<void> {
  const flags = [
    `--username=${name}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // The same sort order of text on every machine.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  // One system call instead of one for each of a thousand files; only Linux has it.
  if (process.platform === 'linux') flags.push('--sync-method=syncfs')
  const command = [...programs.prefix, programs.initdb, '-D', cluster, ...flags]
  try {
    const finished = runProgram(command, programs.spawnAs)
    onLaunch('initdb')
    await finished
  } catch (error) {
    throw new EmbeddedPostgresError(
      'initialisation-failed',
      `the database could not be created in ${cluster} (${describeFailure(error)}): remove the cause`,
      { cause: error },
    )
  }
}

/** An `initdb` whose parent was killed may still write: what cannot be removed stays until next time. */
async function removeDrafts(folder: DataFolder): Promise<void> {
  for (const name of await readdir(folder.path)) {
    if (!name.startsWith(DRAFT_PREFIX)) continue
    await rm(join(folder.path, name), { recursive: true, force: true }).catch(() => {})
  }
}

/** Makes a rename survive a power cut. Windows neither needs nor allows it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
