import { vi } from 'vitest'

/** Only ends a test that would never end. It is no limit of speed. */
const timeoutMs = 120_000

/** Repeats a check until it passes. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { interval: 10, timeout: timeoutMs })
