import yauzl from 'yauzl'

/** `maxPartBytes` limits the size of the part. More bytes than the declared size are an error. */
export type ZipReader = {
  /** In the order of the file. */
  names: readonly string[]
  read(name: string, maxPartBytes?: number): Promise<Buffer>
  stream(name: string, maxPartBytes?: number): AsyncGenerator<Buffer>
  close(): void
}

const maxEntries = 200_000
/** In the Unix mode, the upper 16 bits of the external attributes. */
const fileTypeMask = 0o170000
/** 0: the zip file was not made on Unix. */
const regularFileTypes = [0, 0o100000]

/**
 * Opens an untrusted zip file. It is refused, before any content is read, for: names that are not allowed, duplicate names, links,
 * folders, encrypted parts, and a declared total size above `bytesMax`.
 *
 * @throws {Error} naming the part
 */
export async function openZip(
  path: string,
  { bytesMax, isAllowedName }: { bytesMax: number; isAllowedName(name: string): boolean },
): Promise<ZipReader> {
  const zip = await yauzl.openPromise(path, { autoClose: false, strictFileNames: true })
  const entries = new Map<string, yauzl.Entry>()
  try {
    if (zip.entryCount > maxEntries)
      throw new Error(`The zip file has ${zip.entryCount} parts; at most ${maxEntries} are read.`)
    let declaredBytes = 0
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName
      if (!isAllowedName(name)) throw new Error(`${JSON.stringify(name)}: no part has such a name.`)
      if (entries.has(name)) throw new Error(`${name}: the part is there twice.`)
      if (!regularFileTypes.includes((entry.externalFileAttributes >>> 16) & fileTypeMask))
        throw new Error(`${name}: it is not a regular file.`)
      if (entry.isEncrypted()) throw new Error(`${name}: it is encrypted.`)
      declaredBytes += entry.uncompressedSize
      if (declaredBytes > bytesMax)
        throw new Error(
          `${name}: the parts up to this one have ${declaredBytes} bytes unpacked; at most ${bytesMax} are read.`,
        )
      entries.set(name, entry)
    }
  } catch (error) {
    zip.close()
    throw error
  }
  async function* stream(name: string, maxPartBytes = bytesMax): AsyncGenerator<Buffer> {
    const entry = entries.get(name)
    if (entry === undefined) throw new Error('it is missing.')
    if (entry.uncompressedSize > maxPartBytes)
      throw new Error(`it has more than ${maxPartBytes} bytes.`)
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
