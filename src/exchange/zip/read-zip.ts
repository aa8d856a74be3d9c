import yauzl from 'yauzl'

export type ZipReader = {
  /** In their order. */
  names: readonly string[]
  /** The bytes of a part; never more than the file claimed of it, nor than `most`. */
  read(name: string, most?: number): Promise<Buffer>
  /** The same, piece by piece. */
  stream(name: string, most?: number): AsyncGenerator<Buffer>
  close(): void
}

const maxEntries = 200_000
/** Of the Unix mode in the upper half of the external attributes. */
const fileTypeMask = 0o170000
const regularFileTypes = [0, 0o100000]

/**
 * Opens a zip file that somebody else made. Refused before anything is read of it: names that are not among those that may
 * be, or stand twice; links, folders and encrypted parts; claims of more than `bytesMax` in all.
 *
 * @throws {Error} that names the part
 */
export async function openZip(
  path: string,
  {
    bytesMax: maxBytes,
    isAllowedName: mayBe,
  }: { bytesMax: number; isAllowedName(name: string): boolean },
): Promise<ZipReader> {
  const zip = await yauzl.openPromise(path, { autoClose: false, strictFileNames: true })
  const entries = new Map<string, yauzl.Entry>()
  try {
    if (zip.entryCount > maxEntries)
      throw new Error(`The zip file claims ${zip.entryCount} parts; ${maxEntries} are read.`)
    let declaredBytes = 0
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName
      if (!mayBe(name)) throw new Error(`${JSON.stringify(name)}: no part has such a name.`)
      if (entries.has(name)) throw new Error(`${name}: the part is there twice.`)
      if (!regularFileTypes.includes((entry.externalFileAttributes >>> 16) & fileTypeMask))
        throw new Error(`${name}: it is no file but a link or the like.`)
      if (entry.isEncrypted()) throw new Error(`${name}: it is encrypted.`)
      declaredBytes += entry.uncompressedSize
      if (declaredBytes > maxBytes)
        throw new Error(
          `${name}: the zip file claims ${declaredBytes} bytes with this part; at most ${maxBytes} are read.`,
        )
      entries.set(name, entry)
    }
  } catch (error) {
    zip.close()
    throw error
  }
  async function* stream(name: string, maxPartBytes = maxBytes): AsyncGenerator<Buffer> {
    const entry = entries.get(name)
    if (entry === undefined) throw new Error('it is missing.')
    if (entry.uncompressedSize > maxPartBytes) throw new Error(`it is over ${maxPartBytes} bytes.`)
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Buffer
  }
  return {
    names: [...entries.keys()],
    stream,
    read: async (name, maxPartBytes) =>
      Buffer.concat(await Array.fromAsync(stream(name, maxPartBytes))),
    close: () => zip.close(),
  }
}
