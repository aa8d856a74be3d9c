import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'
import type { ReadDocument, ReceivedDocument } from './document.ts'
import type { Outcome } from './reader-thread.ts'

/** What the reading of one document may take. */
export type Bounds = { seconds: number; memoryMb: number }
const standard: Bounds = { seconds: 30, memoryMb: 512 }

const atOnce = 2
const waitingMax = 8
const memoryCheckMs = 50

let running = 0
const waiting: (() => void)[] = []

/**
 * Reads a document in a thread beside the server, which is ended when it takes too long or too much: what a stranger
 * sends may be made to blow up, or simply be broken. Two at a time; past eight more that wait, it says so.
 *
 * @throws {Problem} document-unreadable, document-encrypted, document-without-text, document-over-limit,
 * unsupported-media-type, busy
 */
export async function readDocument(
  document: ReceivedDocument,
  bounds: Bounds = standard,
): Promise<ReadDocument> {
  if (running >= atOnce) {
    if (waiting.length >= waitingMax)
      throw new Problem('busy', 'Too many documents are being read just now.')
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running += 1
  try {
    return await inThread(document, bounds)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

/** Threads that have nothing to do just now: to start one takes longer than to read most documents. */
const idle: {
  thread: Worker
  memoryMb: number
  ending: NodeJS.Timeout
  leave: () => void
}[] = []
const idleMs = 30_000

function takeThread(memoryMb: number): Worker {
  const at = idle.findIndex((one) => one.memoryMb === memoryMb)
  const [found] = at === -1 ? [] : idle.splice(at, 1)
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

function keepThread(thread: Worker, memoryMb: number): void {
  const leave = () => {
    const at = idle.findIndex((one) => one.thread === thread)
    if (at !== -1) idle.splice(at, 1)
  }
  const ending = setTimeout(() => {
    leave()
    void thread.terminate()
  }, idleMs)
  ending.unref()
  thread.once('error', leave)
  thread.once('exit', leave)
  thread.unref()
  idle.push({ thread, memoryMb, ending, leave })
}

async function inThread(document: ReceivedDocument, bounds: Bounds): Promise<ReadDocument> {
  const thread = takeThread(bounds.memoryMb)
  const guards = new AbortController()
  let sound = false
  try {
    thread.postMessage(document)
    const outcome = await Promise.race([
      said(thread, guards.signal).finally(() => {
        sound = true
      }),
      afterSeconds(bounds.seconds, guards.signal),
      overMemory(thread, bounds.memoryMb, guards.signal),
    ])
    sound &&= !('failed' in outcome)
    if ('read' in outcome) return outcome.read
    if ('refused' in outcome) throw new Problem(outcome.refused.code, outcome.refused.message)
    throw new Problem('document-unreadable', 'It could not be read; the file seems to be broken.', {
      cause: new Error(outcome.failed),
    })
  } finally {
    guards.abort()
    if (sound) keepThread(thread, bounds.memoryMb)
    else await thread.terminate()
  }
}

const overLimit = (message: string): Outcome => ({
  refused: { code: 'document-over-limit', message },
})

const said = (thread: Worker, signal: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? overLimit('Reading it takes more memory than is given to a document.')
          : { failed: error.stack ?? error.message },
      )
    const onExit = (code: number) => resolve({ failed: `The reader ended with code ${code}.` })
    thread.once('message', resolve).once('error', onError).once('exit', onExit)
    signal.addEventListener('abort', () =>
      thread.off('message', resolve).off('error', onError).off('exit', onExit),
    )
  })

const afterSeconds = (seconds: number, signal: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(overLimit(`Reading it takes more than ${seconds} seconds.`)),
      seconds * 1_000,
    )
    signal.addEventListener('abort', () => clearTimeout(timer))
  })

/** The limits of a thread do not count what lies outside its heap, such as the unpacked streams of a PDF. */
const overMemory = (thread: Worker, memoryMb: number, signal: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => {
    const timer = setInterval(async () => {
      const used = await thread.getHeapStatistics().catch(() => null)
      if (used && used.used_heap_size + used.external_memory > memoryMb * 1_048_576)
        resolve(overLimit('Reading it takes more memory than is given to a document.'))
    }, memoryCheckMs)
    signal.addEventListener('abort', () => clearInterval(timer))
  })
