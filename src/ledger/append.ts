import { sql } from 'kysely'
import { insertAll } from '../database/tables.ts'
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

/**
 * Waits for its turn: from here to its commit this transaction is the only writer, so that revisions are numbered in
 * commit order without gaps. Call it before the first read that a write rests on.
 */
export async function takeTurn({ $kysely: db }: Tx): Promise<ChainEnd> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(commitLock)})`.execute(db)
  // A statement of its own: one that waits for the lock sees what was committed before it began to wait.
  const { rows } = await sql<{ number: string; hash: string }>`
    SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1`.execute(db)
  const [last] = rows
  return last
    ? { number: BigInt(last.number), hash: last.hash }
    : { number: 0n, hash: firstPreviousHash }
}

/** Writes the next revision with its documents; the last thing that a transaction does before it commits. */
export async function append(
  tx: Tx,
  previous: ChainEnd,
  revision: { change: string; author: Author },
  documents: readonly NewDocument[],
): Promise<bigint> {
  const number = previous.number + 1n
  const committedAt = new Date()
  const rows = documents
    .map(({ recordId, change, document }) => {
      const text = canonical(document)
      return { revision: number, recordId, change, document: text, hash: sha256(text) }
    })
    .sort((a, b) => (a.recordId < b.recordId ? -1 : 1))
  const { change, author } = revision
  const hash = revisionHash(
    {
      revision: Number(number),
      committedAt: committedAt.toISOString(),
      change,
      author: author.name,
      documents: rows.map((row) => ({ record: row.recordId, change: row.change, hash: row.hash })),
    },
    previous.hash,
  )
  await insertAll(tx.$kysely, [
    ['ledgerDocument', rows],
    [
      'revision',
      [
        {
          ...{ number, committedAt, change, hash, previousHash: previous.hash },
          ...{ keyId: author.keyId, author: author.name },
        },
      ],
    ],
  ])
  return number
}
