import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../../database/database.ts'
import type { Tx } from '../../database/transaction.ts'
import type { Kind, PlaceInput } from '../../records/schema.ts'

/** Whether there is, or was, a case of this slug. */
export const hasCase = async (db: Db, slug: string): Promise<boolean> =>
  (await db
    .selectFrom('record')
    .select('id')
    .where('kind', '=', 'case')
    .where('slug', '=', slug)
    .executeTakeFirst()) !== undefined

type Named = { kind: Kind; slug: string }

/** Those of the named records that are stored already. */
export const storedOf = (tx: Tx, named: Named[]): Promise<{ kind: string; slug: string }[]> =>
  tx.record.findMany({ where: { OR: named }, select: { kind: true, slug: true } })

/** Places are shared reference data: one that is there already is kept as it is. */
export async function insertMissingPlaces(tx: Tx, places: readonly PlaceInput[]): Promise<void> {
  await tx.place.createMany({
    data: places.map((place) => ({ id: uuidv7(), ...place })),
    skipDuplicates: true,
  })
}
