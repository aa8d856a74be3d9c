import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseEnvironment, root, waitUntil } from '../process/program.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const nodeFlags = (scripts.start as string).split(' ').filter((word) => word.startsWith('--'))

type WrappedProgram = {
  pid: number
  output(): string
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>
  kill(signal?: NodeJS.Signals): void
}

const running = new Set<WrappedProgram>()

/** The program within another: as another user, with another clock, or with other mounts. It has no HOME. */
function runWrapped(
  wrapper: readonly string[],
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): WrappedProgram {
  const command = [...wrapper, process.execPath, ...nodeFlags, join(root, 'src/main.js'), ...args]
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: root,
    env: { ...baseEnvironment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const program: WrappedProgram = {
    pid: child.pid ?? 0,
    output: () => output,
    ended: once(child, 'close').then(([code, signal]) => {
      running.delete(program)
      return code ?? signal
    }),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
  }
  running.add(program)
  return program
}

export type WrappedServer = WrappedProgram & { url: string; stop(): Promise<unknown> }

export async function startWrapped(
  wrapper: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<WrappedServer> {
  const program = runWrapped(wrapper, ['serve'], { PORT: '0', ...settings })
  const url = await waitUntil(
    'the server is ready',
    () => {
      if (!running.has(program)) throw new Error(`It ended: ${program.output()}`)
      return /ready: (http:\S+)/.exec(program.output())?.[1]
    },
    120_000,
  )
  return {
    ...program,
    url,
    stop() {
      program.kill()
      return program.ended
    },
  }
}

export async function stopWrapped(): Promise<void> {
  for (const program of [...running]) {
    program.kill()
    await program.ended
  }
}

/** Runs a command of the program to its end. */
export async function runToEnd(
  wrapper: readonly string[],
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ code: unknown; output: string }> {
  const program = runWrapped(wrapper, args, settings)
  const code = await program.ended
  return { code, output: program.output() }
}
