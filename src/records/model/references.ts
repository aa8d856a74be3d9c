import { sql } from 'kysely'
import { parseIsoDate } from '../../database/iso-dates.ts'
import type { Tx } from '../../database/transaction.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { Problem } from '../../problem.ts'
import type { Kind, StatedDateInput } from './schema.ts'
import { isId } from './schema.ts'

/** Turns what an input names (slug or id) into ids, within a write. */
export type ReferenceResolver = {
  /** @throws {Problem} unknown-reference, pointing at `pointer` */
  id(kind: Kind, ref: string, pointer: string): Promise<string>
  /** Null stays null. */
  idOrNull(kind: Kind, ref: string | null, pointer: string): Promise<string | null>
  placeOrNull(slug: string | null, pointer: string): Promise<string | null>
}

type WantedReference = { kind: Kind | 'place'; ref: string }

/** An id may be written in capitals. */
const formatReferenceKey = ({ kind, ref }: WantedReference): string =>
  `${kind}/${ref.toLowerCase()}`
const placeholderId = '00000000-0000-0000-0000-000000000000'

/**
 * `local` has the ids of records that the same write makes, by `kind/slug`. `lookUp` finds all that `rehearsal` asks for
 * with one statement; whatever is asked for without it costs one each.
 */
export function createReferenceResolver(tx: Tx, newRecordIds: ReadonlyMap<string, string>) {
  const found = new Map<string, string | null>()
  const find = async (wanted: readonly WantedReference[]) => {
    for (const one of wanted) found.set(formatReferenceKey(one), null)
    for (const { id, ...one } of await findIds(tx, wanted)) found.set(formatReferenceKey(one), id)
  }
  const idOf = async (one: WantedReference): Promise<string | null> => {
    const key = formatReferenceKey(one)
    const resolver = newRecordIds.get(key) ?? found.get(key)
    if (resolver !== undefined) return resolver
    await find([one])
    return found.get(key) ?? null
  }
  const resolver = buildResolver(async (one, pointer) => {
    const id = await idOf(one)
    if (id !== null) return id
    const what = `there is no ${one.kind} "${one.ref}"`
    throw new Problem('unknown-reference', `${pointer}: ${what}`, {
      errors: [{ pointer, detail: what }],
    })
  })
  return {
    ...resolver,
    async prefetch(dryRun: (asked: ReferenceResolver) => Promise<unknown>) {
      const wanted = new Map<string, WantedReference>()
      await dryRun(
        buildResolver(async (one) => {
          const key = formatReferenceKey(one)
          if (!newRecordIds.has(key) && !found.has(key)) wanted.set(key, one)
          return placeholderId
        }),
      )
      if (wanted.size > 0) await find([...wanted.values()])
    },
  }
}

const buildResolver = (
  id: (one: WantedReference, pointer: string) => Promise<string>,
): ReferenceResolver => ({
  id: (kind, ref, pointer) => id({ kind, ref }, pointer),
  idOrNull: async (kind, ref, pointer) => (ref === null ? null : id({ kind, ref }, pointer)),
  placeOrNull: async (ref, pointer) => (ref === null ? null : id({ kind: 'place', ref }, pointer)),
})

/** The ids of those live records, and of those places, that there are. */
async function findIds(
  tx: Tx,
  wanted: readonly WantedReference[],
): Promise<(WantedReference & { id: string })[]> {
  const { rows } = await sql<WantedReference & { id: string }>`
    SELECT wanted.kind, wanted.ref, record.id FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS wanted(kind text, ref text)
      JOIN record ON record.kind = wanted.kind AND record.slug = wanted.ref AND record.state = 'live'
    UNION ALL SELECT wanted.kind, wanted.ref::text, record.id FROM json_to_recordset(${JSON.stringify(
      wanted.filter(({ ref }) => isId(ref)),
    )}::json) AS wanted(kind text, ref uuid)
      JOIN record ON record.id = wanted.ref AND record.kind = wanted.kind AND record.state = 'live'
    UNION ALL SELECT 'place', place.slug, place.id FROM json_to_recordset(${JSON.stringify(
      wanted.filter(({ kind }) => kind === 'place'),
    )}::json) AS wanted(ref text)
      JOIN place ON place.slug = wanted.ref`.execute(tx.db)
  return rows
}

/** The columns of a stated date; the bounds follow from the EDTF. */
export function buildDateColumns(input: StatedDateInput | null, pointer: string) {
  if (input === null)
    return { edtf: null, asStated: null, reasoning: null, earliest: null, latest: null }
  const { edtf, asStated, reasoning } = input
  try {
    const { earliest, latest } = parseEdtfBounds(edtf)
    return {
      edtf,
      asStated,
      reasoning,
      earliest: earliest === null ? null : parseIsoDate(earliest),
      latest: latest === null ? null : parseIsoDate(latest),
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer: `${pointer}/edtf`, detail: error.message }]
    throw new Problem('invalid-request', `${pointer}/edtf: ${error.message}`, {
      cause: error,
      errors,
    })
  }
}
