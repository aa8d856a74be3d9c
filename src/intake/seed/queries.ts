import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { Tx } from '../../database/transaction.ts'
import type { Kind, PlaceInput } from '../../records/model/schema.ts'
import type { WriteSession } from '../../records/write/commit.ts'

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

/** Places are shared reference data: existing ones are not changed. */
export async function insertMissingPlaces(
  { tx, markNewPlace }: WriteSession,
  places: readonly PlaceInput[],
): Promise<void> {
  if (places.length === 0) return
  const inserted = await tx.db
    .insertInto('place')
    .values(places.map((place) => ({ id: newId(), ...place })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute()
  for (const { id } of inserted) markNewPlace(id)
}
