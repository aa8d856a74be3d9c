import { setTimeout as sleep, setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { CompiledQuery } from 'kysely'
import type pg from 'pg'
import { ClientDisconnectedError, Problem } from '../problem.ts'
import { ClientLimit } from './client-limit.ts'
import { sendQuery } from './send-query.ts'

/** Who reads an export. Without one (a command), no limit per client applies. */
export type ExportRequester = {
  /** Aborted when the client disconnects. */
  signal?: AbortSignal
  /** Address of the client. */
  client?: string
}

/** A connection of one export. */
export type ExportConnection = {
  client: pg.PoolClient
  /** Rejects when the connection is lost, also if the driver does not reject `work`. */
  unlessLost<T>(work: Promise<T>): Promise<T>
  /** Begins a transaction whose queries all see one snapshot. */
  beginSnapshot(): Promise<void>
  /** @param isBroken closes the connection, and with it its query, instead of keeping it for the next export */
  release(isBroken: boolean): void
}

export type ExportLimits = {
  maxConcurrent: number
  /** 0 is no limit. */
  maxPerClient: number
  /** Sent with each BEGIN, when connections do not keep their settings. */
  settingsSql?: string
}

export const defaultExportLimits: ExportLimits = { maxConcurrent: 4, maxPerClient: 0 }

/** Time that an export waits for a place before it is refused. Most exports are shorter. */
const maxWaitMs = 2_000
const cancelRetryMs = 250

/** One snapshot for all queries. The fraction makes PostgreSQL plan for fast first rows. */
const beginSnapshotSql =
  'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL cursor_tuple_fraction = 0.001'

type ExportSource = {
  /** Without a statement timeout; at least `maxConcurrent` connections. */
  pool: pg.Pool
  /** Cancels the queries of clients that disconnect. */
  requestPool: pg.Pool
  /** A standby that has replayed every known revision. */
  chooseReplica(): { exportPool: pg.Pool; pool: pg.Pool } | undefined
}

/** The connections of exports, which are limited in number, in all and for each client. */
export class ExportConnections {
  readonly #source: ExportSource
  readonly #limits: ExportLimits
  readonly #clientLimit: ClientLimit
  readonly #waiting = new Set<() => void>()
  #freePlaces: number

  constructor(source: ExportSource, limits: ExportLimits) {
    this.#source = source
    this.#limits = limits
    this.#clientLimit = new ClientLimit(limits.maxPerClient)
    this.#freePlaces = limits.maxConcurrent
  }

  /**
   * Takes a connection. When the signal is aborted, the connection is released at once and PostgreSQL cancels the query,
   * which would not notice the closed connection while it computes.
   *
   * @throws {Problem} too-many-requests when the client has too many exports; overloaded when no place gets free in time
   */
  async acquire({ signal, client: requester }: ExportRequester = {}): Promise<ExportConnection> {
    const releaseClient = this.#acquireForClient(requester)
    try {
      await this.#acquirePlace(signal)
    } catch (error) {
      releaseClient()
      throw error
    }
    let hasReleased = false
    const releasePlaces = () => {
      if (hasReleased) return
      hasReleased = true
      releaseClient()
      this.#releasePlace()
    }
    try {
      const { client, requestPool } = await this.#connect()
      return this.#watch(client, requestPool, signal, releasePlaces)
    } catch (error) {
      releasePlaces()
      throw error
    }
  }

  async #connect(): Promise<{ client: pg.PoolClient; requestPool: pg.Pool }> {
    const { pool, requestPool, chooseReplica } = this.#source
    const replica = chooseReplica()
    if (replica !== undefined) {
      const client = await replica.exportPool.connect().catch(() => undefined)
      if (client !== undefined) return { client, requestPool: replica.pool }
    }
    return { client: await pool.connect(), requestPool }
  }

  /** Exports that wait for a place. */
  get waitingCount(): number {
    return this.#waiting.size
  }

  #acquireForClient(client: string | undefined): () => void {
    if (client === undefined) return () => undefined
    const release = this.#clientLimit.acquire(client)
    if (typeof release === 'function') return release
    throw new Problem(
      'too-many-requests',
      `This client already reads ${this.#limits.maxPerClient} exports at the same time.`,
    )
  }

  async #acquirePlace(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw new ClientDisconnectedError()
    if (this.#freePlaces > 0) {
      this.#freePlaces -= 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const refuse = () => {
      const { maxConcurrent } = this.#limits
      reject(new Problem('overloaded', `All ${maxConcurrent} places for exports are taken.`))
    }
    const disconnect = () => reject(new ClientDisconnectedError())
    const timer = setTimeout(refuse, maxWaitMs)
    this.#waiting.add(resolve)
    signal?.addEventListener('abort', disconnect, { once: true })
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(resolve)
      signal?.removeEventListener('abort', disconnect)
    }
  }

  /** Passes the place on to the export that has waited longest. */
  #releasePlace(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#freePlaces += 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }

  #watch(
    client: pg.PoolClient,
    requestPool: pg.Pool,
    signal: AbortSignal | undefined,
    releasePlaces: () => void,
  ): ExportConnection {
    let isReleased = false
    let backend: Backend | undefined
    let connectionError: Error | undefined
    const pendingRejects = new Set<(error: Error) => void>()
    const markLost = (error = new Error('The connection to the database has ended.')) => {
      connectionError = error
      for (const reject of pendingRejects) reject(error)
    }
    const release = (isBroken: boolean) => {
      if (isReleased) return
      isReleased = true
      signal?.removeEventListener('abort', cancel)
      client.removeListener('error', markLost)
      client.removeListener('end', markLost)
      client.release(isBroken)
      releasePlaces()
      if (isBroken) markLost(signal?.aborted ? new ClientDisconnectedError() : undefined)
    }
    const cancel = () => {
      release(true)
      if (backend !== undefined) void cancelBackend(requestPool, backend)
    }
    client.once('error', markLost)
    client.once('end', markLost)
    if (signal?.aborted) {
      release(false)
      throw new ClientDisconnectedError()
    }
    signal?.addEventListener('abort', cancel, { once: true })
    // No `Promise.race`: a promise that never settles would retain the rows of every race.
    const unlessLost = <T>(work: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (connectionError) reject(connectionError)
        pendingRejects.add(reject)
        work.then(resolve, reject).finally(() => pendingRejects.delete(reject))
      })
    const beginSnapshot = async () => {
      const sql = [beginSnapshotSql, this.#limits.settingsSql, backendSql].filter(Boolean)
      const results = await unlessLost(client.query(sql.join('; ')))
      backend = (results as unknown as pg.QueryResult<Backend>[]).at(-1)?.rows[0]
    }
    return { client, release, unlessLost, beginSnapshot }
  }

  close(): Promise<void> {
    return this.#source.pool.end()
  }
}

