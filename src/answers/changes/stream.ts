import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../database/database.ts'
import { toDatabaseProblem } from '../../database/database-problems.ts'
import { formatPosition } from '../../http/history.ts'
import { escapeLineSeparators } from '../../http/json-lines.ts'
import type { Head } from '../../http/revision-source.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import { ChangePages, type ChangeText } from './change-pages.ts'

/** After this revision, and within it after this record. */
type StreamPosition = Head & { recordId: string | null }

const heartbeatMs = 15_000
/** Wait after a failed read of the ledger. */
const retryMs = 500

/** While the database is unavailable, a stream continues with `fallback` and asks again. Any other error ends it. */
const duringOutage =
  <T>(fallback: T) =>
  (error: unknown): T => {
    if (toDatabaseProblem(error) === undefined) throw error
    return fallback
  }

/**
 * Streams of changes as server-sent events: every revision once and in order, whichever process wrote it. A stream holds a
 * position in the ledger and one page of changes. It reads on only when its client has received the page, so a client that
 * does not read costs no memory. Announcements only wake the streams.
 */
export function createChangeStream(db: Db, head: HeadTracker) {
  const pages = new ChangePages(db)
  const waiters = new Set<() => void>()
  let isClosed = false
  const wakeWaiters = () => {
    for (const wake of waiters) wake()
  }
  const unsubscribe = head.onChange(wakeWaiters)

  /**
   * The events after the revision `start`, in chunks. Event ids are revisions with their epochs; `:` lines keep the connection
   * alive. Ends when the position is no longer in the history, as after a restore: the client reconnects and gets a 409.
   *
   * @param kinds null: changes of all kinds
   */
  async function* subscribe(
    start: Head,
    kinds: readonly string[] | null,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const events = new EventWriter(kinds)
    let position: StreamPosition = { ...start, recordId: null }
    yield `retry: 1000\n: after revision ${start.revision}\n\n`
    while (!isClosed && !signal.aborted) {
      const newest = await head.getHead().catch(duringOutage(null))
      const isInHistory = newest === null || (await isValid(position, newest))
      if (!isInHistory) return
      if (newest === null || (newest.revision <= position.revision && position.recordId === null)) {
        if ((await waitForRevision(signal)) === 'heartbeat') yield ': heartbeat\n\n'
        continue
      }
      const page = await pages.read(position, newest.revision).catch(duringOutage(null))
      if (page === null) {
        await sleep(retryMs, undefined, { signal }).catch(() => undefined)
      } else if (page.length > 0) {
        for (const change of page) yield* events.add(change)
        position = page.at(-1) ?? position
      } else {
        yield* events.end()
        position =
          newest.revision > position.revision
            ? { ...newest, recordId: null }
            : { ...position, recordId: null }
      }
    }
  }

  /** During an outage of the database nothing is known, and the position counts as valid. */
  async function isValid({ revision, epoch }: Head, newest: Head): Promise<boolean> {
    if (revision === newest.revision) return epoch === newest.epoch
    return (await head.getEpoch(revision).catch(duringOutage(epoch))) === epoch
  }

  function waitForRevision(signal: AbortSignal): Promise<'revision' | 'heartbeat'> {
    if (signal.aborted) return Promise.resolve('revision')
    return new Promise((resolve) => {
      const finish = (reason: 'revision' | 'heartbeat') => {
        clearTimeout(timer)
        waiters.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve(reason)
      }
      const wake = () => finish('revision')
      const timer = setTimeout(() => finish('heartbeat'), heartbeatMs)
      waiters.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  return {
    subscribe,
    close() {
      isClosed = true
      unsubscribe()
      wakeWaiters()
    },
  }
}

/**
 * Writes changes as events, one event per revision. A client drops an event without its end, so a revision whose changes are
 * on several pages is still received as a whole or not at all.
 */
class EventWriter {
  readonly #kinds: readonly string[] | null
  #openRevision: number | null = null

  constructor(kinds: readonly string[] | null) {
    this.#kinds = kinds
  }

  *add({ revision, epoch, kind, json: text }: ChangeText): Generator<string> {
    if (this.#openRevision !== revision) yield* this.end()
    if (this.#kinds !== null && !this.#kinds.includes(kind)) return
    const json = escapeLineSeparators(text)
    if (this.#openRevision === revision) yield `,${json}`
    else
      yield `id: ${formatPosition({ revision, epoch })}\nevent: revision\ndata: {"revision":${revision},"changes":[${json}`
    this.#openRevision = revision
  }

  *end(): Generator<string> {
    if (this.#openRevision !== null) yield ']}\n\n'
    this.#openRevision = null
  }
}
