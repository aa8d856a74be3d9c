import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import { listChanges } from '../../ledger/queries.ts'
import { describeChange } from './rules.ts'
import type { RecordChange } from './schema.ts'

const heartbeatMs = 15_000
/** Changes that one look at the ledger fetches. */
const changesPerRead = 1_000

/**
 * Gives every subscriber each revision once and in order, whichever process wrote it. A subscriber carries its own
 * place in the ledger: what it has not seen is read from there, so nothing is lost over a reconnect, and nothing is
 * kept for it in memory. The announcements only say that it is time to look.
 */
export function createChangeStream(db: Db, head: HeadTracker) {
  /** What was read for one subscriber serves the others that wait at the same place. */
  const revisionCache = new LRUCache<number, Promise<Map<number, RecordChange[]>>>({ max: 50 })
  const waiters = new Set<() => void>()
  let closed = false
  const wakeWaiters = () => {
    for (const one of waiters) one()
  }
  const unsubscribe = head.onChange(wakeWaiters)

  /** Whole revisions only, however many changes the first of them has. */
  const loadRevisions = async (revision: number, until: number) => {
    const after = (recordId: string | null, of: number) =>
      listChanges(db, {
        after: { revision: of, recordId },
        until,
        kinds: null,
        caseId: null,
        recordId: null,
        limit: changesPerRead,
      })
    const rows = await after(null, revision)
    const first = rows[0]?.revision
    let last = rows.at(-1)
    let isCut = rows.length === changesPerRead
    while (isCut && last !== undefined && last.revision === first) {
      const more = await after(last.recordId, last.revision)
      rows.push(...more)
      last = rows.at(-1)
      isCut = more.length === changesPerRead
    }
    const byRevision = Map.groupBy(rows.map(describeChange), (change) => change.revision)
    // The last one may be cut off; it is read again from its start.
    if (isCut && last !== undefined) byRevision.delete(last.revision)
    return byRevision
  }

  const loadCachedRevisions = (revision: number, until: number) => {
    const known = revisionCache.get(revision)
    if (known) return known
    const changes = loadRevisions(revision, until)
    revisionCache.set(revision, changes)
    changes.catch(() => revisionCache.delete(revision))
    return changes
  }

  /** Server-sent events after `since`, one a revision, with its number as id; `:` lines keep the connection alive. */
  async function* subscribe(since: number, kinds: readonly string[] | null, left: AbortSignal) {
    let place = since
    yield `retry: 1000\n: after revision ${since}\n\n`
    while (!closed && !left.aborted) {
      const newest = await head.getRevision().catch(() => place)
      if (newest <= place) {
        if ((await waitForRevision(left)) === 'heartbeat') yield ': heartbeat\n\n'
        continue
      }
      const revisions = await loadCachedRevisions(place, newest).catch(() => null)
      if (revisions === null) {
        await sleep(500, undefined, { signal: left }).catch(() => undefined)
        continue
      }
      if (revisions.size === 0) place = newest
      for (const [revision, changes] of revisions) {
        const wanted = changes.filter(({ record }) => kinds === null || kinds.includes(record.kind))
        if (wanted.length > 0)
          yield `id: ${revision}\nevent: revision\ndata: ${JSON.stringify({ revision, changes: wanted })}\n\n`
        place = revision
      }
    }
  }

  function waitForRevision(left: AbortSignal): Promise<'move' | 'heartbeat'> {
    return new Promise((resolve) => {
      const done = (why: 'move' | 'heartbeat') => {
        clearTimeout(timer)
        waiters.delete(moved)
        left.removeEventListener('abort', moved)
        resolve(why)
      }
      const moved = () => done('move')
      const timer = setTimeout(() => done('heartbeat'), heartbeatMs)
      waiters.add(moved)
      left.addEventListener('abort', moved)
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
