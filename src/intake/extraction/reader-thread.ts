import { parentPort } from 'node:worker_threads'
import {
  DocumentError,
  type DocumentErrorCode,
  type ExtractedDocument,
  type ReceivedDocument,
} from './document.ts'
import { extractDocument } from './document-extractor.ts'
import type { RecognisedPage, RecognitionRequest } from './ocr/recognition.ts'

/** The message that the thread posts for each document. `failed` is the stack of an unexpected error. */
export type ReaderResult =
  | { extracted: ExtractedDocument }
  | { recognise: RecognitionRequest }
  | { refused: { code: DocumentErrorCode; message: string } }
  | { failed: string }

/** `recognised`: see `extractDocument`. */
export type ReaderTask = { document: ReceivedDocument; recognised: RecognisedPage[] | null }

async function runReader({ document, recognised }: ReaderTask): Promise<ReaderResult> {
  try {
    const result = await extractDocument(document, recognised)
    return 'body' in result ? { extracted: result } : { recognise: result }
  } catch (error) {
    if (error instanceof DocumentError)
      return { refused: { code: error.code, message: error.message } }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (task: ReaderTask) => {
  parentPort?.postMessage(await runReader(task))
})
