import type { ServerResponse } from 'node:http'
import type { Db } from '../database/database.ts'
import { type AuditLogger, logAuditEvent } from './audit-log.ts'
import { findUnusableKeys } from './queries.ts'

/** A response ends at most this long (and a query) after its key is revoked or expires. */
const checkIntervalMs = 2_000

/** Aborts responses in progress, such as streams and exports, when their key is revoked or expires. */
export class KeyWatch {
  readonly #db: Db
  readonly #log: AuditLogger
  readonly #responses = new Map<string, Set<ServerResponse>>()
  readonly #timer: NodeJS.Timeout

  constructor(db: Db, log: AuditLogger) {
    this.#db = db
    this.#log = log
    this.#timer = setInterval(() => void this.#check(), checkIntervalMs).unref()
  }

  add(keyId: string, response: ServerResponse): void {
    const responses = this.#responses.get(keyId) ?? new Set()
    this.#responses.set(keyId, responses.add(response))
    response.once('close', () => {
      responses.delete(response)
      if (responses.size === 0 && this.#responses.get(keyId) === responses)
        this.#responses.delete(keyId)
    })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    if (this.#responses.size === 0) return
    // Without the database nothing is known; the next check asks again.
    const keyIds = await findUnusableKeys(this.#db, [...this.#responses.keys()]).catch(() => [])
    for (const keyId of keyIds) {
      const responses = [...(this.#responses.get(keyId) ?? [])]
      if (responses.length > 0)
        logAuditEvent(this.#log, { audit: 'access-ended', keyId, responses: responses.length })
      for (const response of responses) response.destroy()
    }
  }
}
