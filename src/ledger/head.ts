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
  /** The newest revision, asked of the database when it is not known. 0 before the first write. */
  revision(): Promise<number>
  close(): Promise<void>
}

/**
 * Follows the newest revision: every commit announces its number on the channel `casefile_revision` (a trigger on the
 * table does, so no writer can forget). When the connection is lost it comes back by itself, at most 2 s after the
 * database; meanwhile the number is not trusted.
 */
export function followHead(url: string, db: Db): Head {
  let known: number | null = null
  let closed = false
  let client: pg.Client | undefined

  const listen = async () => {
    for (let pause = 100; !closed; pause = Math.min(pause * 2, 2_000)) {
      const next = new pg.Client({
        connectionString: url,
        keepAlive: true,
        application_name: `casefile head ${process.pid}`,
      })
      next.on('error', () => undefined)
      next.on('notification', ({ payload }) => {
        if (known !== null) known = Math.max(known, Number(payload))
      })
      next.on('end', () => {
        if (client !== next) return
        client = undefined
        known = null
        void listen()
      })
      try {
        await next.connect()
        await next.query('LISTEN casefile_revision')
        const { rows } = await next.query('SELECT COALESCE(max(number), 0) AS number FROM revision')
        known = Number(rows[0].number)
        client = next
        return
      } catch {
        await next.end().catch(() => undefined)
        await sleep(pause, undefined, { ref: false })
      }
    }
  }
  void listen()

  return {
    known: () => known,
    async revision() {
      if (known !== null) return known
      const { rows } = await sql<{
        number: string
      }>`SELECT COALESCE(max(number), 0) AS number FROM revision`.execute(db)
      return Number(rows[0]?.number)
    },
    async close() {
      closed = true
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}
