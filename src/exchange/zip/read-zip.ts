import yauzl from 'yauzl'

export type ZipFile = {
  /** In their order. */
  names: readonly string[]
  /** The bytes of a part; never more than the file claimed of it, nor than `most`. */
  read(name: string, most?: number): Promise<Buffer>
  /** The same, piece by piece. */
  stream(name: string, most?: number): AsyncGenerator<Buffer>
  close(): void
}

const entriesMax = 200_000
/** Of the Unix mode in the upper half of the external attributes. */
const fileType = 0o170000
const regular = [0, 0o100000]

/**
 * Opens a zip file that somebody else made. Refused before anything is read of it: names that are not among those that may
 * be, or stand twice; links, folders and encrypted parts; claims of more than `bytesMax` in all.
 *
 * @throws {Error} that names the part
 */
export async function openZip(
  path: string,
  { bytesMax, mayBe }: { bytesMax: number; mayBe(name: string): boolean },
): Promise<ZipFile> {
  const zip = await yauzl.openPromise(path, { autoClose: false, strictFileNames: true })
  const entries = new Map<string, yauzl.Entry>()
  try {
    if (zip.entryCount > entriesMax)
      throw new Error(`The zip file claims ${zip.entryCount} parts; ${entriesMax} are read.`)
    let claimed = 0
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName
      if (!mayBe(name)) throw new Error(`${JSON.stringify(name)}: no part has such a name.`)
      if (entries.has(name)) throw new Error(`${name}: the part is there twice.`)
      if (!regular.includes((entry.externalFileAttributes >>> 16) & fileType))
        throw new Error(`${name}: it is no file but a link or the like.`)
      if (entry.isEncrypted()) throw new Error(`${name}: it is encrypted.`)
      claimed += entry.uncompressedSize
      if (claimed > bytesMax)
        throw new Error(
          `${name}: the zip file claims ${claimed} bytes with this part; at most ${bytesMax} are read.`,
        )
      entries.set(name, entry)
    }
  } catch (error) {
    zip.close()
    throw error
  }
  async function* stream(name: string, most = bytesMax): AsyncGenerator<Buffer> {
    const entry = entries.get(name)
    if (entry === undefined) throw new Error('it is missing.')
    if (entry.uncompressedSize > most) throw new Error(`it is over ${most} bytes.`)
    for await (const piece of await zip.openReadStreamPromise(entry)) yield piece as Buffer
  }
  return {
    names: [...entries.keys()],
    stream,
    read: async (name, most) => Buffer.concat(await Array.fromAsync(stream(name, most))),
    close: () => zip.close(),
  }
}
