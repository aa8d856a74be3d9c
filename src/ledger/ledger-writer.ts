import { sql } from 'kysely'
import type pg from 'pg'
import { CopyBuffer, copyRows, formatCopyLine } from '../database/copy.ts'
import type { Tx } from '../database/transaction.ts'
import { sha256 } from '../evidence/sha256.ts'
import { computeRevisionHash, formatCanonicalJson, genesisHash } from './canonical-json.ts'

/** Key of the advisory lock, unique in this database. */
const ledgerLockId = 0x6361_7366

/** Who writes a revision: a key with its name, or a command without a key. */
export type Author = { name: string; keyId: string | null }

export type SnapshotChange = 'create' | 'update' | 'derive' | 'retract' | 'merge'

/** The new snapshot of a record that a revision changed. */
export type NewSnapshot = { recordId: string; change: SnapshotChange; content: unknown }

/** The last revision of the chain, and its hash. */
export type ChainHead = { number: bigint; hash: string }

const genesisHead: ChainHead = { number: 0n, hash: genesisHash }

/**
 * Waits for the ledger lock. Until its commit this transaction is the only writer, so that revisions are numbered in commit
 * order without gaps. Call it before the first read that the write depends on.
 */
export async function lockLedger({ db, pipeline }: Tx): Promise<ChainHead> {
  // Two statements: the snapshot of a statement is older than its wait for the lock.
  const rows = await pipeline<{ number: string; hash: string }>(
    sql`SELECT pg_advisory_xact_lock(${sql.lit(ledgerLockId)})`.compile(db),
    sql`SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1`.compile(db),
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesisHead
}

/** A row of `ledger_document` without its revision. `document` is canonical JSON, `hash` its SHA-256. */
export type LedgerRow = { recordId: string; change: SnapshotChange; document: string; hash: string }

/** The order in which the hash of a revision covers the snapshots. */
const compareByRecordId = (a: { recordId: string }, b: { recordId: string }): number =>
  a.recordId < b.recordId ? -1 : 1

/** The next revision, with its hash. */
function sealRevision(
  previous: ChainHead,
  cause: RevisionCause,
  rows: readonly Pick<LedgerRow, 'recordId' | 'change' | 'hash'>[],
) {
  const number = previous.number + 1n
  const committedAt = new Date()
  const { change, author } = cause
  const hash = computeRevisionHash(
    {
      revision: Number(number),
      committedAt: committedAt.toISOString(),
      change,
      author: author.name,
      documents: rows
        .toSorted(compareByRecordId)
        .map((row) => ({ record: row.recordId, change: row.change, hash: row.hash })),
    },
    previous.hash,
  )
  return { number, committedAt, hash }
}

export type RevisionCause = { change: string; author: Author }

/** Adds the next revision and its snapshots. They are sent together with the COMMIT, as the last statement. */
export function appendRevision(
  tx: Tx,
  previous: ChainHead,
  cause: RevisionCause,
  snapshots: readonly NewSnapshot[],
): bigint {
  appendRevisions(tx, previous, [{ ...cause, snapshots }])
  return previous.number + 1n
}

/** Same as `appendRevision`, for several revisions in their order. */
export function appendRevisions(
  tx: Tx,
  previous: ChainHead,
  revisions: readonly (RevisionCause & { snapshots: readonly NewSnapshot[] })[],
): void {
  let head = previous
  const documentRows: (LedgerRow & { revision: bigint })[] = []
  const revisionRows: ReturnType<typeof toRevisionRow>[] = []
  for (const { snapshots, ...cause } of revisions) {
    const rows = snapshots.map(toLedgerRow)
    const sealed = sealRevision(head, cause, rows)
    for (const row of rows) documentRows.push({ revision: sealed.number, ...row })
    revisionRows.push(toRevisionRow(head, cause, sealed))
    head = sealed
  }
  tx.insertWithCommit({ ledgerDocument: documentRows, revision: revisionRows })
}

/**
 * Says that this transaction writes several revisions, of which this is the first: the search index is then refreshed once
 * for all of them. Call it after `lockLedger`.
 */
export async function declareFirstRevision({ db }: Tx, first: bigint): Promise<void> {
  await sql`SELECT set_config('casefile.first_revision', ${String(first)}, true)`.execute(db)
}

/**
 * Adds a revision without snapshots after a restore: revisions after it have other hashes than those that were lost, so that
 * clients notice.
 */
export async function beginEpoch(tx: Tx): Promise<bigint> {
  const author = { name: 'casefile restore', keyId: null }
  return appendRevision(tx, await lockLedger(tx), { change: 'restore', author }, [])
}

/** Same as `appendRevision`, for more snapshots than fit into memory. Each group is written as it arrives. */
export async function appendRevisionInGroups(
  tx: Tx,
  previous: ChainHead,
  cause: RevisionCause,
  groups: AsyncIterable<readonly NewSnapshot[]>,
): Promise<bigint> {
  const number = previous.number + 1n
  const writtenRows: Pick<LedgerRow, 'recordId' | 'change' | 'hash'>[] = []
  for await (const snapshots of groups) {
    const rows = snapshots.map(toLedgerRow)
    await tx.insert({ ledgerDocument: rows.map((row) => ({ revision: number, ...row })) })
    for (const { recordId, change, hash } of rows) writtenRows.push({ recordId, change, hash })
  }
  const sealed = sealRevision(previous, cause, writtenRows)
  tx.insertWithCommit({ revision: [toRevisionRow(previous, cause, sealed)] })
  return sealed.number
}

export function toLedgerRow({ recordId, change, content }: NewSnapshot): LedgerRow {
  const document = formatCanonicalJson(content)
  return { recordId, change, document, hash: sha256(document) }
}

const toRevisionRow = (
  previous: ChainHead,
  { change, author }: RevisionCause,
  sealed: ReturnType<typeof sealRevision>,
) => ({
  ...sealed,
  change,
  previousHash: previous.hash,
  keyId: author.keyId,
  author: author.name,
})

/** Same as `lockLedger`, for a connection that copies rows. */
export async function lockLedgerForCopy(client: pg.ClientBase): Promise<ChainHead> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [ledgerLockId])
  const { rows } = await client.query<{ number: string; hash: string }>(
    'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1',
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesisHead
}

