import { setTimeout as sleep } from 'node:timers/promises'
import type { DataFolder } from './data-folder.ts'
import { isAlive } from './process-status.ts'
import { runProgram } from './program-execution.ts'
import { loadBinaries } from './programs.ts'

/** SIGINT: roll back open transactions, then stop. SIGQUIT: stop at once. */
const STOP_STEPS = [
  { signal: 'SIGINT', timeoutMs: 10_000 },
  { signal: 'SIGQUIT', timeoutMs: 5000 },
] as const

/** Stops the server. What is committed is on disk. Returns false when it still lives after 15 seconds. */
export async function stopServer(folder: DataFolder, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return await stopOnWindows(folder)
  for (const { signal, timeoutMs } of STOP_STEPS) {
    sendSignal(pid, signal)
    const deadline = Date.now() + timeoutMs
    while (Date.now() < deadline) {
      if (!(await isAlive(pid))) return true
      await sleep(5)
    }
  }
  return false
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already, or the wait that follows times out.
  }
}

async function stopOnWindows(folder: DataFolder): Promise<boolean> {
  const { pg_ctl } = await loadBinaries()
  for (const mode of ['fast', 'immediate']) {
    const command = [pg_ctl, 'stop', '-w', '-t', '10', '-D', folder.cluster, '-m', mode]
    const output = await runProgram(command).catch(() => null)
    if (output !== null) return true
  }
  return false
}
