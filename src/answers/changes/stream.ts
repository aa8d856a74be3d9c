import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { toDatabaseProblem } from '../../database/database-problems.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import { listChanges } from '../../ledger/queries.ts'
import { describeChange } from './rules.ts'
import type { RecordChange } from './schema.ts'

const heartbeatMs = 15_000
/** Wait after a failed read of the ledger. */
const retryMs = 500
const changesPerRead = 1_000

/** A stream waits while the database is not available, and asks again; any other error ends it. */
const whileAway =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (toDatabaseProblem(error) === undefined) throw error
    return instead
  }

/** Changes by revision, in ascending order of revisions. */
type RevisionChanges = Map<number, RecordChange[]>

/**
 * Gives every subscriber each revision once and in order, whichever process wrote it. A subscriber only holds the number of
 * the last revision that it sent; the rest is read from the ledger. So a reconnect loses nothing, and no queue is kept in
 * memory. Announcements of the head only wake the subscribers.
 */
export function createChangeStream(db: Db, head: HeadTracker) {
  /** By the revision after which the changes begin: subscribers at the same revision share one read. */
  const cache = new LRUCache<number, Promise<RevisionChanges>>({ max: 50 })
  const waiters = new Set<() => void>()
  let closed = false
  const wakeWaiters = () => {
    for (const wake of waiters) wake()
  }
  const unsubscribe = head.onChange(wakeWaiters)

  const loadCachedRevisions = (after: number, until: number) => {
    const cached = cache.get(after)
    if (cached) return cached
    const revisions = loadRevisions(db, after, until)
    cache.set(after, revisions)
    revisions.catch(() => cache.delete(after))
    return revisions
  }

  /** Server-sent events after `since`. `disconnect` is aborted when the client has left. */
  async function* subscribe(
    since: number,
    kinds: readonly string[] | null,
    disconnect: AbortSignal,
  ) {
    let lastSent = since
    yield `retry: 1000\n: after revision ${since}\n\n`
    while (!closed && !disconnect.aborted) {
      const newest = await head.getRevision().catch(whileAway(lastSent))
      if (newest <= lastSent) {
        if ((await waitForRevision(disconnect)) === 'heartbeat') yield ': heartbeat\n\n'
        continue
      }
      const revisions = await loadCachedRevisions(lastSent, newest).catch(whileAway(null))
      if (revisions === null) {
        await sleep(retryMs, undefined, { signal: disconnect }).catch(() => undefined)
        continue
      }
      if (revisions.size === 0) lastSent = newest
      for (const [revision, changes] of revisions) {
        const selected = changes.filter(
          ({ record }) => kinds === null || kinds.includes(record.kind),
        )
        if (selected.length > 0) yield formatRevisionEvent(revision, selected)
        lastSent = revision
      }
    }
  }

  function waitForRevision(disconnect: AbortSignal): Promise<'woken' | 'heartbeat'> {
    return new Promise((resolve) => {
      const settle = (reason: 'woken' | 'heartbeat') => {
        clearTimeout(timer)
        waiters.delete(wake)
        disconnect.removeEventListener('abort', wake)
        resolve(reason)
      }
      const wake = () => settle('woken')
      const timer = setTimeout(() => settle('heartbeat'), heartbeatMs)
      waiters.add(wake)
      disconnect.addEventListener('abort', wake)
    })
  }

  return {
    subscribe,
    close() {
      closed = true
      unsubscribe()
      wakeWaiters()
    },
  }
}

const formatRevisionEvent = (revision: number, changes: readonly RecordChange[]): string =>
  `id: ${revision}\nevent: revision\ndata: ${JSON.stringify({ revision, changes })}\n\n`

/** The next changes after a revision, in whole revisions only: at least one, however many changes it has. */
async function loadRevisions(db: Db, after: number, until: number): Promise<RevisionChanges> {
  const readChanges = (revision: number, recordId: string | null) =>
    listChanges(db, {
      after: { revision, recordId },
      until,
      kinds: null,
      caseId: null,
      recordId: null,
      limit: changesPerRead,
    })
  const rows = await readChanges(after, null)
  const firstRevision = rows[0]?.revision
  let last = rows.at(-1)
  let isTruncated = rows.length === changesPerRead
  while (isTruncated && last !== undefined && last.revision === firstRevision) {
    const moreRows = await readChanges(last.revision, last.recordId)
    rows.push(...moreRows)
    last = rows.at(-1)
    isTruncated = moreRows.length === changesPerRead
  }
  const byRevision = Map.groupBy(rows.map(describeChange), (change) => change.revision)
  // The last revision may be incomplete. The next read begins with it.
  if (isTruncated && last !== undefined) byRevision.delete(last.revision)
  return byRevision
}
