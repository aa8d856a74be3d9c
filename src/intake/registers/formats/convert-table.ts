import { fork } from 'node:child_process'
import { TableError } from './conversion/row-writer.ts'
import type { ConvertedTable, TableMessage, TableTask } from './conversion/table-process.ts'

/** Limits for reading one file. */
export type TableLimits = { seconds: number; memoryMb: number }
const defaultLimits: TableLimits = { seconds: 600, memoryMb: 1_024 }

/**
 * Writes a table as text, in a process of its own that is killed when it exceeds the limits: a file may be broken or made to
 * attack its reader.
 *
 * @param fd an open file for the text
 * @throws {TableError} whose message follows the name of the file
 */
export async function convertTable(
  task: TableTask,
  fd: number,
  limits: TableLimits = defaultLimits,
): Promise<ConvertedTable> {
  const child = fork(new URL('./conversion/table-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${limits.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', fd, 'ipc'],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<ConvertedTable>((resolve, reject) => {
      const overLimit = (what: string) =>
        reject(new TableError(`takes more ${what} to read than the limit. Save it as CSV.`))
      timer = setTimeout(() => overLimit('time'), limits.seconds * 1_000)
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (signal === 'SIGABRT' || code === 134) overLimit('memory')
        else reject(new Error(`The table reader ended with code ${code}, signal ${signal}.`))
      })
      child.on('message', (message: TableMessage) => {
        if ('memoryMb' in message) {
          if (message.memoryMb > limits.memoryMb) overLimit('memory')
        } else if ('converted' in message) resolve(message.converted)
        else if ('refused' in message) reject(new TableError(message.refused))
        else reject(new Error(`The table reader failed: ${message.failed}`))
      })
      child.send(task)
    })
  } finally {
    clearTimeout(timer)
    child.removeAllListeners('exit')
    child.kill('SIGKILL')
  }
}
