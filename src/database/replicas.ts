import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import pg from 'pg'
import type { DB } from '../generated/kysely/types.ts'

/** A standby that reads may use. */
export type Replica = {
  /** Host and port, for the log and the metrics. */
  name: string
  db: Kysely<DB>
  pool: pg.Pool
  exportPool: pg.Pool
}

type ReplicaState = Replica & {
  /** The newest revision that it has replayed; null while it does not answer. */
  head: ReplayedHead | null
  /** Seconds; null while it is not known. */
  lagSeconds: number | null
}

type ReplayedHead = { revision: number; hash: string }

/** The newest revision that this process knows. The epoch begins its hash. */
type RequiredHead = { revision: number; epoch: string }

/** Time between two looks at a replica that has replayed everything, and at one that is behind. */
const pollMs = 1_000
const catchUpPollMs = 20

/** What these tables hold changes without a revision, so a replica may be behind without anybody knowing. */
const primaryTables =
  /\b(access_key|idempotent_answer|proposal_review|submitted_draft|search_backlog|pg_stat_activity)\b/
const writingWords = /\b(insert into|update|delete from|for update|lock|nextval|set_config)\b/i

/**
 * The standbys of `DATABASE_REPLICA_URLS`. A replica is used when it has replayed every revision that this process has
 * seen: then it answers as the primary would.
 */
export class ReplicaSet {
  readonly #replicas: ReplicaState[]
  readonly #log: (line: string) => void
  readonly #isReadable = new Map<string, boolean>()
  /** Null: the primary answers everything. */
  #required: RequiredHead | null = null
  #next = 0
  #isClosed = false
  #wake: () => void = () => undefined

  constructor(replicas: readonly Replica[], log: (line: string) => void) {
    this.#replicas = replicas.map((replica) => ({ ...replica, head: null, lagSeconds: null }))
    this.#log = log
    for (const replica of this.#replicas) void this.#watch(replica)
  }

  /** Later reads see this revision or a newer one. Null: no revision is known, and the primary answers. */
  requireHead(head: RequiredHead | null): void {
    this.#required = head
    this.#wake()
  }

  /** A replica that has replayed every known revision, in turn. Undefined when none has. */
  choose(): Replica | undefined {
    const { length } = this.#replicas
    for (let tried = 0; tried < length; tried += 1) {
      this.#next = (this.#next + 1) % length
      const replica = this.#replicas[this.#next]
      if (replica && this.#isCurrent(replica)) return replica
    }
    return undefined
  }

  /** Runs a read on a replica. Undefined when the primary has to run it. */
  async run<R>(query: CompiledQuery<R>): Promise<QueryResult<R> | undefined> {
    if (!this.#canRead(query.sql)) return undefined
    const replica = this.choose()
    if (replica === undefined) return undefined
    try {
      return await replica.db.executeQuery<R>(query)
    } catch (error) {
      if (!isReplicaFault(error)) throw error
      this.#markAway(replica as ReplicaState, error)
      return undefined
    }
  }

  /** For the metrics. */
  listLags(): { name: string; revisions: number | null; seconds: number | null }[] {
    return this.#replicas.map(({ name, head, lagSeconds }) => ({
      name,
      revisions:
        head === null || this.#required === null
          ? null
          : Math.max(0, this.#required.revision - head.revision),
      seconds: lagSeconds,
    }))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    await Promise.allSettled(
      this.#replicas.flatMap(({ db, exportPool }) => [db.destroy(), exportPool.end()]),
    )
  }

  #isCurrent({ head }: ReplicaState): boolean {
    const required = this.#required
    if (head === null || required === null) return false
    if (head.revision !== required.revision) return head.revision > required.revision
    return required.revision === 0 || head.hash.startsWith(required.epoch)
  }

  #canRead(sql: string): boolean {
    let isReadable = this.#isReadable.get(sql)
    if (isReadable === undefined) {
      isReadable = !primaryTables.test(sql) && !writingWords.test(sql)
      if (this.#isReadable.size < 10_000) this.#isReadable.set(sql, isReadable)
    }
    return isReadable
  }

  async #watch(replica: ReplicaState): Promise<void> {
    while (!this.#isClosed) {
      try {
        await readReplica(replica)
      } catch (error) {
        this.#markAway(replica, error)
      }
      const isBehind =
        replica.head !== null &&
        this.#required !== null &&
        replica.head.revision < this.#required.revision
      await this.#sleep(isBehind ? catchUpPollMs : pollMs)
    }
  }

  #markAway(replica: ReplicaState, error: unknown): void {
    if (this.#isClosed) return
    if (replica.head !== null)
      this.#log(`replica ${replica.name} is not used: ${(error as Error).message}`)
    replica.head = null
    replica.lagSeconds = null
  }

  /** Ends early when a new revision is required. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const previousWake = this.#wake
      const timer = setTimeout(resolve, ms).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
        previousWake()
      }
    })
  }
}

/** @throws when it does not answer, or is no standby that replays */
async function readReplica(replica: ReplicaState): Promise<void> {
  const { rows } = await replica.pool.query<{
    revision: number
    hash: string
    lag: number | null
  }>(`
    SELECT
      coalesce(newest.number, 0)::int AS revision,
      coalesce(newest.hash, '') AS hash,
      CASE
        WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
      END::float8 AS lag
    FROM (SELECT 1) AS one
    LEFT JOIN (SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1) AS newest ON true`)
  const [row] = rows
  replica.head = row === undefined ? null : { revision: row.revision, hash: row.hash }
  replica.lagSeconds = row?.lag ?? null
}

/** Errors after which the primary may answer: the replica is away, or replay ended its query. */
function isReplicaFault(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true
  return /^(08|57P0|53|40001|58|XX|25006)/.test(error.code ?? '')
}
