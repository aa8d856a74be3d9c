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
 * Applies the rules to articles in a worker thread, one article at a time. A long article takes seconds, and so does a
 * lexicon of a hundred thousand names: in the main thread they would block all requests. The thread holds the names of one
 * database; each request sends only the names that changed since the last one.
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
   * Queues an article. `revision` of the result is that of the newest name; `findCached` may return the result of an earlier
   * detection with the same names.
   *
   * @throws {Problem} busy
   */
  async detect(
    buildArticle: () => DetectionRequest['article'],
    findCached: (revision: number) => DetectionResult | undefined,
  ): Promise<{ result: DetectionResult; revision: number }> {
    if (this.#queueLength >= queueLengthMax)
      throw new Problem('busy', 'Too many articles are being read. Try again.')
    this.#queueLength += 1
    const detection = this.#queueTail.then(() => this.#detect(buildArticle, findCached))
    this.#queueTail = detection.catch(() => undefined)
    return await detection.finally(() => {
      this.#queueLength -= 1
    })
  }

  async #detect(
    buildArticle: () => DetectionRequest['article'],
    findCached: (revision: number) => DetectionResult | undefined,
  ) {
    const changedNames = await findChangedNames(this.#db, this.#revision)
    const revision = changedNames.reduce(
      (newest, record) => Math.max(newest, record.revision),
      this.#revision,
    )
    const cachedResult = findCached(revision)
    if (cachedResult) return { result: cachedResult, revision }
    const thread = this.#acquireThread()
    try {
      const response = await requestDetection(thread, { changedNames, article: buildArticle() })
      if ('failed' in response) throw new Error(response.failed)
      this.#revision = revision
      this.#releaseThread(thread)
      return { result: response.result, revision }
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
    // Also handles the errors of an idle thread.
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

  /** Resets the revision, so that the next thread gets all names. */
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
  const message = 'The detector stopped while it read this article.'
  const onExit = () => reject(new Problem('busy', message))
  const onError = (error: Error) => reject(new Problem('busy', message, { cause: error }))
  const onTimeout = () =>
    reject(
      new Problem('busy', `Reading this article takes more than ${responseTimeoutMs / 1_000} s.`),
    )
  const timer = setTimeout(onTimeout, responseTimeoutMs)
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
