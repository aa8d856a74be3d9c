import type { Tx } from '../database/database.ts'

/** Any number that nothing else in this database uses for an advisory lock. */
const commitLock = 0x6361_7366

/**
 * Waits for its turn: from here to its commit this transaction is the only writer, so that revisions are numbered in
 * commit order without gaps. Call it before the first write.
 */
export async function takeTurn(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${commitLock})`
}

/** Opens the next revision; the transaction must have its turn. `change` says what kind of change it is. */
export async function openRevision(tx: Tx, change: string): Promise<bigint> {
  const last = await tx.revision.aggregate({ _max: { number: true } })
  const number = (last._max.number ?? 0n) + 1n
  await tx.revision.create({ data: { number, change } })
  return number
}
