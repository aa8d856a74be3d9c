import { readFile } from 'node:fs/promises'
import { runProgram } from './program-execution.ts'

/** A zombie (ended, but not yet collected by its parent) does not count as alive. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!exists(pid)) return false
  if (process.platform !== 'linux') return true
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(status)
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether a process is the server of a cluster, judged by its command line. A pid file is no proof:
 * the system assigns the same numbers again, above all after a restart.
 */
export async function identifyServer(
  cluster: string,
  pid: number,
): Promise<'yes' | 'no' | 'unknown' | 'gone'> {
  if (!exists(pid)) return 'gone'
  const command = await readCommandLine(pid)
  if (command === null) return 'unknown'
  if (`${command} `.includes(` -D ${cluster} `)) return 'yes'
  // A zombie has no command line. Child processes of a server are named `postgres: checkpointer`, ...
  if (!command.includes('postgres') || command.startsWith('postgres: ')) return 'no'
  return command.includes(' -D /') ? 'no' : 'unknown'
}

async function readCommandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
    }
    if (process.platform === 'win32') return null
    return (await runProgram(['ps', '-ww', '-o', 'command=', '-p', String(pid)])).trim()
  } catch {
    return null
  }
}
