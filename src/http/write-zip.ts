import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

export type ZipPart = {
  name: string
  /** Called when all previous parts are written. */
  open(): AsyncIterable<string | Uint8Array>
}

/**
 * The modification time of all parts, so that equal content gives equal bytes: the earliest time of the format. It is a local
 * time, because ZIP stores local times without a time zone.
 */
const fixedTime = new Date(1980, 0, 1)
const entryOptions = { mtime: fixedTime, forceDosTimestamp: true, mode: 0o100644 } as const

/**
 * Streams a zip file of these parts, in their order. The header of a part is sent before its content is read, and the first parts
 * before the later ones are known. An error in a part destroys the stream.
 *
 * @param options `stored`: without compression, because compressed bytes differ between builds of zlib
 */
export function createZip(
  parts: Iterable<ZipPart> | AsyncIterable<ZipPart>,
  { stored = false } = {},
): Readable {
  const zip = new ZipFile()
  const file = zip.outputStream as Readable
  // A reader gets the error as well. After a HEAD request there is no reader, and an unhandled error would end the process.
  file.on('error', () => undefined)
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
