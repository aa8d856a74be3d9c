import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'
import type { ExtractedDocument, ReceivedDocument } from './document.ts'
import type { ReaderResult } from './reader-thread.ts'

/** What the reading of one document may take. */
export type ReadLimits = { seconds: number; memoryMb: number }
const defaultLimits: ReadLimits = { seconds: 30, memoryMb: 512 }

const concurrentReadsMax = 2
const queueLengthMax = 8
const memoryCheckMs = 50

let activeReads = 0
const queue: (() => void)[] = []

/**
 * Reads a document in a thread beside the server, which is ended when it takes too long or too much: what a stranger
 * sends may be made to blow up, or simply be broken. Two at a time; past eight more that wait, it says so.
 *
 * @throws {Problem} document-unreadable, document-encrypted, document-without-text, document-over-limit,
 * unsupported-media-type, busy
 */
export async function readDocument(
  document: ReceivedDocument,
  limits: ReadLimits = defaultLimits,
): Promise<ExtractedDocument> {
  if (activeReads >= concurrentReadsMax) {
    if (queue.length >= queueLengthMax)
      throw new Problem('busy', 'Too many documents are being read just now.')
    await new Promise<void>((resolve) => queue.push(resolve))
  } else activeReads += 1
  try {
    return await readInThread(document, limits)
  } finally {
    const next = queue.shift()
    if (next) next()
    else activeReads -= 1
  }
}

/** Threads that have nothing to do just now: to start one takes longer than to read most documents. */
const idleThreads: {
  thread: Worker
  memoryMb: number
  ending: NodeJS.Timeout
  leave: () => void
}[] = []
const idleTimeoutMs = 30_000

function acquireThread(memoryMb: number): Worker {
  const at = idleThreads.findIndex((one) => one.memoryMb === memoryMb)
  const [found] = at === -1 ? [] : idleThreads.splice(at, 1)
  if (found) {
    clearTimeout(found.ending)
    found.thread.off('error', found.leave).off('exit', found.leave)
    found.thread.ref()
    return found.thread
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
    const at = idleThreads.findIndex((one) => one.thread === thread)
    if (at !== -1) idleThreads.splice(at, 1)
  }
  const idleTimer = setTimeout(() => {
    removeThread()
    void thread.terminate()
  }, idleTimeoutMs)
  idleTimer.unref()
  thread.once('error', removeThread)
  thread.once('exit', removeThread)
  thread.unref()
  idleThreads.push({ thread, memoryMb, ending: idleTimer, leave: removeThread })
}

async function readInThread(
  document: ReceivedDocument,
  limits: ReadLimits,
): Promise<ExtractedDocument> {
  const thread = acquireThread(limits.memoryMb)
  const guards = new AbortController()
  let isReusable = false
  try {
    thread.postMessage(document)
    const outcome = await Promise.race([
      waitForResult(thread, guards.signal).finally(() => {
        isReusable = true
      }),
      timeOutAfter(limits.seconds, guards.signal),
      watchMemory(thread, limits.memoryMb, guards.signal),
    ])
    isReusable &&= !('failed' in outcome)
    if ('read' in outcome) return outcome.read
    if ('refused' in outcome) throw new Problem(outcome.refused.code, outcome.refused.message)
    // The readers name what is wrong with a document: what they do not name is a fault of the server.
    throw new Error(`The reader failed: ${outcome.failed}`)
  } finally {
    guards.abort()
    if (isReusable) releaseThread(thread, limits.memoryMb)
    else await thread.terminate()
  }
}

const overLimitResult = (message: string): ReaderResult => ({
  refused: { code: 'document-over-limit', message },
})

const waitForResult = (thread: Worker, signal: AbortSignal): Promise<ReaderResult> =>
  new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? overLimitResult('Reading it takes more memory than is given to a document.')
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
      () => resolve(overLimitResult(`Reading it takes more than ${seconds} seconds.`)),
      seconds * 1_000,
    )
    signal.addEventListener('abort', () => clearTimeout(timer))
  })

/** The limits of a thread do not count what lies outside its heap, such as the unpacked streams of a PDF. */
const watchMemory = (
  thread: Worker,
  memoryMb: number,
  signal: AbortSignal,
): Promise<ReaderResult> =>
  new Promise((resolve) => {
    const timer = setInterval(async () => {
      const used = await thread.getHeapStatistics().catch(() => null)
      if (used && used.used_heap_size + used.external_memory > memoryMb * 1_048_576)
        resolve(overLimitResult('Reading it takes more memory than is given to a document.'))
    }, memoryCheckMs)
    signal.addEventListener('abort', () => clearInterval(timer))
  })
