import { Worker } from 'node:worker_threads'
import type { Db } from '../../../database/database.ts'
import { Problem } from '../../../problem.ts'
import { namesSince } from '../queries.ts'
import type { Asked, Read, Reading } from './detecting-thread.ts'

const waitingMax = 8
const patienceMs = 30_000
const idleMs = 60_000
const memoryMb = 512

/**
 * Reads articles by the rules in a thread beside the server, one after the other: a long one takes seconds, and so does
 * learning a hundred thousand names, in which nobody else would be answered. The thread knows the names of one database;
 * only what changed since the last question is told it.
 */
class Detector {
  readonly #db: Db
  #thread: Worker | undefined
  #ending: NodeJS.Timeout | undefined
  #revision = 0
  #waiting = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(db: Db) {
    this.#db = db
  }

  /**
   * What was read of this article beside the names that there are now; `known` may have it from before.
   *
   * @throws {Problem} busy
   */
  async read(
    article: () => Asked['article'],
    known: (revision: number) => Reading | undefined,
  ): Promise<{ reading: Reading; revision: number }> {
    if (this.#waiting >= waitingMax)
      throw new Problem('busy', 'Too many articles are being read just now.')
    this.#waiting += 1
    const own = this.#turn.then(() => this.#read(article, known))
    this.#turn = own.catch(() => undefined)
    return await own.finally(() => {
      this.#waiting -= 1
    })
  }

  async #read(article: () => Asked['article'], known: (revision: number) => Reading | undefined) {
    const changed = await namesSince(this.#db, this.#revision)
    const revision = changed.reduce((last, one) => Math.max(last, one.revision), this.#revision)
    const before = known(revision)
    if (before) return { reading: before, revision }
    const thread = this.#take()
    try {
      const read = await answerOf(thread, { changed, article: article() })
      if ('failed' in read) throw new Error(read.failed)
      this.#revision = revision
      this.#keep(thread)
      return { reading: read.reading, revision }
    } catch (error) {
      this.#end(thread)
      throw error
    }
  }

  #take(): Worker {
    clearTimeout(this.#ending)
    const thread = this.#thread ?? this.#start()
    thread.ref()
    return thread
  }

  #start(): Worker {
    const thread = new Worker(new URL('./detecting-thread.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    // Also of one that has nothing to do just now.
    thread.once('error', () => this.#end(thread)).once('exit', () => this.#end(thread))
    this.#thread = thread
    return thread
  }

  #keep(thread: Worker): void {
    thread.unref()
    this.#ending = setTimeout(() => this.#end(thread), idleMs).unref()
  }

  /** The next thread is told all names again. */
  #end(thread: Worker): void {
    if (this.#thread === thread) {
      this.#thread = undefined
      this.#revision = 0
    }
    void thread.terminate()
  }
}

async function answerOf(thread: Worker, asked: Asked): Promise<Read> {
  const { promise, resolve, reject } = Promise.withResolvers<Read>()
  const onExit = () => reject(new Problem('busy', 'The reading of this article broke off.'))
  const onError = (error: Error) =>
    reject(new Problem('busy', 'The reading of this article broke off.', { cause: error }))
  const late = setTimeout(
    () =>
      reject(new Problem('busy', `Reading this article takes more than ${patienceMs / 1_000} s.`)),
    patienceMs,
  )
  thread.once('message', resolve).once('error', onError).once('exit', onExit)
  try {
    thread.postMessage(asked)
    return await promise
  } finally {
    clearTimeout(late)
    thread.off('message', resolve).off('error', onError).off('exit', onExit)
  }
}

const detectors = new WeakMap<Db, Detector>()

export function detectorOf(db: Db): Detector {
  const detector = detectors.get(db) ?? new Detector(db)
  detectors.set(db, detector)
  return detector
}