type Backend = { pid: number; startedAt: string }

/** Behind a pooler, the process id that the driver knows is not the one of PostgreSQL. */
const backendSql = `
  SELECT pg_backend_pid() AS pid, backend_start::text AS "startedAt"
  FROM pg_stat_get_activity(pg_backend_pid())`

/** Repeats until the backend is gone: a cancel request between two statements has no effect. */
async function cancelBackend(pool: pg.Pool, { pid, startedAt }: Backend): Promise<void> {
  try {
    for (;;) {
      const { rowCount } = await pool.query(
        `SELECT pg_cancel_backend(pid)
         FROM pg_stat_activity
         WHERE pid = $1 AND backend_start = $2::timestamptz`,
        [pid, startedAt],
      )
      if (rowCount === 0) return
      await sleep(cancelRetryMs, undefined, { ref: false })
    }
  } catch {
    // Without the database there is nothing to cancel.
  }
}

export const defaultBatchSize = 500
const firstBatchSize = 25
/** Rows that are worked on at a stretch; then other requests have their turn. */
const rowsPerTurn = 50
const cursorName = 'rows_of_export'

/**
 * Yields the rows in non-empty batches. PostgreSQL computes the next batch meanwhile, unless rows are large. A cursor in a
 * transaction, because PostgreSQL plans only that for fast first rows.
 */
export async function* fetchBatches<R>(
  { client, unlessLost }: ExportConnection,
  query: CompiledQuery<R>,
  batchSize: number,
): AsyncGenerator<R[]> {
  const text = `DECLARE ${cursorName} NO SCROLL CURSOR FOR ${query.sql}`
  await unlessLost(client.query(text, [...query.parameters]))
  const fetchRows = async (count: number): Promise<R[]> =>
    (await sendQuery<R>(client, { text: `FETCH ${count} FROM ${cursorName}` })).rows
  let nextRows: Promise<R[]> | undefined
  // The first batch is short, so that the client gets its first bytes soon.
  for (let requested = Math.min(batchSize, firstBatchSize); ; requested = batchSize) {
    const rows = await unlessLost(nextRows ?? fetchRows(requested))
    const isLast = rows.length < requested
    nextRows = isLast || batchSize < defaultBatchSize ? undefined : fetchRows(batchSize)
    nextRows?.catch(() => undefined)
    for (let from = 0; from < rows.length; from += rowsPerTurn) {
      if (from > 0) await yieldToEventLoop()
      yield rows.slice(from, from + rowsPerTurn)
    }
    if (isLast) break
  }
  await unlessLost(client.query(`CLOSE ${cursorName}`))
}
