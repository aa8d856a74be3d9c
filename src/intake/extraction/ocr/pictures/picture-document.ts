import {
  DocumentError,
  type ExtractedDocument,
  joinBlocks,
  type ReceivedDocument,
} from '../../document.ts'
import { collectWords, loadDictionary } from '../../pdf/hyphens.ts'
import { addPageSpans } from '../../pdf/page-spans.ts'
import { buildRecognisedBlocks, listRecognisedLines } from '../recognised-text.ts'
import type { PictureFormat, RecognisedPage, RecognitionRequest } from '../recognition.ts'
import { checkPicture, pictureMediaTypes } from './pictures.ts'

/**
 * The text that was recognised in a picture.
 *
 * @param recognised null before text recognition
 * @returns the pages to recognise if `recognised` is null
 * @throws {DocumentError}
 */
export async function readPicture(
  { bytes }: ReceivedDocument,
  format: PictureFormat,
  recognised: readonly RecognisedPage[] | null,
): Promise<ExtractedDocument | RecognitionRequest> {
  const pageCount = checkPicture(bytes, format)
  if (recognised === null)
    return { format, pages: Array.from({ length: pageCount }, (_, index) => index + 1) }
  const words = collectWords(listRecognisedLines(recognised))
  const isWord = await loadDictionary(null, words)
  const blocks = recognised.flatMap((page) => buildRecognisedBlocks(page, words, isWord))
  if (blocks.length === 0)
    throw new DocumentError(
      'document-without-text',
      'Text recognition (OCR) found no words in the picture.',
    )
  const { body, spans } = joinBlocks(blocks)
  return {
    body,
    spans: addPageSpans(spans, recognised),
    metadata: [],
    mediaType: pictureMediaTypes[format],
  }
}
