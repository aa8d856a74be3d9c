import { parentPort } from 'node:worker_threads'
import {
  DocumentError,
  type DocumentErrorCode,
  type ExtractedDocument,
  type ReceivedDocument,
} from './document.ts'
import { extractDocument } from './document-extractor.ts'

/** What the thread says of each document that it is given. */
export type ReaderResult =
  | { read: ExtractedDocument }
  | { refused: { code: DocumentErrorCode; message: string } }
  | { failed: string }

async function runReader(document: ReceivedDocument): Promise<ReaderResult> {
  try {
    return { read: await extractDocument(document) }
  } catch (error) {
    if (error instanceof DocumentError)
      return { refused: { code: error.code, message: error.message } }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (document: ReceivedDocument) => {
  parentPort?.postMessage(await runReader(document))
})
