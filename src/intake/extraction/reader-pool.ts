import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'
import type { ExtractedDocument, ReceivedDocument } from './document.ts'
import {
  type RecognitionProgress,
  type RecognitionRequest,
  type RecognitionSettings,
  recognisedPagesMax,
} from './ocr/recognition.ts'
import { listMissingPackages, recognisePages } from './ocr/run-ocr.ts'
import type { ReaderResult, ReaderTask } from './reader-thread.ts'

/** Limits for reading one document. */
type ReadLimits = { seconds: number; memoryMb: number }
const defaultLimits: ReadLimits = { seconds: 30, memoryMb: 512 }

const concurrentReadsMax = 2
const queueLengthMax = 8
const memoryCheckMs = 50

let activeReads = 0
const queue: (() => void)[] = []

/**
 * Extracts a document in a worker thread, which is terminated when it exceeds the limits: a document may be broken or made
 * to attack the reader. Reads two documents at a time and queues eight more; further ones get `busy`. Pages without text
 * are read by text recognition, in a process of its own with its own limits.
 *
 * @throws {Problem} document-unreadable, document-encrypted, document-without-text, document-over-limit,
 * unsupported-media-type, busy
 */
export async function readDocument(
  document: ReceivedDocument,
  { limits = defaultLimits, recognition = null, onProgress }: ReadOptions = {},
): Promise<ExtractedDocument> {
  const first = await readInTurn({ document, recognised: null }, limits)
  if ('body' in first) return first
  const unavailable = describeUnavailable(first, recognition)
  const recognised =
    unavailable === null && recognition !== null
      ? await recognisePages(document.bytes, first, recognition, onProgress)
      : []
  if (unavailable !== null && first.format !== 'pdf')
    throw new Problem('document-without-text', `The picture has no text: ${unavailable}`)
  const second = await readInTurn({ document, recognised }, limits).catch((error) => {
    if (unavailable === null || !isWithoutText(error)) throw error
    throw new Problem('document-without-text', `The PDF has no text layer: ${unavailable}`)
  })
  if (!('body' in second)) throw new TypeError('The reader asked for text recognition twice.')
  return unavailable === null ? second : addUnreadPages(second, first, unavailable)
}

export type ReadOptions = {
  limits?: ReadLimits
  /** Null: no text recognition. */
  recognition?: RecognitionSettings | null
  onProgress?: RecognitionProgress
}

const isWithoutText = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'document-without-text'

/** Why pages cannot be recognised; null when they can. */
function describeUnavailable(
  { pages }: RecognitionRequest,
  recognition: RecognitionSettings | null,
): string | null {
  if (recognition === null || !recognition.isEnabled)
    return 'a scan? Text recognition is switched off (OCR=off).'
  const missing = listMissingPackages()
  if (missing.length > 0)
    return `a scan? Text recognition (OCR) needs packages that are not installed: npm install ${missing.join(' ')}`
  if (pages.length > recognisedPagesMax)
    throw new Problem(
      'document-over-limit',
      `The document has ${pages.length} pages without text; text recognition reads at most ${recognisedPagesMax}.`,
    )
  return null
}

/** Says which pages are missing in the body. Blank pages may be among them. */
function addUnreadPages(
  extracted: ExtractedDocument,
  { pages }: RecognitionRequest,
  reason: string,
): ExtractedDocument {
  const entry = {
    name: 'omitted' as const,
    value: `text of page(s) ${pages.join(', ')} with little or no text layer: ${reason}`.slice(
      0,
      1_000,
    ),
    foundIn: 'PDF pages',
  }
  return { ...extracted, metadata: [...extracted.metadata, entry] }
}

async function readInTurn(
  task: ReaderTask,
  limits: ReadLimits,
): Promise<ExtractedDocument | RecognitionRequest> {
  if (activeReads >= concurrentReadsMax) {
    if (queue.length >= queueLengthMax)
      throw new Problem('busy', 'Too many documents are being read. Try again.')
    await new Promise<void>((resolve) => queue.push(resolve))
  } else activeReads += 1
  try {
    return await readInThread(task, limits)
  } finally {
    const next = queue.shift()
    if (next) next()
    else activeReads -= 1
  }
}

