import type { CompiledQuery, QueryResult } from 'kysely'
import pg from 'pg'
import { closeWhenUnresponsive, countPendingQueries, sendQuery } from './send-query.ts'
import { connectSession, type SessionSettings } from './session-settings.ts'

/**
 * A few connections for short statements. Each statement is sent at once, without waiting for the results of earlier ones
 * (pipelining). This costs both sides less than a connection per statement, and short statements do not wait behind long
 * ones. A statement fails alone, unless the connection breaks. docs/decisions/0022-pipelined-connections.md gives figures.
 */
export class PipelinedConnections {
  readonly #config: pg.ClientConfig
  readonly #settings: SessionSettings
  readonly #maxConnections: number
  readonly #unresponsiveMs: number
  readonly #onConnectionLost: (error: Error) => void
  readonly #clients: pg.Client[] = []
  #connectingCount = 0
  #isClosed = false

  /** @param options `unresponsiveMs`: silence after which a connection is closed, 0: never */
  constructor(
    config: pg.ClientConfig,
    options: {
      settings: SessionSettings
      maxConnections: number
      unresponsiveMs: number
      onConnectionLost(error: Error): void
    },
  ) {
    this.#config = config
    this.#settings = options.settings
    this.#maxConnections = options.maxConnections
    this.#unresponsiveMs = options.unresponsiveMs
    this.#onConnectionLost = options.onConnectionLost
  }

  /** Returns undefined while no connection is open. The caller then uses the pool, which reports why. */
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
      const index = this.#clients.indexOf(client)
      if (index >= 0) this.#clients.splice(index, 1)
    }
    client.on('error', (error) => {
      removeClient()
      this.#onConnectionLost(error)
    })
    client.once('end', removeClient)
    this.#connectingCount += 1
    try {
      await connectSession(client, this.#settings)
      if (this.#unresponsiveMs > 0) closeWhenUnresponsive(client, this.#unresponsiveMs)
      if (this.#isClosed) await client.end()
      else this.#clients.push(client)
    } catch {
      // The pool, which runs the statements meanwhile, reports the error.
    } finally {
      this.#connectingCount -= 1
    }
  }
}
