import { type ReadDocument, type ReceivedDocument, Refusal } from './document.ts'
import { decode } from './text/decode.ts'
import { readPlainText } from './text/plain-text.ts'

/**
 * Reads a document by what its bytes are, whatever it is called; name and media type decide only between text and HTML.
 *
 * @throws {Refusal}
 */
export async function read(document: ReceivedDocument): Promise<ReadDocument> {
  const { bytes } = document
  if (bytes.length === 0) throw new Refusal('document-without-text', 'The file is empty.')
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1')
  // Each reader brings a large library, loaded when it is first needed.
  if (head.includes('%PDF-')) return (await import('./pdf.ts')).readPdf(document)
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    const { isDocx, readDocx } = await import('./docx.ts')
    if (isDocx(bytes)) return readDocx(document)
    throw unsupported('It is an archive, and no Word document (DOCX)')
  }
  if (head.startsWith('\xd0\xcf\x11\xe0'))
    throw unsupported('It is of an old Office format, or an encrypted Office document')
  if (head.startsWith('{\\rtf')) throw unsupported('It is rich text (RTF)')
  return isHtml(document)
    ? (await import('./html/read-html.ts')).readHtml(document)
    : readPlainText(document)
}

const unsupported = (what: string) =>
  new Refusal(
    'unsupported-media-type',
    `${what}. Read are plain text, HTML, PDF with a text layer, and DOCX: save it as one of these.`,
  )

function isHtml({ bytes, name, mediaType }: ReceivedDocument): boolean {
  if (/^(text\/html|application\/xhtml\+xml)/i.test(mediaType ?? '')) return true
  if (/\.(x?html?|xht)$/i.test(name ?? '')) return true
  if (/\.(txt|md)$/i.test(name ?? '')) return false
  let start: string
  try {
    start = decode(bytes.subarray(0, 4_096 - (bytes.length % 2)), []).text
  } catch {
    start = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1')
  }
  return /^\s*(<!--[\s\S]*?-->\s*)*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body)\b/i.test(
    start,
  )
}
