import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { FatalError } from '../../fatal-error.ts'

const PATIENCE_MS = 60_000

/**
 * Does `work` while no other process does any with the same file. PostgreSQL is only started,
 * joined, left and stopped in here, so none of these can meet another halfway.
 *
 * The lock is that of an empty SQLite file: Node itself cannot lock files, SQLite does it on every
 * platform, and the operating system lets go when the holder dies, however it dies.
 * @throws {FatalError} when the others take longer than a minute
 */
export async function withGate<T>(
  file: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const gate = new DatabaseSync(file)
  try {
    const deadline = Date.now() + PATIENCE_MS
    while (!enter(gate)) {
      if (Date.now() > deadline) {
        throw new FatalError(
          'another process has been starting or stopping the database for a minute ' +
            `(it holds ${file}): end it and try again`,
        )
      }
      await sleep(20, undefined, signal && { signal })
    }
    return await work()
  } finally {
    gate.close()
  }
}

function enter(gate: DatabaseSync): boolean {
  try {
    gate.exec('begin exclusive')
    return true
  } catch (error) {
    const SQLITE_BUSY = 5
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false
    throw error
  }
}
