import { vi } from 'vitest'

/** Far more than any machine needs: it ends a test that would never end, and measures no speed. */
const patienceMs = 120_000

/** Repeats a check until it passes. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { interval: 10, timeout: patienceMs })
