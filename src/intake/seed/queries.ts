import type { Db } from '../../database/database.ts'
import type { Tx } from '../../database/transaction.ts'
import type { Kind } from '../../records/model/schema.ts'

/** Whether a case with this slug exists or existed. */
export const hasCase = async (db: Db, slug: string): Promise<boolean> =>
  (await db
    .selectFrom('record')
    .select('id')
    .where('kind', '=', 'case')
    .where('slug', '=', slug)
    .executeTakeFirst()) !== undefined

type SlugReference = { kind: Kind; slug: string }

/** The records among these that exist already. */
export const findStoredRecords = (
  tx: Tx,
  named: readonly SlugReference[],
): Promise<{ kind: string; slug: string }[]> =>
  tx.db
    .selectFrom('record')
    .select(['kind', 'slug'])
    .where(({ or, and }) => or(named.map(and)))
    .execute()
