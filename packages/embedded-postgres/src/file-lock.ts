import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './error.ts'

const TIMEOUT_MS = 60_000
const SQLITE_BUSY = 5

/**
 * Runs `work` while no other process runs any with the same file. The server is found, started,
 * joined and stopped only under this lock.
 *
 * Node has no file locks. SQLite has, on every platform: the file is an empty database. The operating
 * system releases the lock when its holder dies.
 * @throws {EmbeddedPostgresError} `lock-timeout` after a minute
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const lock = new DatabaseSync(file)
  try {
    const deadline = Date.now() + TIMEOUT_MS
    while (!tryLock(lock)) {
      if (Date.now() > deadline) {
        throw new EmbeddedPostgresError(
          'lock-timeout',
          'another process has been starting or stopping the database for a minute ' +
            `(it holds ${file}): end it and try again`,
        )
      }
      await sleep(20, undefined, signal && { signal })
    }
    return await work()
  } finally {
    lock.close()
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false
    throw error
  }
}
