import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

export type ZipPart = {
  name: string
  /** Called when all parts before it are written. */
  open(): AsyncIterable<string | Uint8Array>
}

/**
 * The time that every part bears: the first that the format can hold, so that the same content is the same bytes. ZIP keeps
 * the hour on the wall, so this is one of no time zone.
 */
const fixedTime = new Date(1980, 0, 1)
const entryOptions = { mtime: fixedTime, forceDosTimestamp: true, mode: 0o100644 } as const

/**
 * A zip file of these parts in their order, as it is made; nothing is held back, not even the heading of a part until its
 * content is there, nor the first parts until the others are known. `stored` leaves out the compression, whose
 * bytes differ from one build of zlib to the next. A fault ends the stream with an error; so does whoever destroys it.
 */
export function createZip(
  parts: Iterable<ZipPart> | AsyncIterable<ZipPart>,
  { stored = false } = {},
): Readable {
  const zip = new ZipFile()
  const file = zip.outputStream as Readable
  let current: Readable | undefined
  zip.on('error', (error) => file.destroy(error as Error))
  file.once('close', () => current?.destroy())
  const add = ({ name, open }: ZipPart) =>
    zip.addReadStreamLazy(name, { ...entryOptions, compress: !stored }, (callback) => {
      if (file.destroyed) return
      current = Readable.from(toBuffers(open()), { objectMode: false })
      current.on('error', (error) => file.destroy(error))
      callback(null, current)
    })
  const addAll = async () => {
    for await (const part of parts) add(part)
    zip.end()
  }
  addAll().catch((error) => file.destroy(error))
  return file
}

async function* toBuffers(chunks: AsyncIterable<string | Uint8Array>) {
  for await (const chunk of chunks)
    if (chunk.length > 0) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}
