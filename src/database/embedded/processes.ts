import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A process that has ended but that its parent has not yet buried does not count as alive. */
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
 * Whether a process is the PostgreSQL of a cluster, judged by its command line. Numbers of
 * processes are used again, after a restart of the machine above all, so a pid file proves nothing.
 */
export async function isPostgresOf(
  cluster: string,
  pid: number,
): Promise<'yes' | 'no' | 'unknown' | 'gone'> {
  if (!exists(pid)) return 'gone'
  const command = await commandLine(pid)
  if (command === null) return 'unknown'
  if (`${command} `.includes(` -D ${cluster} `)) return 'yes'
  // One not yet buried has no command line; the children of a PostgreSQL call themselves
  // `postgres: checkpointer` and the like.
  if (!command.includes('postgres') || command.startsWith('postgres: ')) return 'no'
  return command.includes(' -D /') ? 'no' : 'unknown'
}

async function commandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
    }
    if (process.platform === 'win32') return null
    return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout.trim()
  } catch {
    return null
  }
}
