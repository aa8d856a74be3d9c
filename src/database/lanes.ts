import type { CompiledQuery, QueryResult } from 'kysely'
import pg from 'pg'

type Lane = { client: pg.Client; unanswered: number }

/**
 * Few connections for short statements, each sent at once behind those that are not answered yet (pipelining): it costs
 * both sides less than a connection for each, and none of them waits for a long statement of somebody else. A failure is
 * of its own statement alone, unless the connection breaks.
 */
export class Lanes {
  readonly #config: pg.ClientConfig
  readonly #most: number
  readonly #onConnectionLost: (error: Error) => void
  readonly #open: Lane[] = []
  #opening = 0
  #isClosed = false

  constructor(config: pg.ClientConfig, most: number, onConnectionLost: (error: Error) => void) {
    this.#config = config
    this.#most = most
    this.#onConnectionLost = onConnectionLost
  }

  /** Undefined while no connection is open: the statement has to go another way then, and is the sooner told why. */
  send<R>(
    name: string,
    { sql, parameters }: CompiledQuery<R>,
  ): Promise<QueryResult<R>> | undefined {
    let chosen: Lane | undefined
    for (const lane of this.#open)
      if (chosen === undefined || lane.unanswered < chosen.unanswered) chosen = lane
    if (chosen?.unanswered !== 0 && this.#open.length + this.#opening < this.#most) void this.#add()
    return chosen && this.#ask<R>(chosen, { name, text: sql, values: parameters as unknown[] })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#open.splice(0).map(({ client }) => client.end()))
  }

  async #ask<R>(lane: Lane, query: pg.QueryConfig): Promise<QueryResult<R>> {
    lane.unanswered += 1
    try {
      return await lane.client.query<R & pg.QueryResultRow>(query)
    } finally {
      lane.unanswered -= 1
    }
  }

  async #add(): Promise<void> {
    if (this.#isClosed) return
    const client = new pg.Client({ ...this.#config, pipeline: true })
    const lane = { client, unanswered: 0 }
    const forget = () => {
      const at = this.#open.indexOf(lane)
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
      if (this.#isClosed) await client.end()
      else this.#open.push(lane)
    } catch {
      // Whoever asks meanwhile is told by the way that the statement takes instead.
    } finally {
      this.#opening -= 1
    }
  }
}
