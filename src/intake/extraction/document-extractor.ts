import { DocumentError, type ExtractedDocument, type ReceivedDocument } from './document.ts'
import { detectPicture } from './ocr/pictures/pictures.ts'
import type { RecognisedPage, RecognitionRequest } from './ocr/recognition.ts'
import { readOpeningLines } from './text/opening-lines.ts'
import { readPlainText } from './text/plain-text.ts'
import { decodeText } from './text/text-decoder.ts'

/**
 * Extracts the text of a document. The bytes decide the format; name and media type decide only between text and HTML.
 *
 * @param recognised what text recognition read on pages without text; null before it was asked
 * @returns the pages to recognise if `recognised` is null and the document needs it
 * @throws {DocumentError}
 */
export async function extractDocument(
  document: ReceivedDocument,
  recognised: readonly RecognisedPage[] | null = null,
): Promise<ExtractedDocument | RecognitionRequest> {
  const extracted = await readFormat(document, recognised)
  if (!('body' in extracted)) return extracted
  // What the document says in its metadata is trusted more than its first lines.
  return { ...extracted, metadata: [...extracted.metadata, ...readOpeningLines(extracted)] }
}

async function readFormat(
  document: ReceivedDocument,
  recognised: readonly RecognisedPage[] | null,
): Promise<ExtractedDocument | RecognitionRequest> {
  const { bytes } = document
  if (bytes.length === 0) throw new DocumentError('document-without-text', 'The file is empty.')
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1')
  // Each reader imports a large library, so it is loaded when first needed.
  if (head.includes('%PDF-')) return (await import('./pdf/pdf.ts')).readPdf(document, recognised)
  const picture = detectPicture(bytes)
  if (picture !== null)
    return (await import('./ocr/pictures/picture-document.ts')).readPicture(
      document,
      picture,
      recognised,
    )
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    const { isDocx, readDocx } = await import('./docx/docx.ts')
    if (isDocx(bytes)) return readDocx(document)
    throw unsupportedFormat('The file is an archive, but not a Word document (DOCX)')
  }
  if (head.startsWith('\xd0\xcf\x11\xe0'))
    throw unsupportedFormat('The file is in an old Office format, or an encrypted Office document')
  if (head.startsWith('{\\rtf')) throw unsupportedFormat('The file is rich text (RTF)')
  return isHtml(document)
    ? (await import('./html/html.ts')).readHtml(document)
    : readPlainText(document)
}

const unsupportedFormat = (reason: string) =>
  new DocumentError(
    'unsupported-media-type',
    `${reason}. Save it as plain text, HTML, PDF, DOCX, PNG, JPEG or TIFF.`,
  )

function isHtml({ bytes, name, mediaType }: ReceivedDocument): boolean {
  if (/^(text\/html|application\/xhtml\+xml)/i.test(mediaType ?? '')) return true
  if (/\.(x?html?|xht)$/i.test(name ?? '')) return true
  if (/\.(txt|md)$/i.test(name ?? '')) return false
  let start: string
  try {
    start = decodeText(bytes.subarray(0, 4_096 - (bytes.length % 2)), []).text
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    start = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1')
  }
  return /^\s*(<!--[\s\S]*?-->\s*)*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body)\b/i.test(
    start,
  )
}
