import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesPerId = 16
/** Random bytes for many ids at once: fetching them is slow. */
const randomPool = new Uint8Array(256 * bytesPerId)
let usedBytes = randomPool.length
let lastTimestamp = 0
let sequence = 0

/** A new UUID of version 7 for a record or one of its parts, greater than all earlier ones of this process. */
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
    // 31 bits, so that the ids of one millisecond can count up from it.
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1
  } else {
    sequence = (sequence + 1) >>> 0
    if (sequence === 0) lastTimestamp += 1
  }
  return v7({ random, msecs: lastTimestamp, seq: sequence })
}
