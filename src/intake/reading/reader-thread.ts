import { parentPort } from 'node:worker_threads'
import { type ReadDocument, type ReceivedDocument, Refusal, type RefusalCode } from './document.ts'
import { read } from './read.ts'

/** What the thread says of each document that it is given. */
export type Outcome =
  | { read: ReadDocument }
  | { refused: { code: RefusalCode; message: string } }
  | { failed: string }

async function outcomeOf(document: ReceivedDocument): Promise<Outcome> {
  try {
    return { read: await read(document) }
  } catch (error) {
    if (error instanceof Refusal) return { refused: { code: error.code, message: error.message } }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (document: ReceivedDocument) => {
  parentPort?.postMessage(await outcomeOf(document))
})