/** Collects the snapshots of the next revision as lines for COPY. */
export class LedgerCopyBuffer {
  readonly lines = new CopyBuffer()
  readonly rows: Omit<LedgerRow, 'document'>[] = []
  readonly revision: bigint
  readonly #revision: string

  constructor(revision: bigint) {
    this.revision = revision
    this.#revision = String(revision)
  }

  push({ recordId, change, document, hash }: LedgerRow): void {
    this.rows.push({ recordId, change, hash })
    this.lines.push(formatCopyLine([this.#revision, recordId, change, document, hash]))
  }
}

/** Same as `appendRevision`, by COPY, for many snapshots. `LedgerCopyBuffer` was created for the next revision number. */
export async function appendRevisionByCopy(
  client: pg.ClientBase,
  previous: ChainHead,
  cause: RevisionCause,
  { lines, rows }: LedgerCopyBuffer,
): Promise<ChainHead> {
  const copyDone = copyRows(client, {
    table: 'ledger_document',
    columns: ['revision', 'record_id', 'change', 'document', 'hash'],
    lines,
  })
  // Awaited below: PostgreSQL reads the rows while the hash is computed.
  copyDone.catch(() => undefined)
  const { number, committedAt, hash } = sealRevision(previous, cause, rows)
  const { change, author } = cause
  await copyDone
  await client.query(
    `INSERT INTO revision (number, committed_at, change, key_id, author, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [String(number), committedAt, change, author.keyId, author.name, previous.hash, hash],
  )
  return { number, hash }
}
