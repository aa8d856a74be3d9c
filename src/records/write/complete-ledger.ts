import { sql } from 'kysely'
import type { Database, Db } from '../../database/database.ts'
import { kinds } from '../kinds/all-kinds.ts'
import type { Kind } from '../model/schema.ts'
import { smallestId } from '../model/schema.ts'
import { isCompleteSnapshot, type RecordSnapshot } from '../model/snapshots.ts'
import { commit } from './commit.ts'

type KindAndId = { kind: Kind; id: string }

const recordsPerPage = 500

/**
 * Writes, as one revision, the snapshots that older versions did not make as this one does: of records that have a member since,
 * and with the register of a permit or an article. Call it after a migration. Without any of them it writes nothing.
 *
 * @returns how many snapshots it wrote
 */
export async function completeLedger(database: Database): Promise<number> {
  const author = { name: 'upgrade', keyId: null }
  const { value } = await commit(database, author, 'update', async (session) => {
    const db = session.tx.db
    const records = new Map<string, Kind>()
    for (const { kind, id } of await findRecordsWithoutRegister(db)) records.set(id, kind)
    for await (const { kind, id } of findIncompleteSnapshots(db)) records.set(id, kind)
    for (const [id, kind] of records) session.markSnapshot(kind, id, 'derive')
    return records.size
  })
  return value
}

/** Live records whose newest snapshot is missing, or older than a member of their kind. */
async function* findIncompleteSnapshots(db: Db): AsyncGenerator<KindAndId> {
  let after: string | null = smallestId
  while (after !== null) {
    const { rows }: { rows: (KindAndId & { document: string | null })[] } = await sql<
      KindAndId & { document: string | null }
    >`
      SELECT record.kind, record.id, latest.document
      FROM record
      LEFT JOIN ledger_document AS latest
        ON latest.record_id = record.id AND latest.revision = record.revision
      WHERE record.state = 'live' AND record.id > ${after}::uuid
      ORDER BY record.id
      LIMIT ${sql.lit(recordsPerPage)}`.execute(db)
    for (const { kind, id, document } of rows)
      if (document === null || !isComplete(kind, document)) yield { kind, id }
    after = rows.at(-1)?.id ?? null
  }
}

const isComplete = (kind: Kind, document: string): boolean =>
  isCompleteSnapshot(kinds[kind].recordSchema, JSON.parse(document) as RecordSnapshot)

async function findRecordsWithoutRegister(db: Db): Promise<KindAndId[]> {
  const { rows } = await sql<KindAndId>`
    SELECT record.kind, record.id
    FROM record
    JOIN (
      SELECT id FROM permit WHERE register IS NOT NULL
      UNION ALL SELECT id FROM article WHERE register IS NOT NULL
    ) AS of_register ON of_register.id = record.id
    JOIN ledger_document AS latest
      ON latest.record_id = record.id AND latest.revision = record.revision
    WHERE record.state = 'live'
      AND NOT latest.document::jsonb ? 'register'`.execute(db)
  return rows
}
