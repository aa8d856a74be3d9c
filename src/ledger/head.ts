import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from '../database/database.ts'

export type Head = {
  /**
   * The newest revision as far as this process has heard, without a query; null while nobody would tell it of a newer
   * one (the listening connection is down).
   */
  known(): number | null
  /** The newest revision: as known, or asked of the database. 0 before the first write. */
  revision(): Promise<number>
  /** The newest revision, asked of the database in any case. */
  ask(): Promise<number>
  /** Takes note of a revision that this process has just committed, without waiting for its announcement. */
  announced(revision: number): void
  /** Calls back whenever the newest revision has moved, or may have; gives the way to stop. */
  onMove(listener: () => void): () => void
  close(): Promise<void>
}

const pauseMaxMs = 1_000

/**
 * Follows the newest revision: every commit announces its number on the channel `casefile_revision` (a trigger on the
 * table does, so no writer can forget). When the connection is lost it comes back by itself soon after the database;
 * meanwhile the number is not trusted.
 *
 * @param made when there is a table of revisions, if there is none yet
 */
export function followHead(url: string, db: Db, made?: Promise<unknown>): Head {
  let known: number | null = null
  let closed = false
  let client: pg.Client | undefined
  const listeners = new Set<() => void>()

  const move = (revision: number | null) => {
    known = revision
    for (const listener of listeners) listener()
  }
  const ask = async () => {
    const { rows } = await sql<{ number: string }>`
      SELECT COALESCE(max(number), 0) AS number FROM revision`.execute(db)
    return Number(rows[0]?.number)
  }
  const raise = (revision: number) => {
    if (known !== null && revision > known) move(revision)
  }

  const listen = async () => {
    for (let pause = 50; !closed; pause = Math.min(pause * 2, pauseMaxMs)) {
      const next = new pg.Client({
        connectionString: url,
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        connectionTimeoutMillis: 5_000,
        application_name: `casefile head ${process.pid}`,
      })
      next.on('error', () => undefined)
      let heard = 0
      next.on('notification', ({ payload }) => {
        heard = Number(payload)
        raise(heard)
      })
      next.on('end', () => {
        if (client !== next) return
        client = undefined
        move(null)
        void listen()
      })
      try {
        await next.connect()
        await next.query('LISTEN casefile_revision')
        const { rows } = await next.query('SELECT COALESCE(max(number), 0) AS number FROM revision')
        client = next
        if (closed) await next.end()
        // A commit that the question came too early for may have been announced before the answer.
        else move(Math.max(heard, Number(rows[0].number)))
        return
      } catch {
        await next.end().catch(() => undefined)
        await sleep(pause, undefined, { ref: false })
      }
    }
  }
  void Promise.resolve(made).then(listen, () => undefined)

  return {
    known: () => known,
    revision: async () => known ?? (await ask()),
    async ask() {
      const revision = await ask()
      raise(revision)
      return revision
    },
    announced: raise,
    onMove(listener) {
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
