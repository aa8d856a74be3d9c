import type { CompiledQuery, QueryResult } from 'kysely'
import pg from 'pg'
import { ask, endWhenSilent, unansweredOn } from './send-query.ts'

/**
 * Few connections for short statements, each sent at once behind those that are not answered yet (pipelining): it costs
 * both sides less than a connection for each, and none of them waits for a long statement of somebody else. A failure is
 * of its own statement alone, unless the connection breaks.
 */
export class Lanes {
  readonly #config: pg.ClientConfig
  readonly #most: number
  readonly #silenceMs: number
  readonly #onConnectionLost: (error: Error) => void
  readonly #open: pg.Client[] = []
  #opening = 0
  #isClosed = false

  /** @param given how many connections at most; and after how many milliseconds of silence one is given up, 0 is never */
  constructor(
    config: pg.ClientConfig,
    given: { most: number; silenceMs: number; onConnectionLost(error: Error): void },
  ) {
    this.#config = config
    this.#most = given.most
    this.#silenceMs = given.silenceMs
    this.#onConnectionLost = given.onConnectionLost
  }

  /** Undefined while no connection is open: the statement has to go another way then, and is the sooner told why. */
  send<R>(
    name: string,
    { sql, parameters }: CompiledQuery<R>,
  ): Promise<QueryResult<R>> | undefined {
    let chosen: pg.Client | undefined
    let least = Number.POSITIVE_INFINITY
    for (const client of this.#open) {
      const waiting = unansweredOn(client)
      if (waiting < least) [chosen, least] = [client, waiting]
    }
    if (least > 0 && this.#open.length + this.#opening < this.#most) void this.#add()
    return chosen && ask(chosen, { name, text: sql, values: parameters as unknown[] })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#open.splice(0).map((client) => client.end()))
  }

  async #add(): Promise<void> {
    if (this.#isClosed) return
    const client = new pg.Client({ ...this.#config, pipeline: true })
    const forget = () => {
      const at = this.#open.indexOf(client)
      if (at >= 0) this.#open.splice(at, 1)
    }
    client.on('error', (error) => {
      forget()
      this.#onConnectionLost(error)
    })
    client.once('end', forget)
    this.#opening += 1
    try {
      await client.connect()
      if (this.#silenceMs > 0) endWhenSilent(client, this.#silenceMs)
      if (this.#isClosed) await client.end()
      else this.#open.push(client)
    } catch {
      // Whoever asks meanwhile is told by the way that the statement takes instead.
    } finally {
      this.#opening -= 1
    }
  }
}
