import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from '../database/database.ts'

export type HeadTracker = {
  /**
   * The newest revision as far as this process has heard, without a query; null while nobody would tell it of a newer
   * one (the listening connection is down).
   */
  getKnownRevision(): number | null
  /** The newest revision: as known, or asked of the database. 0 before the first write. */
  getRevision(): Promise<number>
  /** The newest revision, asked of the database in any case. */
  queryRevision(): Promise<number>
  /** Takes note of a revision that this process has just committed, without waiting for its announcement. */
  noteRevision(revision: number): void
  /** Calls back whenever the newest revision has moved, or may have; gives the way to stop. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

const maxReconnectDelayMs = 1_000

/**
 * Follows the newest revision: every commit announces its number on the channel `casefile_revision` (a trigger on the
 * table does, so no writer can forget). When the connection is lost it comes back by itself soon after the database;
 * meanwhile the number is not trusted.
 *
 * @param tableReady when there is a table of revisions, if there is none yet
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
        // A commit that the question came too early for may have been announced before the answer.
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
