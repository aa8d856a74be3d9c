import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from '../database/database.ts'

export type HeadTracker = {
  /** The newest announced revision. Null while the listening connection is down. */
  getKnownRevision(): number | null
  /** The newest revision: the known one, or read from the database. 0 before the first write. */
  getRevision(): Promise<number>
  /** The newest revision, read from the database. */
  queryRevision(): Promise<number>
  /** Call it after a commit of this process: the next read need not wait for the announcement. */
  noteRevision(revision: number): void
  /** Calls the listener when the newest revision may have changed. Returns a function that removes it. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

const maxReconnectDelayMs = 1_000

/**
 * Tracks the newest revision. A trigger on the table announces each commit on the channel `casefile_revision`. A lost
 * connection is opened again; meanwhile the known revision is null.
 *
 * @param tableReady resolves when the table of revisions exists
 */
export function trackHead(url: string, db: Db, tableReady?: Promise<unknown>): HeadTracker {
  let knownRevision: number | null = null
  let closed = false
  let client: pg.Client | undefined
  const listeners = new Set<() => void>()

  const setRevision = (revision: number | null) => {
    knownRevision = revision
    for (const listener of listeners) listener()
  }
  const queryRevision = async () => {
    const { rows } = await sql<{ number: string }>`
      SELECT COALESCE(max(number), 0) AS number FROM revision`.execute(db)
    return Number(rows[0]?.number)
  }
  const raiseRevision = (revision: number) => {
    if (knownRevision !== null && revision > knownRevision) setRevision(revision)
  }

  const connectListener = async () => {
    for (let delayMs = 50; !closed; delayMs = Math.min(delayMs * 2, maxReconnectDelayMs)) {
      const next = new pg.Client({
        connectionString: url,
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        connectionTimeoutMillis: 5_000,
        application_name: `casefile head ${process.pid}`,
      })
      next.on('error', () => undefined)
      let announcedRevision = 0
      next.on('notification', ({ payload }) => {
        announcedRevision = Number(payload)
        raiseRevision(announcedRevision)
      })
      next.on('end', () => {
        if (client !== next) return
        client = undefined
        setRevision(null)
        void connectListener()
      })
      try {
        await next.connect()
        await next.query('LISTEN casefile_revision')
        const { rows } = await next.query('SELECT COALESCE(max(number), 0) AS number FROM revision')
        client = next
        if (closed) await next.end()
        // A commit after the query may be announced before the result arrives.
        else setRevision(Math.max(announcedRevision, Number(rows[0].number)))
        return
      } catch {
        await next.end().catch(() => undefined)
        await sleep(delayMs, undefined, { ref: false })
      }
    }
  }
  void Promise.resolve(tableReady).then(connectListener, () => undefined)

  return {
    getKnownRevision: () => knownRevision,
    getRevision: async () => knownRevision ?? (await queryRevision()),
    async queryRevision() {
      const revision = await queryRevision()
      raiseRevision(revision)
      return revision
    },
    noteRevision: raiseRevision,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      closed = true
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}
