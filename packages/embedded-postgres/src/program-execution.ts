import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export type SystemUser = { uid: number; gid: number }

/** Without the PG* variables that a shell may have set for psql. */
export const programEnvironment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))),
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** Runs a program to its end and returns what it printed. */
export async function runProgram(
  command: readonly string[],
  options: Partial<SystemUser> & { cwd?: string } = {},
): Promise<string> {
  const [file = '', ...args] = command
  const { stdout } = await execute(file, args, { env: programEnvironment, ...options })
  return stdout
}

/** The line in which a failed program gives the reason. */
export function describeFailure(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const reason = lines.find((line) => /\b(error|FATAL|PANIC)\b/.test(line)) ?? lines.at(-1)
  const [summary = ''] = String(error instanceof Error ? error.message : error).split('\n')
  return reason?.trim() ?? summary
}
