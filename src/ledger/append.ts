import { sql } from 'kysely'
import type pg from 'pg'
import { CopyLines, copyLine, copyRows } from '../database/copy.ts'
import { insertion } from '../database/tables.ts'
import type { Tx } from '../database/transaction.ts'
import { canonical, firstPreviousHash, revisionHash, sha256 } from './canonical.ts'

/** Any number that nothing else in this database uses for an advisory lock. */
const commitLock = 0x6361_7366

/** Who makes a revision: the key and its name, or a command and no key. */
export type Author = { name: string; keyId: string | null }

export type DocumentChange = 'create' | 'update' | 'derive' | 'retract' | 'merge'

/** The new document of a record that a revision changed. */
export type NewDocument = { recordId: string; change: DocumentChange; document: unknown }

/** The end of the chain: the last revision and its hash. */
export type ChainEnd = { number: bigint; hash: string }

const genesis: ChainEnd = { number: 0n, hash: firstPreviousHash }

/**
 * Waits for its turn: from here to its commit this transaction is the only writer, so that revisions are numbered in
 * commit order without gaps. Call it before the first read that a write rests on.
 */
export async function takeTurn({ $kysely: db, $inOneGo }: Tx): Promise<ChainEnd> {
  // Two statements: one that waits for the lock sees what was committed before it began to wait.
  const rows = await $inOneGo<{ number: string; hash: string }>(
    sql`SELECT pg_advisory_xact_lock(${sql.lit(commitLock)})`.compile(db),
    sql`SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1`.compile(db),
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesis
}

/** A row of `ledger_document` before it has its revision. `document` is canonical JSON, `hash` its SHA-256. */
export type LedgerRow = { recordId: string; change: DocumentChange; document: string; hash: string }

/** As the hash of a revision has them. */
const byRecord = (a: { recordId: string }, b: { recordId: string }): number =>
  a.recordId < b.recordId ? -1 : 1

/** The revision that follows, with its hash. */
function seal(
  previous: ChainEnd,
  revision: RevisionCause,
  rows: readonly Pick<LedgerRow, 'recordId' | 'change' | 'hash'>[],
) {
  const number = previous.number + 1n
  const committedAt = new Date()
  const { change, author } = revision
  const hash = revisionHash(
    {
      revision: Number(number),
      committedAt: committedAt.toISOString(),
      change,
      author: author.name,
      documents: rows
        .toSorted(byRecord)
        .map((row) => ({ record: row.recordId, change: row.change, hash: row.hash })),
    },
    previous.hash,
  )
  return { number, committedAt, hash }
}

export type RevisionCause = { change: string; author: Author }

/** Has the next revision with its documents written together with the COMMIT, as the last thing of the transaction. */
export function append(
  tx: Tx,
  previous: ChainEnd,
  revision: RevisionCause,
  documents: readonly NewDocument[],
): bigint {
  const rows = documents.map(rowOf)
  const sealed = seal(previous, revision, rows)
  const query = insertion(tx.$kysely, [
    ['ledgerDocument', rows.map((row) => ({ revision: sealed.number, ...row }))],
    ['revision', [revisionRow(previous, revision, sealed)]],
  ])
  if (query !== null) tx.$last(query)
  return sealed.number
}

/** As `append`, for more documents than should be in memory at once: each group is written when it comes. */
export async function appendInGroups(
  tx: Tx,
  previous: ChainEnd,
  revision: RevisionCause,
  groups: AsyncIterable<readonly NewDocument[]>,
): Promise<bigint> {
  const number = previous.number + 1n
  const written: Pick<LedgerRow, 'recordId' | 'change' | 'hash'>[] = []
  for await (const documents of groups) {
    const rows = documents.map(rowOf)
    const query = insertion(tx.$kysely, [
      ['ledgerDocument', rows.map((row) => ({ revision: number, ...row }))],
    ])
    if (query !== null) await tx.$kysely.executeQuery(query)
    for (const { recordId, change, hash } of rows) written.push({ recordId, change, hash })
  }
  const sealed = seal(previous, revision, written)
  const query = insertion(tx.$kysely, [['revision', [revisionRow(previous, revision, sealed)]]])
  if (query !== null) tx.$last(query)
  return sealed.number
}

export function rowOf({ recordId, change, document }: NewDocument): LedgerRow {
  const text = canonical(document)
  return { recordId, change, document: text, hash: sha256(text) }
}

const revisionRow = (
  previous: ChainEnd,
  { change, author }: RevisionCause,
  sealed: ReturnType<typeof seal>,
) => ({
  ...{ ...sealed, change, previousHash: previous.hash },
  ...{ keyId: author.keyId, author: author.name },
})

/** As `takeTurn`, on a connection that rows are copied over. */
export async function takeTurnToCopy(client: pg.ClientBase): Promise<ChainEnd> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [commitLock])
  const { rows } = await client.query<{ number: string; hash: string }>(
    'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1',
  )
  const [last] = rows
  return last ? { number: BigInt(last.number), hash: last.hash } : genesis
}

/** The documents of a revision to come, as they are copied; of their texts only the bytes are kept. */
export class LedgerLines {
  readonly lines = new CopyLines()
  readonly rows: Omit<LedgerRow, 'document'>[] = []
  readonly revision: bigint
  readonly #revision: string

  constructor(revision: bigint) {
    this.revision = revision
    this.#revision = String(revision)
  }

  push({ recordId, change, document, hash }: LedgerRow): void {
    this.rows.push({ recordId, change, hash })
    this.lines.push(copyLine([this.#revision, recordId, change, document, hash]))
  }
}

/** As `append`, for more documents than go through an INSERT in good time. They were made for the number that comes. */
export async function appendByCopy(
  client: pg.ClientBase,
  previous: ChainEnd,
  revision: RevisionCause,
  { lines, rows }: LedgerLines,
): Promise<ChainEnd> {
  const copied = copyRows(client, {
    table: 'ledger_document',
    columns: ['revision', 'record_id', 'change', 'document', 'hash'],
    lines,
  })
  // Noted below; PostgreSQL takes the documents while their hashes are put together.
  copied.catch(() => undefined)
  const { number, committedAt, hash } = seal(previous, revision, rows)
  const { change, author } = revision
  await copied
  await client.query(
    `INSERT INTO revision (number, committed_at, change, key_id, author, previous_hash, hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [String(number), committedAt, change, author.keyId, author.name, previous.hash, hash],
  )
  return { number, hash }
}
