import { sql } from 'kysely'
import type { Database, Db } from '../../database/database.ts'
import type { Kind } from '../model/schema.ts'
import { commit } from './commit.ts'

/**
 * Writes, as one revision, the snapshots that older versions did not make: of places, and with the register of a permit or an
 * article. Call it after a migration. Without any of them it writes nothing.
 *
 * @returns how many snapshots it wrote
 */
export async function completeLedger(database: Database): Promise<number> {
  const author = { name: 'upgrade', keyId: null }
  const { value } = await commit(database, author, 'update', async (session) => {
    const db = session.tx.db
    const places = await findPlacesWithoutSnapshot(db)
    for (const id of places) session.markNewPlace(id)
    const records = await findRecordsWithoutRegister(db)
    for (const { kind, id } of records) session.markSnapshot(kind, id, 'derive')
    return places.length + records.length
  })
  return value
}

async function findPlacesWithoutSnapshot(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id
    FROM place
    WHERE NOT EXISTS (SELECT 1 FROM ledger_document WHERE record_id = place.id)`.execute(db)
  return rows.map(({ id }) => id)
}

async function findRecordsWithoutRegister(db: Db): Promise<{ kind: Kind; id: string }[]> {
  const { rows } = await sql<{ kind: Kind; id: string }>`
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
