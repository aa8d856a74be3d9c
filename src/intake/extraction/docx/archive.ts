import yauzl from 'yauzl'
import { DocumentError } from '../document.ts'

const entriesMax = 5_000
const unpackedBytesMax = 128 * 1_048_576
/** For parts with text. An image may be larger. */
const textPartBytesMax = 32 * 1_048_576
/** Parts that are read; all others are only measured. */
const readPartPattern =
  /^(?:_rels\/\.rels|docProps\/core\.xml|[^/]+\/(?:_rels\/)?(?:document|footnotes|endnotes|header|footer|styles)\w*\.xml(?:\.rels)?)$/i

/**
 * The XML parts of a Word document by name. Unpacks every entry to measure it, because the sizes that an archive states
 * may be false.
 *
 * @throws {DocumentError} document-over-limit, document-encrypted, document-unreadable
 */
export async function readParts(buffer: Buffer): Promise<ReadonlyMap<string, string>> {
  try {
    const archive = await yauzl.fromBufferPromise(buffer, {
      lazyEntries: true,
      validateEntrySizes: true,
    })
    if (archive.entryCount > entriesMax)
      throw new DocumentError('document-over-limit', `The archive has over ${entriesMax} entries.`)
    let archiveBytes = 0
    const parts = new Map<string, string>()
    for await (const entry of archive.eachEntry()) {
      if (entry.isEncrypted())
        throw new DocumentError('document-encrypted', 'The archive is encrypted.')
      const isTextPart = /\.(xml|rels)$/i.test(entry.fileName)
      const isRead = readPartPattern.test(entry.fileName)
      const chunks: Buffer[] = []
      let entryBytes = 0
      const stream = await archive.openReadStreamPromise(entry)
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        entryBytes += chunk.length
        archiveBytes += chunk.length
        if (archiveBytes > unpackedBytesMax || (isTextPart && entryBytes > textPartBytesMax))
          throw unpackedSizeError(archiveBytes)
        if (isRead) chunks.push(chunk)
      }
      if (isRead) parts.set(entry.fileName, decodePart(Buffer.concat(chunks)))
    }
    return parts
  } catch (error) {
    if (error instanceof DocumentError) throw error
    throw new DocumentError('document-unreadable', 'The archive is damaged.', { cause: error })
  }
}

/** XML is UTF-8 or UTF-16 (ECMA-376, part 2, 8.1.4). */
const decodePart = (bytes: Buffer): string =>
  new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes)

function unpackedSizeError(archiveBytes: number): DocumentError {
  const mebibytes = Math.floor(Math.min(archiveBytes, unpackedBytesMax) / 1_048_576)
  return new DocumentError(
    'document-over-limit',
    `The archive unpacks to more than ${mebibytes} MiB: an archive bomb?`,
  )
}
