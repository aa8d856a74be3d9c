import { Worker } from 'node:worker_threads'
import type { Db } from '../../../database/database.ts'
import { Problem } from '../../../problem.ts'
import { findChangedNames } from '../queries.ts'
import type { DetectionRequest, DetectionResponse, DetectionResult } from './detector-thread.ts'

const queueLengthMax = 8
const responseTimeoutMs = 30_000
const idleTimeoutMs = 60_000
const memoryMb = 512

/**
 * Reads articles by the rules in a thread beside the server, one after the other: a long one takes seconds, and so does
 * learning a hundred thousand names, in which nobody else would be answered. The thread knows the names of one database;
 * only what changed since the last question is told it.
 */
class Detector {
  readonly #db: Db
  #thread: Worker | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #revision = 0
  #queueLength = 0
  #queueTail: Promise<unknown> = Promise.resolve()

  constructor(db: Db) {
    this.#db = db
  }

  /**
   * What was read of this article beside the names that there are now; `known` may have it from before.
   *
   * @throws {Problem} busy
   */
  async detect(
    article: () => DetectionRequest['article'],
    known: (revision: number) => DetectionResult | undefined,
  ): Promise<{ reading: DetectionResult; revision: number }> {
    if (this.#queueLength >= queueLengthMax)
      throw new Problem('busy', 'Too many articles are being read just now.')
    this.#queueLength += 1
    const own = this.#queueTail.then(() => this.#detect(article, known))
    this.#queueTail = own.catch(() => undefined)
    return await own.finally(() => {
      this.#queueLength -= 1
    })
  }

  async #detect(
    article: () => DetectionRequest['article'],
    known: (revision: number) => DetectionResult | undefined,
  ) {
    const changed = await findChangedNames(this.#db, this.#revision)
    const revision = changed.reduce((last, one) => Math.max(last, one.revision), this.#revision)
    const before = known(revision)
    if (before) return { reading: before, revision }
    const thread = this.#acquireThread()
    try {
      const read = await requestDetection(thread, { changedNames: changed, article: article() })
      if ('failed' in read) throw new Error(read.failed)
      this.#revision = revision
      this.#releaseThread(thread)
      return { reading: read.reading, revision }
    } catch (error) {
      this.#stopThread(thread)
      throw error
    }
  }

  #acquireThread(): Worker {
    clearTimeout(this.#idleTimer)
    const thread = this.#thread ?? this.#startThread()
    thread.ref()
    return thread
  }

  #startThread(): Worker {
    const thread = new Worker(new URL('./detector-thread.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    // Also of one that has nothing to do just now.
    thread
      .once('error', () => this.#stopThread(thread))
      .once('exit', () => this.#stopThread(thread))
    this.#thread = thread
    return thread
  }

  #releaseThread(thread: Worker): void {
    thread.unref()
    this.#idleTimer = setTimeout(() => this.#stopThread(thread), idleTimeoutMs).unref()
  }

  /** The next thread is told all names again. */
  #stopThread(thread: Worker): void {
    if (this.#thread === thread) {
      this.#thread = undefined
      this.#revision = 0
    }
    void thread.terminate()
  }
}

async function requestDetection(
  thread: Worker,
  request: DetectionRequest,
): Promise<DetectionResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<DetectionResponse>()
  const onExit = () => reject(new Problem('busy', 'The reading of this article broke off.'))
  const onError = (error: Error) =>
    reject(new Problem('busy', 'The reading of this article broke off.', { cause: error }))
  const timer = setTimeout(
    () =>
      reject(
        new Problem('busy', `Reading this article takes more than ${responseTimeoutMs / 1_000} s.`),
      ),
    responseTimeoutMs,
  )
  thread.once('message', resolve).once('error', onError).once('exit', onExit)
  try {
    thread.postMessage(request)
    return await promise
  } finally {
    clearTimeout(timer)
    thread.off('message', resolve).off('error', onError).off('exit', onExit)
  }
}

const detectorsByDb = new WeakMap<Db, Detector>()

export function getDetector(db: Db): Detector {
  const detector = detectorsByDb.get(db) ?? new Detector(db)
  detectorsByDb.set(db, detector)
  return detector
}
