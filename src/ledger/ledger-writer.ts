import { sql } from 'kysely'
import type pg from 'pg'
import { CopyBuffer, copyRows, formatCopyLine } from '../database/copy.ts'
import type { Tx } from '../database/transaction.ts'
import { sha256 } from '../evidence/sha256.ts'
import { computeRevisionHash, formatCanonicalJson, genesisHash } from './canonical-json.ts'

/** Any number that nothing else in this database uses for an advisory lock. */
const ledgerLockId = 0x6361_7366

/** Who makes a revision: the key and its name, or a command and no key. */
export type Author = { name: string; keyId: string | null }

export type SnapshotChange = 'create' | 'update' | 'derive' | 'retract' | 'merge'

/** The new document of a record that a revision changed. */
export type NewSnapshot = { recordId: string; change: SnapshotChange; content: unknown }

/** The end of the chain: the last revision and its hash. */
export type ChainHead = { number: bigint; hash: string }

const genesisHead: ChainHead = { number: 0n, hash: genesisHash }

/**
 * Waits for its turn: from here to its commit this transaction is the only writer, so that revisions are numbered in
 * commit order without gaps. Call it before the first read that a write rests on.
 */
export async function lockLedger({ db, pipeline }: Tx): Promise<ChainHead> {
  // Two statements: one that waits for the lock sees what was committed before it began to wait.
  const rows = await pipeline<{ number: string; hash: string }>(
    sql`SELECT pg_advisory_xact_lock(${sql.lit(ledgerLockId)})`.compile(db),
    sql`SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1`.compile(db),
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesisHead
}

/** A row of `ledger_document` before it has its revision. `document` is canonical JSON, `hash` its SHA-256. */
export type LedgerRow = { recordId: string; change: SnapshotChange; document: string; hash: string }

/** As the hash of a revision has them. */
const compareByRecordId = (a: { recordId: string }, b: { recordId: string }): number =>
  a.recordId < b.recordId ? -1 : 1

/** The revision that follows, with its hash. */
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

/** Writes the next revision with its snapshots, together with the COMMIT, as the last thing of the transaction. */
export function appendRevision(
  tx: Tx,
  previous: ChainHead,
  cause: RevisionCause,
  snapshots: readonly NewSnapshot[],
): bigint {
  const rows = snapshots.map(toLedgerRow)
  const sealed = sealRevision(previous, cause, rows)
  tx.insertWithCommit({
    ledgerDocument: rows.map((row) => ({ revision: sealed.number, ...row })),
    revision: [toRevisionRow(previous, cause, sealed)],
  })
  return sealed.number
}

/** As `appendRevision`, for more snapshots than fit in memory: each group is written when it comes. */
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

export function toLedgerRow({ recordId, change, content: document }: NewSnapshot): LedgerRow {
  const text = formatCanonicalJson(document)
  return { recordId, change, document: text, hash: sha256(text) }
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

/** As `takeTurn`, on a connection that rows are copied over. */
export async function lockLedgerForCopy(client: pg.ClientBase): Promise<ChainHead> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [ledgerLockId])
  const { rows } = await client.query<{ number: string; hash: string }>(
    'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1',
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesisHead
}

/** The documents of a revision to come, as they are copied; of their texts only the bytes are kept. */
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

/** As `append`, for more documents than go through an INSERT in good time. They were made for the number that comes. */
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
  // Noted below; PostgreSQL takes the documents while their hashes are put together.
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
