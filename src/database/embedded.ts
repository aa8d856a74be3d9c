import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  type EmbeddedPostgresErrorCode,
  openEmbeddedPostgres,
} from '@casefile/embedded-postgres'
import { FatalError } from '../fatal-error.ts'

type EmbeddedOptions = {
  dataDir: string
  /** Any number of processes may open a data folder, but only one of them to serve. */
  purpose: 'serve' | 'command'
  log: (line: string) => void
  /** Called when a new database is being created (`isNew`) or the server is being started. */
  onLaunch?: ((isNew: boolean) => void) | undefined
  /** Settings of PostgreSQL, `name=value` each. */
  settings?: readonly string[]
}

/** Failures that a PostgreSQL server of the user's own avoids. */
const avoidable: ReadonlySet<EmbeddedPostgresErrorCode> = new Set([
  'not-installed',
  'cannot-run',
  'unusable-folder',
  'initialisation-failed',
])

/**
 * Opens the database `casefile` of the embedded PostgreSQL in a data folder.
 * @throws {FatalError}
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, purpose, log, onLaunch, settings = [] } = options
  try {
    return await openEmbeddedPostgres({
      dataDir,
      name: 'casefile',
      purpose,
      log,
      settings,
      onLaunch: (program) => onLaunch?.(program === 'initdb'),
    })
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError)) throw error
    if (error.code === 'other-major-version')
      throw new FatalError(
        `${error.message}. Run casefile backup with the version of Casefile that created it, and casefile restore with this one and another DATA_DIR`,
        { cause: error },
      )
    const advice = avoidable.has(error.code)
      ? ', or set DATABASE_URL to a PostgreSQL of your own'
      : ''
    throw new FatalError(`${error.message}${advice}`, { cause: error })
  }
}
