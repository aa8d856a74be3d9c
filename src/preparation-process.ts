import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { FatalError } from './fatal-error.ts'

/** Prisma's engine runs once: compiling its WebAssembly for speed costs more than half of all that it does. */
const fastCompileFlag = '--liftoff-only'

const programPath = join(import.meta.dirname, 'main.js')

/** Brings a database to where it can be served, in a process of its own. */
export type PreparationProcess = {
  /** Starts the process, which loads what it needs while the database is being made. */
  start(): void
  /**
   * Migrates the database and loads the cases that are missing.
   *
   * @throws {FatalError} with the lines in which the process said why it cannot
   */
  prepare(databaseUrl: string): Promise<void>
  /** Ends a process that was begun for nothing. */
  close(): void
}

/**
 * What migrating and writing need in memory (Prisma's engine alone about 40 MB, most of it outside the JavaScript heap,
 * where nothing gives it back) goes with the process that does it, and the server stays small.
 */
export function createPreparationProcess(
  onProgress: (line: string) => void,
  stopSignal: AbortSignal,
): PreparationProcess {
  let startedProcess: ChildProcess | undefined
  const forkProgram = () =>
    fork(programPath, ['prepare'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...process.execArgv, fastCompileFlag],
    })
  const stop = () => startedProcess?.kill()
  stopSignal.addEventListener('abort', stop)
  return {
    start() {
      if (!stopSignal.aborted) startedProcess ??= forkProgram()
    },
    async prepare(databaseUrl) {
      if (stopSignal.aborted) return
      const child = startedProcess ?? forkProgram()
      startedProcess = child
      const { stdout, stderr } = child
      if (!stdout || !stderr) throw new Error('The process has no output.')
      createInterface(stdout).on('line', onProgress)
      child.on('error', () => undefined)
      child.send(databaseUrl, () => undefined)
      const [[code], reason] = await Promise.all([once(child, 'close'), text(stderr)])
      startedProcess = undefined
      if (code !== 0 && !stopSignal.aborted)
        throw new FatalError(reason.trim() || `Preparing the database ended with the code ${code}.`)
    },
    close() {
      stop()
      stopSignal.removeEventListener('abort', stop)
    },
  }
}
