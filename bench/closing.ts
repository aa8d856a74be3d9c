/** What has to be ended when the run ends, whichever way it does: newest first. */
const closers: (() => Promise<unknown>)[] = []

export const atEnd = (close: () => Promise<unknown>): void => void closers.push(close)

let closing: Promise<void> | undefined

/** Ends everything; never rejects, and does it once only. */
function closeAll(): Promise<void> {
  closing ??= (async () => {
    for (const close of closers.reverse()) await close().catch(() => undefined)
  })()
  return closing
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

function closeOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.exitCode = exitCodes[signal]
      void closeAll().then(() => process.exit())
    })
}

/** Runs a command to its end and closes what it opened; an error is one line, and the exit code is 1. */
export async function runCommand(work: () => Promise<void>): Promise<never> {
  closeOnSignals()
  try {
    await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode ??= 1
  } finally {
    await closeAll()
  }
  // What a library has left waiting must not keep the command.
  process.exit()
}
