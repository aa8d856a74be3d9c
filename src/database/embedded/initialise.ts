import { execFile } from 'node:child_process'
import { chown, mkdtemp, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FatalError } from '../../fatal-error.ts'
import { type Facts, type Folder, newFacts, nullIfMissing, writeFacts } from './folder.ts'
import { environment, findPrograms, type Programs, reasonOf } from './programs.ts'

const run = promisify(execFile)
const DRAFT = 'postgres.init-'

/**
 * Makes the cluster, and says when `initdb` runs. It grows in a folder of its own and takes its name only when it is complete
 * and on disk, so whatever bears that name can be trusted.
 */
export async function initialise(
  folder: Folder,
  log: (line: string) => void,
  launched: () => void,
): Promise<Facts> {
  const programs = await findPrograms(folder)
  await removeDrafts(folder)
  const facts = newFacts()
  const draft = await mkdtemp(join(folder.dataDir, DRAFT))
  try {
    const passwordFile = join(draft, 'password')
    await writeFile(passwordFile, facts.password, { mode: 0o600 })
    if (programs.user) {
      for (const path of [draft, passwordFile]) {
        await chown(path, programs.user.uid, programs.user.gid)
      }
    }
    const cluster = join(draft, 'cluster')
    await runInitdb(programs, cluster, passwordFile, launched)
    await writeFacts(folder, facts)
    await rmdir(folder.cluster).catch(nullIfMissing)
    await rename(cluster, folder.cluster)
    await syncNames(folder.dataDir)
    log(`initialised a PostgreSQL ${programs.majorVersion} database in ${folder.cluster}`)
    return facts
  } finally {
    await removeDrafts(folder)
  }
}

async function runInitdb(
  programs: Programs,
  cluster: string,
  password: string,
  launched: () => void,
): Promise<void> {
  const flags = ['--username=casefile', `--pwfile=${password}`, '--auth=scram-sha-256']
  // The order of text, and so every page of a list, is the same on every machine.
  flags.push(
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  )
  // One system call in place of one for each of a thousand files; only Linux has it.
  if (process.platform === 'linux') flags.push('--sync-method=syncfs')
  const [file = '', ...args] = [...programs.prefix, programs.initdb, '-D', cluster, ...flags]
  try {
    const running = run(file, args, { env: environment, ...programs.spawnAs })
    launched()
    await running
  } catch (error) {
    throw new FatalError(
      `the database could not be set up: ${reasonOf(error)}; ` +
        'mend that, or set DATABASE_URL to a PostgreSQL of your own',
      { cause: error },
    )
  }
}

/**
 * An initdb whose parent was killed may still be writing into its draft: what resists stays for the
 * next time.
 */
async function removeDrafts(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.dataDir)) {
    if (!name.startsWith(DRAFT)) continue
    await rm(join(folder.dataDir, name), { recursive: true, force: true }).catch(() => {})
  }
}

/** Without it a power cut could undo a rename. Windows neither needs nor allows it. */
async function syncNames(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
