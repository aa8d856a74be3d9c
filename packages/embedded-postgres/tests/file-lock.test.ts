import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withFileLock } from '../src/file-lock.ts'
import { useEmptyFolder } from './harness.ts'

const folder = useEmptyFolder()

test('work under the same lock runs one after the other', async () => {
  const file = join(folder.dataDir, 'lock')
  let running = 0
  let mostRunning = 0
  await Promise.all(
    Array.from({ length: 5 }, () =>
      withFileLock(file, async () => {
        running += 1
        mostRunning = Math.max(mostRunning, running)
        await new Promise(setImmediate)
        running -= 1
      }),
    ),
  )
  expect(mostRunning).toBe(1)
})

test('work that throws releases the lock', async () => {
  const file = join(folder.dataDir, 'lock')
  const failing = withFileLock(file, () => Promise.reject(new Error('failed')))
  await expect(failing).rejects.toThrow('failed')
  expect(await withFileLock(file, async () => 'done')).toBe('done')
})

test('waiting for the lock ends with the signal', async () => {
  const file = join(folder.dataDir, 'lock')
  const waiting = new AbortController()
  await withFileLock(file, async () => {
    const second = withFileLock(file, async () => 'done', waiting.signal)
    waiting.abort()
    await expect(second).rejects.toThrow('aborted')
  })
})
