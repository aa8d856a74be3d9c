import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../database/database.ts'
import { toDatabaseProblem } from '../../database/database-problems.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import { ChangePages, type ChangeText } from './change-pages.ts'
import type { LedgerCursor } from './cursor.ts'

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
   * The events after the revision `since`, in chunks. Event ids are revision numbers; `:` lines keep the connection alive.
   *
   * @param kinds null: changes of all kinds
   */
  async function* subscribe(
    since: number,
    kinds: readonly string[] | null,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const events = new EventWriter(kinds)
    let position: LedgerCursor = { revision: since, recordId: null }
    yield `retry: 1000\n: after revision ${since}\n\n`
    while (!isClosed && !signal.aborted) {
      const newest = await head.getRevision().catch(duringOutage(position.revision))
      if (newest <= position.revision && position.recordId === null) {
        if ((await waitForRevision(signal)) === 'heartbeat') yield ': heartbeat\n\n'
        continue
      }
      const page = await pages.read(position, newest).catch(duringOutage(null))
      if (page === null) {
        await sleep(retryMs, undefined, { signal }).catch(() => undefined)
      } else if (page.length > 0) {
        for (const change of page) yield* events.add(change)
        position = page.at(-1) ?? position
      } else {
        yield* events.end()
        position = { revision: Math.max(newest, position.revision), recordId: null }
      }
    }
  }

  function waitForRevision(signal: AbortSignal): Promise<'revision' | 'heartbeat'> {
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

  *add({ revision, kind, json }: ChangeText): Generator<string> {
    if (this.#openRevision !== revision) yield* this.end()
    if (this.#kinds !== null && !this.#kinds.includes(kind)) return
    if (this.#openRevision === revision) yield `,${json}`
    else yield `id: ${revision}\nevent: revision\ndata: {"revision":${revision},"changes":[${json}`
    this.#openRevision = revision
  }

  *end(): Generator<string> {
    if (this.#openRevision !== null) yield ']}\n\n'
    this.#openRevision = null
  }
}
