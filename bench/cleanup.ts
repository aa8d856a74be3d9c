/** What has to be ended when the run ends, whichever way it does: newest first. */
const cleanups: (() => Promise<unknown>)[] = []

export const registerCleanup = (cleanup: () => Promise<unknown>): void =>
  void cleanups.push(cleanup)

let cleanupRun: Promise<void> | undefined

/** Ends everything; never rejects, and does it once only. */
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

/** Runs a command to its end and closes what it opened; an error is one line, and the exit code is 1. */
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
  // What a library has left waiting must not keep the command.
  process.exit()
}
