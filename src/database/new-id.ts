import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesPerId = 16
/** Random bytes are fetched for many at once: fetching them takes longer than all else. */
const randomPool = new Uint8Array(256 * bytesPerId)
let usedBytes = randomPool.length
let lastTimestamp = 0
let sequence = 0

/** A new id of a record or of what belongs to one: a UUID of version 7, after all that this process has made before. */
export function newId(): string {
  if (usedBytes === randomPool.length) {
    randomFillSync(randomPool)
    usedBytes = 0
  }
  const random = randomPool.subarray(usedBytes, usedBytes + bytesPerId)
  usedBytes += bytesPerId
  const now = Date.now()
  if (now > lastTimestamp) {
    lastTimestamp = now
    // 31 bits, so that those of the same millisecond have room to count on.
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1
  } else {
    sequence = (sequence + 1) >>> 0
    if (sequence === 0) lastTimestamp += 1
  }
  return v7({ random, msecs: lastTimestamp, seq: sequence })
}
