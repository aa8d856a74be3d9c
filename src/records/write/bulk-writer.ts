import { sql } from 'kysely'
import pg from 'pg'
import { toConstraintProblem } from '../../database/constraint-problems.ts'
import { type CopyBatch, copyRows } from '../../database/copy.ts'
import { type Db, noTimeout } from '../../database/database.ts'
import { createConnectionKysely } from '../../database/kysely.ts'
import { connectSession } from '../../database/session-settings.ts'
import {
  appendRevisionByCopy,
  type ChainHead,
  type LedgerCopyBuffer,
  lockLedgerForCopy,
  type RevisionCause,
  toLedgerRow,
} from '../../ledger/ledger-writer.ts'
import { buildSnapshotsInBatches, type ChangedRecords } from './commit.ts'

/** New records by the thousand, ready for COPY (`BulkRecords` makes one). */
export type BulkWrite = {
  /** In the order in which their rows refer to one another. */
  tables: CopyBatch[]
  snapshots: LedgerCopyBuffer
  /** Records whose snapshots are read back when all rows are there: changed ones, and new ones without a snapshot here. */
  changedRecords?: ChangedRecords
}

export type BulkWriter = {
  /**
   * Writes records as one revision. `build` runs when this writer has the lock of the ledger, and gets the last revision;
   * no other write happens from then to the commit. It returns null when there is nothing to write, and names the
   * existing records that it changed itself in `changedRecords`. `before` may copy what needs no revision and takes long.
   *
   * @throws {Problem} of a violated constraint; then nothing is written
   */
  write(
    cause: RevisionCause,
    build: (previous: ChainHead, db: Db, client: pg.ClientBase) => Promise<BulkWrite | null>,
    before?: (client: pg.ClientBase) => Promise<void>,
  ): Promise<ChainHead>
  close(): Promise<void>
}

/**
 * The second way to write records, beside `commit()`: for thousands at once. New records are copied in with their
 * snapshots; snapshots of changed records are read back. A caller that changes effects of events checks the lifecycles of
 * the permits itself (`checkPermitLifecycle`), and settles the permits that got new effects.
 */
export async function openBulkWriter(url: string): Promise<BulkWriter> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `casefile import ${process.pid}`,
  })
  client.on('error', () => undefined)
  await connectSession(client, noTimeout)
  // Trigram indexes merge new entries from a pending list when it is full; a longer list is merged faster.
  await client.query("SET gin_pending_list_limit = '32MB'")
  const db = createConnectionKysely(
    async (text, values) => (await client.query(text, [...values])).rows,
  )
  return {
    async write(cause, build, before) {
      await client.query('BEGIN')
      try {
        await client.query("SET LOCAL casefile.settled = 'on'")
        await before?.(client)
        const previous = await lockLedgerForCopy(client)
        const write = await build(previous, db, client)
        let last = previous
        if (write !== null) {
          for (const rows of write.tables) await copyRows(client, rows)
          await appendChangedSnapshots(db, write)
          last = await appendRevisionByCopy(client, previous, cause, write.snapshots)
        }
        await client.query('COMMIT')
        return last
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined)
        throw toConstraintProblem(error) ?? error
      }
    },
    close: () => client.end(),
  }
}

/** Adds the snapshots of changed records. */
async function appendChangedSnapshots(
  db: Db,
  { snapshots, changedRecords = new Map() }: Pick<BulkWrite, 'snapshots' | 'changedRecords'>,
): Promise<void> {
  if (changedRecords.size === 0) return
  const revision = String(snapshots.revision)
  await sql`
    UPDATE record SET revision = ${revision}::bigint
    WHERE id = ANY(${[...changedRecords.keys()]}::uuid[])`.execute(db)
  for await (const batch of buildSnapshotsInBatches(db, changedRecords))
    for (const snapshot of batch) snapshots.push(toLedgerRow(snapshot))
}
