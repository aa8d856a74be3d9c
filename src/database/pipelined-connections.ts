import type { CompiledQuery, QueryResult } from 'kysely'
import pg from 'pg'
import { closeWhenUnresponsive, countPendingQueries, sendQuery } from './send-query.ts'

/**
 * Few connections for short statements, each sent at once behind those that are not answered yet (pipelining): it costs
 * both sides less than a connection for each, and none of them waits for a long statement of somebody else. A failure is
 * of its own statement alone, unless the connection breaks.
 */
export class PipelinedConnections {
  readonly #config: pg.ClientConfig
  readonly #maxConnections: number
  readonly #unresponsiveMs: number
  readonly #onConnectionLost: (error: Error) => void
  readonly #clients: pg.Client[] = []
  #connectingCount = 0
  #isClosed = false

  /** @param options how many connections at most; and after how many milliseconds of silence one is given up, 0 is never */
  constructor(
    config: pg.ClientConfig,
    options: {
      maxConnections: number
      unresponsiveMs: number
      onConnectionLost(error: Error): void
    },
  ) {
    this.#config = config
    this.#maxConnections = options.maxConnections
    this.#unresponsiveMs = options.unresponsiveMs
    this.#onConnectionLost = options.onConnectionLost
  }

  /** Undefined while no connection is open: the statement has to go another way then, and is the sooner told why. */
  send<R>(
    name: string,
    { sql, parameters }: CompiledQuery<R>,
  ): Promise<QueryResult<R>> | undefined {
    let leastBusy: pg.Client | undefined
    let fewestPending = Number.POSITIVE_INFINITY
    for (const client of this.#clients) {
      const pendingCount = countPendingQueries(client)
      if (pendingCount < fewestPending) [leastBusy, fewestPending] = [client, pendingCount]
    }
    if (fewestPending > 0 && this.#clients.length + this.#connectingCount < this.#maxConnections)
      void this.#connect()
    return leastBusy && sendQuery(leastBusy, { name, text: sql, values: parameters as unknown[] })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#clients.splice(0).map((client) => client.end()))
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return
    const client = new pg.Client({ ...this.#config, pipeline: true })
    const removeClient = () => {
      const at = this.#clients.indexOf(client)
      if (at >= 0) this.#clients.splice(at, 1)
    }
    client.on('error', (error) => {
      removeClient()
      this.#onConnectionLost(error)
    })
    client.once('end', removeClient)
    this.#connectingCount += 1
    try {
      await client.connect()
      if (this.#unresponsiveMs > 0) closeWhenUnresponsive(client, this.#unresponsiveMs)
      if (this.#isClosed) await client.end()
      else this.#clients.push(client)
    } catch {
      // Whoever asks meanwhile is told by the way that the statement takes instead.
    } finally {
      this.#connectingCount -= 1
    }
  }
}
