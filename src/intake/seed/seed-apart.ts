import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CannotStart } from '../../cannot-start.ts'
import type { Database } from '../../database/database.ts'
import { missingCases } from './seed-case.ts'

const program = join(import.meta.dirname, '../../main.js')

/**
 * `casefile seed` as a process of its own, when a case is missing: what writing needs in memory (about 80 MB, most of it
 * outside the JavaScript heap, where nothing gives it back) goes with that process, and the server stays small.
 *
 * @throws {CannotStart} with the lines in which the command said why
 */
export async function seedApart(
  database: Database,
  progress: (line: string) => void,
  stopping: AbortSignal,
): Promise<void> {
  if ((await missingCases(database)).length === 0 || stopping.aborted) return
  const child = spawn(process.execPath, [...process.execArgv, program, 'seed'], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = () => child.kill()
  stopping.addEventListener('abort', stop)
  createInterface(child.stdout).on('line', progress)
  const [[code], reason] = await Promise.all([once(child, 'close'), text(child.stderr)])
  stopping.removeEventListener('abort', stop)
  if (code !== 0 && !stopping.aborted)
    throw new CannotStart(reason.trim() || `Seeding ended with the code ${code}.`)
}
