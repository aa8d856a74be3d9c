import { parentPort } from 'node:worker_threads'
import {
  DocumentError,
  type DocumentErrorCode,
  type ExtractedDocument,
  type ReceivedDocument,
} from './document.ts'
import { extractDocument } from './document-extractor.ts'

/** The message that the thread posts for each document. `failed` is the stack of an unexpected error. */
export type ReaderResult =
  | { extracted: ExtractedDocument }
  | { refused: { code: DocumentErrorCode; message: string } }
  | { failed: string }

async function runReader(document: ReceivedDocument): Promise<ReaderResult> {
  try {
    return { extracted: await extractDocument(document) }
  } catch (error) {
    if (error instanceof DocumentError)
      return { refused: { code: error.code, message: error.message } }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (document: ReceivedDocument) => {
  parentPort?.postMessage(await runReader(document))
})