/** Threads for reuse: starting one takes longer than reading most documents. */
const idleThreads: {
  thread: Worker
  memoryMb: number
  idleTimer: NodeJS.Timeout
  removeThread: () => void
}[] = []
const idleTimeoutMs = 30_000

function acquireThread(memoryMb: number): Worker {
  const index = idleThreads.findIndex((idle) => idle.memoryMb === memoryMb)
  const [idleThread] = index === -1 ? [] : idleThreads.splice(index, 1)
  if (idleThread) {
    const { thread, idleTimer, removeThread } = idleThread
    clearTimeout(idleTimer)
    thread.off('error', removeThread).off('exit', removeThread)
    thread.ref()
    return thread
  }
  return new Worker(new URL('./reader-thread.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 },
  })
}

function releaseThread(thread: Worker, memoryMb: number): void {
  const removeThread = () => {
    const index = idleThreads.findIndex((idle) => idle.thread === thread)
    if (index !== -1) idleThreads.splice(index, 1)
  }
  const idleTimer = setTimeout(() => {
    removeThread()
    void thread.terminate()
  }, idleTimeoutMs)
  idleTimer.unref()
  thread.once('error', removeThread)
  thread.once('exit', removeThread)
  thread.unref()
  idleThreads.push({ thread, memoryMb, idleTimer, removeThread })
}

async function readInThread(
  task: ReaderTask,
  limits: ReadLimits,
): Promise<ExtractedDocument | RecognitionRequest> {
  const thread = acquireThread(limits.memoryMb)
  const watchers = new AbortController()
  let isReusable = false
  try {
    thread.postMessage(task)
    const result = await Promise.race([
      waitForResult(thread, watchers.signal).finally(() => {
        isReusable = true
      }),
      timeOutAfter(limits.seconds, watchers.signal),
      watchMemory(thread, limits.memoryMb, watchers.signal),
    ])
    isReusable &&= !('failed' in result)
    if ('extracted' in result) return result.extracted
    if ('recognise' in result) return result.recognise
    if ('refused' in result) throw new Problem(result.refused.code, result.refused.message)
    // Faults of a document are DocumentErrors. Any other error is a fault of the server.
    throw new Error(`The reader failed: ${result.failed}`)
  } finally {
    watchers.abort()
    if (isReusable) releaseThread(thread, limits.memoryMb)
    else await thread.terminate()
  }
}

const overLimitResult = (message: string): ReaderResult => ({
  refused: { code: 'document-over-limit', message },
})

const memoryLimitResult = (): ReaderResult =>
  overLimitResult('Reading the document takes more memory than the limit.')

const waitForResult = (thread: Worker, signal: AbortSignal): Promise<ReaderResult> =>
  new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? memoryLimitResult()
          : { failed: error.stack ?? error.message },
      )
    const onExit = (code: number) => resolve({ failed: `The reader ended with code ${code}.` })
    thread.once('message', resolve).once('error', onError).once('exit', onExit)
    signal.addEventListener('abort', () =>
      thread.off('message', resolve).off('error', onError).off('exit', onExit),
    )
  })

const timeOutAfter = (seconds: number, signal: AbortSignal): Promise<ReaderResult> =>
  new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(overLimitResult(`Reading the document takes more than ${seconds} seconds.`)),
      seconds * 1_000,
    )
    signal.addEventListener('abort', () => clearTimeout(timer))
  })

/** The resource limits of a thread do not count memory outside its heap, such as the unpacked streams of a PDF. */
const watchMemory = (
  thread: Worker,
  memoryMb: number,
  signal: AbortSignal,
): Promise<ReaderResult> =>
  new Promise((resolve) => {
    const timer = setInterval(async () => {
      const heap = await thread.getHeapStatistics().catch(() => null)
      if (heap && heap.used_heap_size + heap.external_memory > memoryMb * 1_048_576)
        resolve(memoryLimitResult())
    }, memoryCheckMs)
    signal.addEventListener('abort', () => clearInterval(timer))
  })
