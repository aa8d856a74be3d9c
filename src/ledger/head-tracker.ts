import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import type { Db } from '../database/database.ts'
import { connectSession } from '../database/session-settings.ts'
import { emptyHead, type Head, type RevisionSource } from '../http/revision-source.ts'

export type HeadTracker = RevisionSource & {
  /** Call it after a commit of this process: the next read need not wait for the announcement. */
  noteRevision(revision: number): void
  close(): Promise<void>
}

const maxReconnectDelayMs = 1_000
const maxCachedEpochs = 1_000
const closeTimeoutMs = 1_000

type HeadRow = { number: string; hash: string }

const headSql = 'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1'

/** Milliseconds between two looks at a standby. */
const standbyPollMs = 250

type HeadTrackerOptions = {
  /** Resolves when the table of revisions exists. */
  tableReady?: Promise<unknown> | undefined
  /** Called with every new head, and with null when it is not known any more. */
  onHead?(head: Head | null): void
}

/** The epoch of a revision, from its hash. */
export const toEpoch = (hash: string): string => hash.slice(0, 8)

const toHead = (row: HeadRow | undefined): Head =>
  row === undefined ? emptyHead : { revision: Number(row.number), epoch: toEpoch(row.hash) }

/**
 * Tracks the newest revision. A trigger on the table announces each commit on the channel `casefile_revision`. A lost
 * connection is opened again; meanwhile the head is not known, because the history may be another one afterwards.
 *
 * A standby announces nothing, so its newest revision is read again and again until it is promoted.
 */
export function trackHead(
  url: string,
  db: Db,
  { tableReady, onHead = () => undefined }: HeadTrackerOptions = {},
): HeadTracker {
  const state = new HeadState(onHead)
  let isClosed = false
  let client: pg.Client | undefined

  const readHead = async (listener: pg.Client) => {
    const { rows } = await listener.query<HeadRow>(headSql)
    if (client === listener) state.setHead(toHead(rows[0]))
  }
  const pollStandby = async (listener: pg.Client) => {
    try {
      while (client === listener) {
        await sleep(standbyPollMs, undefined, { ref: false })
        const { rows } = await listener.query('SELECT pg_is_in_recovery() AS standby')
        if (rows[0]?.standby !== true) break
        await readHead(listener)
      }
    } catch {
      // A lost connection ends with `end`.
    }
    // After a promotion, a new connection listens.
    if (client === listener) await listener.end().catch(() => undefined)
  }
  const connectListener = async () => {
    for (let delayMs = 50; !isClosed; delayMs = Math.min(delayMs * 2, maxReconnectDelayMs)) {
      const next = createListener(url)
      const readAgain = runOneAtATime(() => readHead(next).catch(() => undefined))
      next.on('notification', readAgain)
      next.on('end', () => {
        if (client !== next) return
        client = undefined
        state.reset()
        void connectListener()
      })
      try {
        await connectSession(next)
        const { rows } = await next.query('SELECT pg_is_in_recovery() AS standby')
        const isStandby = rows[0]?.standby === true
        if (!isStandby) await next.query('LISTEN casefile_revision')
        client = next
        if (isClosed) await next.end()
        // After LISTEN, so that no commit is missed in between.
        else await readHead(next)
        if (isStandby) void pollStandby(next)
        return
      } catch {
        if (client === next) client = undefined
        await next.end().catch(() => undefined)
        await sleep(delayMs, undefined, { ref: false })
      }
    }
  }
  void Promise.resolve(tableReady).then(connectListener, () => undefined)

  const queryHead = async (): Promise<Head> => {
    const { rows } = await sql<HeadRow>`${sql.raw(headSql)}`.execute(db)
    const head = toHead(rows[0])
    if (client !== undefined) state.raiseHead(head)
    return head
  }
  /** Requests that wait for the head at the same time share a query. */
  let pendingHead: Promise<Head> | undefined
  const queryHeadShared = (): Promise<Head> => {
    if (pendingHead !== undefined) return pendingHead
    const query = queryHead().finally(() => {
      if (pendingHead === query) pendingHead = undefined
    })
    pendingHead = query
    return query
  }
  return {
    getKnownHead: () => state.head,
    getHead: async () => state.head ?? (await queryHeadShared()),
    queryHead,
    async getEpoch(revision) {
      const known = client === undefined ? undefined : state.findEpoch(revision)
      if (known !== undefined) return known
      const { rows } = await sql<{ hash: string }>`
        SELECT hash FROM revision WHERE number = ${revision}`.execute(db)
      if (rows[0] === undefined) return null
      const epoch = toEpoch(rows[0].hash)
      if (client !== undefined) state.epochs.set(revision, epoch)
      return epoch
    },
    noteRevision(revision) {
      // A query that began before the commit may not see it.
      pendingHead = undefined
      state.expectRevision(revision)
    },
    onChange: (listener) => state.onChange(listener),
    async close() {
      isClosed = true
      const last = client
      client = undefined
      // A database that no longer responds does not hold up the end of the server.
      const closed = last?.end().catch(() => undefined)
      await Promise.race([closed, sleep(closeTimeoutMs, undefined, { ref: false })])
    },
  }
}

/** A call during a run leads to one more run after it, however many calls there are. */
function runOneAtATime(run: () => Promise<void>): () => void {
  let isRunning = false
  let isCalledAgain = false
  const start = async () => {
    isRunning = true
    do {
      isCalledAgain = false
      await run()
    } while (isCalledAgain)
    isRunning = false
  }
  return () => {
    if (isRunning) isCalledAgain = true
    else void start()
  }
}

function createListener(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    application_name: `casefile head ${process.pid}`,
  })
  client.on('error', () => undefined)
  return client
}

/** What a process knows of the history, as long as it listens. */
class HeadState {
  head: Head | null = null
  readonly epochs = new LRUCache<number, string>({ max: maxCachedEpochs })
  readonly #listeners = new Set<() => void>()
  /** A revision that this process has committed: no older one is the head. */
  #minRevision = 0
  readonly #onHead: NonNullable<HeadTrackerOptions['onHead']>

  constructor(onHead: NonNullable<HeadTrackerOptions['onHead']>) {
    this.#onHead = onHead
  }

  setHead(head: Head): void {
    if (head.revision < this.#minRevision) return
    this.#change(head)
  }

  raiseHead(head: Head): void {
    if (this.head === null || head.revision > this.head.revision) this.setHead(head)
  }

  /** Until its announcement the epoch of a new revision is not known, and so neither is the head. */
  expectRevision(revision: number): void {
    if (this.head === null || this.head.revision >= revision) return
    this.#minRevision = revision
    this.#change(null)
  }

  findEpoch(revision: number): string | undefined {
    if (revision === 0) return emptyHead.epoch
    if (revision === this.head?.revision) return this.head.epoch
    return this.epochs.get(revision)
  }

  /** The connection is lost: the next one may find another history. */
  reset(): void {
    this.#minRevision = 0
    this.epochs.clear()
    this.#change(null)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #change(head: Head | null): void {
    this.head = head
    this.#onHead(head)
    if (head !== null) for (const listener of this.#listeners) listener()
  }
}
