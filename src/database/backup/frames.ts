/**
 * The format of a backup, before compression: frames of a type, a length and a payload. A table is a frame `json` with its
 * name and columns, frames `data` in the text format of COPY, and the next frame `json`.
 */
export type Frame = { type: 'json'; value: unknown } | { type: 'data'; bytes: Uint8Array }

/** Also a guard against a file that is no backup. */
const maxFrameBytes = 1 << 28
const headerBytes = 5
const typeCodes = { json: 0x4a, data: 0x44 } as const

export class BadBackupError extends Error {}

export function encodeFrame(frame: Frame): Buffer {
  const payload =
    frame.type === 'json' ? Buffer.from(JSON.stringify(frame.value)) : Buffer.from(frame.bytes)
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(typeCodes[frame.type], 0)
  header.writeUInt32BE(payload.length, 1)
  return Buffer.concat([header, payload])
}

/** @throws {BadBackupError} when the bytes are no backup, or end within a frame */
export async function* decodeFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let pending = Buffer.alloc(0)
  for await (const chunk of chunks) {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk])
    let at = 0
    for (;;) {
      const end = findFrameEnd(pending, at)
      if (end === null) break
      yield decodeFrame(pending[at] ?? 0, pending.subarray(at + headerBytes, end))
      at = end
    }
    pending = pending.subarray(at)
  }
  if (pending.length > 0) throw new BadBackupError('it is cut off')
}

/** Null while the frame is not complete. */
function findFrameEnd(bytes: Buffer, at: number): number | null {
  if (bytes.length < at + headerBytes) return null
  const length = bytes.readUInt32BE(at + 1)
  if (length > maxFrameBytes) throw new BadBackupError('it is no backup of Casefile')
  const end = at + headerBytes + length
  return bytes.length < end ? null : end
}

function decodeFrame(code: number, payload: Buffer): Frame {
  if (code === typeCodes.data) return { type: 'data', bytes: payload }
  if (code !== typeCodes.json) throw new BadBackupError('it is no backup of Casefile')
  try {
    return { type: 'json', value: JSON.parse(payload.toString()) }
  } catch (cause) {
    throw new BadBackupError('it is no backup of Casefile', { cause })
  }
}
