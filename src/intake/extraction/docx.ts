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
/** The parts that hold text; a picture may be larger. */
const textPartBytesMax = 32 * 1_048_576

/**
 * A Word document: its paragraphs, tables and notes. Before anything of it is read, the whole archive is unpacked to
 * nowhere and counted, for what an archive says of its own size may be a lie.
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
    // Whatever the package throws, it throws at the document: what it says is of its own code.
    throw new DocumentError('document-unreadable', 'It is no Word document that can be read.', {
      cause,
    })
  }
}

/** Whether an archive holds a Word document. */
export const isDocx = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('word/document.xml')

/**
 * Unpacks every entry and counts; keeps one of them.
 *
 * @throws {DocumentError} document-over-limit, document-encrypted, document-unreadable
 */
async function extractEntry(buffer: Buffer, wanted: string): Promise<string> {
  const unreadable = (cause: unknown) =>
    cause instanceof DocumentError
      ? cause
      : new DocumentError('document-unreadable', 'The archive is damaged.', { cause })
  try {
    const archive = await yauzl.fromBufferPromise(buffer, {
      lazyEntries: true,
      validateEntrySizes: true,
    })
    if (archive.entryCount > entriesMax)
      throw new DocumentError('document-over-limit', `The archive has over ${entriesMax} entries.`)
    let total = 0
    const kept: Buffer[] = []
    for await (const entry of archive.eachEntry()) {
      if (entry.isEncrypted())
        throw new DocumentError('document-encrypted', 'The archive is encrypted.')
      let own = 0
      const stream = await archive.openReadStreamPromise(entry)
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        own += chunk.length
        total += chunk.length
        if (
          total > unpackedBytesMax ||
          (own > textPartBytesMax && /\.(xml|rels)$/i.test(entry.fileName))
        )
          throw new DocumentError(
            'document-over-limit',
            `It unpacks to more than ${Math.floor(Math.min(total, unpackedBytesMax) / 1_048_576)} MiB: an archive bomb?`,
          )
        if (entry.fileName === wanted) kept.push(chunk)
      }
    }
    return Buffer.concat(kept).toString('utf8')
  } catch (error) {
    throw unreadable(error)
  }
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
