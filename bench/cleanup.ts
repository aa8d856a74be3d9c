/** Run at the end of the command, also after an error or a signal, newest first. */
const cleanups: (() => Promise<unknown>)[] = []

export const registerCleanup = (cleanup: () => Promise<unknown>): void =>
  void cleanups.push(cleanup)

let cleanupRun: Promise<void> | undefined

/** Never rejects. Runs once. */
function runCleanups(): Promise<void> {
  cleanupRun ??= (async () => {
    for (const cleanup of cleanups.reverse()) await cleanup().catch(() => undefined)
  })()
  return cleanupRun
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

function cleanUpOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.exitCode = exitCodes[signal]
      void runCleanups().then(() => process.exit())
    })
}

/** Runs a command and its cleanups. Prints an error as one line and exits with 1. */
export async function runCommand(work: () => Promise<void>): Promise<never> {
  cleanUpOnSignals()
  try {
    await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode ??= 1
  } finally {
    await runCleanups()
  }
  // Open handles of a library must not keep the process running.
  process.exit()
}
