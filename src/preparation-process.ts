import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { FatalError } from './fatal-error.ts'

/** Prisma's engine runs once: optimising its WebAssembly takes longer than running it. */
const fastCompileFlag = '--liftoff-only'

const programPath = join(import.meta.dirname, 'main.js')

/** Prepares a database for serving, in a process of its own. */
export type PreparationProcess = {
  /** Starts the process, which loads its modules while the database is being created. */
  start(): void
  /**
   * Migrates the database and loads the cases that are missing.
   *
   * @throws {FatalError} with the error output of the process
   */
  prepare(databaseUrl: string): Promise<void>
  /** Ends a process that was started but not used. */
  close(): void
}

/**
 * Keeps the memory of migrations and seeding out of the server: Prisma's engine alone takes about 40 MB outside the
 * JavaScript heap, which is never given back.
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
