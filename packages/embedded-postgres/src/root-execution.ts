import { lchown, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DataFolder, nullIfMissing } from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import { describeFailure, runProgram, type SystemUser } from './program-execution.ts'

type CommandForRoot = {
  prefix: readonly string[]
  spawnAs: Partial<SystemUser>
  user: SystemUser
  /** What `postgres --version` printed. */
  version: string
}

/**
 * PostgreSQL refuses to run as root, so it runs as an existing ordinary user. Where that user cannot
 * enter the folders (a project under /root), `setpriv` grants one capability: to read past
 * permissions, or, where only root can run the programs, to ignore permissions.
 * @throws {EmbeddedPostgresError} `cannot-run`
 */
export async function findCommandForRoot(
  postgres: string,
  folder: DataFolder,
): Promise<CommandForRoot> {
  const user = await findOrdinaryUser(folder)
  const candidates = [
    { prefix: [], spawnAs: user },
    { prefix: setpriv(user, 'dac_read_search'), spawnAs: {} },
    { prefix: setpriv(user, 'dac_override'), spawnAs: {} },
  ]
  let reason = ''
  for (const { prefix, spawnAs } of candidates) {
    const probe = ['/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', folder.path, postgres]
    try {
      const version = await runProgram([...prefix, ...probe], { cwd: '/', ...spawnAs })
      return { prefix, spawnAs, user, version }
    } catch (error) {
      reason = describeFailure(error)
    }
  }
  throw new EmbeddedPostgresError(
    'cannot-run',
    'PostgreSQL does not run as root, and as user ' +
      `${user.uid} it cannot use ${folder.path} (${reason}): ` +
      'move the project to a folder that every user can enter, or run it as an ordinary user',
  )
}

function setpriv(user: SystemUser, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--',
  ]
}

/**
 * The owner of the cluster, so that it keeps its owner when root opens it; otherwise `postgres` or
 * `nobody`. A cluster that root owns (a copy made by root) is given to that user.
 */
async function findOrdinaryUser(folder: DataFolder): Promise<SystemUser> {
  const owner = await stat(folder.cluster).catch(nullIfMissing)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const user = (await findSystemUser('postgres')) ?? (await findSystemUser('nobody'))
  if (!user) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      'PostgreSQL does not run as root, and there is no user postgres or nobody: ' +
        'run this process as an ordinary user',
    )
  }
  if (owner) await changeOwner(folder.cluster, user)
  return user
}

async function findSystemUser(name: string): Promise<SystemUser | null> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  const fields = lines.map((line) => line.split(':')).find(([first]) => first === name)
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : null
}

async function changeOwner(folder: string, user: SystemUser): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  for (const name of ['', ...names]) await lchown(join(folder, name), user.uid, user.gid)
}
