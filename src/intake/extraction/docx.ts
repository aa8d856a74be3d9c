import mammoth from 'mammoth'
import yauzl from 'yauzl'
import { normaliseText } from '../../evidence/text.ts'
import {
  DocumentError,
  type ExtractedDocument,
  joinBlocks,
  type MetadataEntry,
  type ReceivedDocument,
} from './document.ts'
import { listElements, parsePage, readText, splitBlocks } from './html/blocks.ts'

const entriesMax = 5_000
const unpackedBytesMax = 128 * 1_048_576
/** For parts with text. An image may be larger. */
const textPartBytesMax = 32 * 1_048_576

/**
 * Extracts the paragraphs, tables and notes of a Word document. First measures the unpacked size of the whole archive,
 * because the sizes that an archive states may be false.
 *
 * @throws {DocumentError}
 */
export async function readDocx({ bytes }: ReceivedDocument): Promise<ExtractedDocument> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const core = await extractEntry(buffer, 'docProps/core.xml')
  const html = await convertToHtml(buffer)
  const blocks = splitBlocks(parsePage(html)).map(({ text, path }) => ({
    text: normaliseText(text.replaceAll('\0', '').toWellFormed()),
    type: path[0]?.tagName === 'caption' ? ('caption' as const) : ('article' as const),
  }))
  const [first] = blocks
  const metadata: MetadataEntry[] = [
    ...readCoreProperties(core),
    ...(first && first.text.length <= 300
      ? [{ name: 'title' as const, value: first.text, foundIn: 'first paragraph' }]
      : []),
  ]
  return {
    ...joinBlocks(blocks),
    metadata,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  }
}

async function convertToHtml(buffer: Buffer): Promise<string> {
  try {
    const images = mammoth.images.imgElement(async () => ({ src: '' }))
    const { value } = await mammoth.convertToHtml({ buffer }, { convertImage: images })
    return value
  } catch (cause) {
    // The package's messages are about its own code: they go to the cause only.
    throw new DocumentError(
      'document-unreadable',
      'The file is not a readable Word document (DOCX).',
      { cause },
    )
  }
}

/** Whether an archive contains a Word document. */
export const isDocx = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('word/document.xml')

/**
 * Unpacks every entry to check the sizes, and returns the text of one of them; an empty string if it does not exist.
 *
 * @throws {DocumentError} document-over-limit, document-encrypted, document-unreadable
 */
async function extractEntry(buffer: Buffer, fileName: string): Promise<string> {
  try {
    const archive = await yauzl.fromBufferPromise(buffer, {
      lazyEntries: true,
      validateEntrySizes: true,
    })
    if (archive.entryCount > entriesMax)
      throw new DocumentError('document-over-limit', `The archive has over ${entriesMax} entries.`)
    let archiveBytes = 0
    const chunks: Buffer[] = []
    for await (const entry of archive.eachEntry()) {
      if (entry.isEncrypted())
        throw new DocumentError('document-encrypted', 'The archive is encrypted.')
      const isTextPart = /\.(xml|rels)$/i.test(entry.fileName)
      let entryBytes = 0
      const stream = await archive.openReadStreamPromise(entry)
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        entryBytes += chunk.length
        archiveBytes += chunk.length
        if (archiveBytes > unpackedBytesMax || (isTextPart && entryBytes > textPartBytesMax))
          throw unpackedSizeError(archiveBytes)
        if (entry.fileName === fileName) chunks.push(chunk)
      }
    }
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    if (error instanceof DocumentError) throw error
    throw new DocumentError('document-unreadable', 'The archive is damaged.', { cause: error })
  }
}

function unpackedSizeError(archiveBytes: number): DocumentError {
  const mebibytes = Math.floor(Math.min(archiveBytes, unpackedBytesMax) / 1_048_576)
  return new DocumentError(
    'document-over-limit',
    `The archive unpacks to more than ${mebibytes} MiB: an archive bomb?`,
  )
}

/** Dublin Core properties (ECMA-376, part 2, 11). */
const corePropertyNames = {
  'dc:title': 'title',
  'dc:creator': 'byline',
  'dc:description': 'description',
  'dc:language': 'language',
  'dcterms:modified': 'modified',
} as const satisfies Record<string, MetadataEntry['name']>

function readCoreProperties(xml: string): MetadataEntry[] {
  return listElements(parsePage(xml)).flatMap((element) => {
    const name = corePropertyNames[element.tagName as keyof typeof corePropertyNames]
    const value = readText(element).slice(0, 1_000)
    return name === undefined || value === ''
      ? []
      : [{ name, value, foundIn: `docProps/core.xml ${element.tagName}` }]
  })
}
