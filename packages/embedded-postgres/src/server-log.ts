import { readFile, stat, truncate } from 'node:fs/promises'
import { type DataFolder, nullIfMissing } from './data-folder.ts'

const MAX_LOG_BYTES = 5_000_000

/** Empties a log that has grown too long. Returns its length in bytes. */
export async function trimServerLog(folder: DataFolder): Promise<number> {
  const size = (await stat(folder.log).catch(nullIfMissing))?.size ?? 0
  if (size <= MAX_LOG_BYTES) return size
  await truncate(folder.log)
  return 0
}

/** The reason of the last failure that was logged after the first `fromByte` bytes. */
export async function readFailureReason(folder: DataFolder, fromByte: number): Promise<string> {
  const log = await readFile(folder.log).catch(nullIfMissing)
  const lines = (log ?? Buffer.of()).subarray(fromByte).toString().trim().split('\n')
  // Our own attempts to connect too early are FATAL lines as well.
  const fatal = lines.findLast((line) => /\b(FATAL|PANIC): (?! the database system is)/.test(line))
  return (fatal ?? lines.at(-1) ?? '').replace(/^.*\b(FATAL|PANIC):\s*/, '')
}
