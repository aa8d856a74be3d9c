import { fork } from 'node:child_process'
import { Problem } from '../../../problem.ts'
import type { ImportResult } from '../import-register.ts'
import type { ImportMessage, ImportTask, Reject } from './import-process.ts'

const memoryMb = 400
let isRunning = false

/**
 * Imports a register in a process of its own. One at a time: two would wait for each other.
 *
 * @throws {Problem} busy; invalid-request, if the table or the map cannot be used
 */
export async function runImport(
  task: ImportTask,
): Promise<{ result: ImportResult; rejects: Reject[] }> {
  if (isRunning) throw new Problem('busy', 'Another register is being imported. Try again.')
  isRunning = true
  const child = fork(new URL('./import-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${memoryMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  })
  try {
    const message = await new Promise<ImportMessage>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        reject(new Error(`The import ended with code ${code}, signal ${signal}.`)),
      )
      child.once('message', (sent) => resolve(sent as ImportMessage))
      child.send(task)
    })
    if ('failed' in message) throw new Error(`The import failed: ${message.failed}`)
    if ('refused' in message) throw new Problem('invalid-request', message.refused)
    return message
  } finally {
    isRunning = false
    child.removeAllListeners('exit')
    child.kill()
  }
}
