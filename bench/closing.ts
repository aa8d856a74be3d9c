/** What has to be ended when the run ends, whichever way it does: newest first. */
const closers: (() => Promise<unknown>)[] = []

export const atEnd = (close: () => Promise<unknown>): void => void closers.push(close)

let closing: Promise<void> | undefined

/** Ends everything; never rejects, and does it once only. */
export function closeAll(): Promise<void> {
  closing ??= (async () => {
    for (const close of closers.reverse()) await close().catch(() => undefined)
  })()
  return closing
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

export function closeOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.exitCode = exitCodes[signal]
      void closeAll().then(() => process.exit())
    })
}
