import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CannotStart } from './cannot-start.ts'

/** Prisma's engine runs once: compiling its WebAssembly for speed costs more than half of all that it does. */
const onceOnly = '--liftoff-only'

const program = join(import.meta.dirname, 'main.js')

/** Brings a database to where it can be served, in a process of its own. */
export type Preparation = {
  /** Starts the process, which loads what it needs while the database is being made. */
  begin(): void
  /**
   * Migrates the database and loads the cases that are missing.
   *
   * @throws {CannotStart} with the lines in which the process said why it cannot
   */
  of(databaseUrl: string): Promise<void>
  /** Ends a process that was begun for nothing. */
  close(): void
}

/**
 * What migrating and writing need in memory (Prisma's engine alone about 40 MB, most of it outside the JavaScript heap,
 * where nothing gives it back) goes with the process that does it, and the server stays small.
 */
export function prepareApart(progress: (line: string) => void, stopping: AbortSignal): Preparation {
  let begun: ChildProcess | undefined
  const start = () =>
    fork(program, ['prepare'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...process.execArgv, onceOnly],
    })
  const stop = () => begun?.kill()
  stopping.addEventListener('abort', stop)
  return {
    begin() {
      if (!stopping.aborted) begun ??= start()
    },
    async of(databaseUrl) {
      if (stopping.aborted) return
      const child = begun ?? start()
      begun = child
      const { stdout, stderr } = child
      if (!stdout || !stderr) throw new Error('The process has no output.')
      createInterface(stdout).on('line', progress)
      child.on('error', () => undefined)
      child.send(databaseUrl, () => undefined)
      const [[code], reason] = await Promise.all([once(child, 'close'), text(stderr)])
      begun = undefined
      if (code !== 0 && !stopping.aborted)
        throw new CannotStart(
          reason.trim() || `Preparing the database ended with the code ${code}.`,
        )
    },
    close() {
      stop()
      stopping.removeEventListener('abort', stop)
    },
  }
}
