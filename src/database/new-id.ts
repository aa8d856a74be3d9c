import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesOfOne = 16
/** Random bytes are fetched for many at once: fetching them takes longer than all else. */
const pool = new Uint8Array(256 * bytesOfOne)
let used = pool.length
let msecs = 0
let seq = 0

/** A new id of a record or of what belongs to one: a UUID of version 7, after all that this process has made before. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.subarray(used, used + bytesOfOne)
  used += bytesOfOne
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    // 31 bits, so that those of the same millisecond have room to count on.
    seq = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1
  } else {
    seq = (seq + 1) >>> 0
    if (seq === 0) msecs += 1
  }
  return v7({ random, msecs, seq })
}
