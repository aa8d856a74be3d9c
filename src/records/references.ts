import { fromIsoDate } from '../database/days.ts'
import type { Tx } from '../database/transaction.ts'
import { edtfBounds } from '../evidence/edtf.ts'
import { Problem } from '../problem.ts'
import type { Kind, StatedDateInput } from './schema.ts'

/** Turns what an input names (slug or id) into ids, within a write. */
export type References = {
  /** @throws {Problem} unknown-reference, pointing at `pointer` */
  id(kind: Kind, ref: string, pointer: string): Promise<string>
  /** Null stays null. */
  idOrNull(kind: Kind, ref: string | null, pointer: string): Promise<string | null>
  placeOrNull(slug: string | null, pointer: string): Promise<string | null>
}

/** `local` has the ids of records that the same write makes, by `kind/slug`. */
export function references(tx: Tx, local: ReadonlyMap<string, string>): References {
  const found = new Map<string, string | null>()
  const once = async (key: string, find: () => Promise<{ id: string } | null>) => {
    let id = found.get(key)
    if (id === undefined) {
      id = (await find())?.id ?? null
      found.set(key, id)
    }
    return id
  }
  const refuse = (what: string, pointer: string) =>
    new Problem('unknown-reference', `${pointer}: ${what}`, { errors: [{ pointer, detail: what }] })
  const self: References = {
    async id(kind, ref, pointer) {
      const key = `${kind}/${ref}`
      const isUuid = ref.length === 36 && ref.split('-').length === 5 && /^[0-9a-f-]+$/i.test(ref)
      const id =
        local.get(key) ??
        (await once(key, () =>
          tx.record.findFirst({
            select: { id: true },
            where: { kind, state: 'live', ...(isUuid ? { id: ref } : { slug: ref }) },
          }),
        ))
      if (id === null) throw refuse(`there is no ${kind} "${ref}"`, pointer)
      return id
    },
    idOrNull: async (kind, ref, pointer) => (ref === null ? null : self.id(kind, ref, pointer)),
    async placeOrNull(slug, pointer) {
      if (slug === null) return null
      const id = await once(`place/${slug}`, () =>
        tx.place.findUnique({ select: { id: true }, where: { slug } }),
      )
      if (id === null) throw refuse(`there is no place "${slug}"`, pointer)
      return id
    },
  }
  return self
}

/** The columns of a stated date; the bounds follow from the EDTF. */
export function dateColumns(input: StatedDateInput | null, pointer: string) {
  if (input === null)
    return { edtf: null, asStated: null, reasoning: null, earliest: null, latest: null }
  const { edtf, asStated, reasoning } = input
  try {
    const { earliest, latest } = edtfBounds(edtf)
    return {
      edtf,
      asStated,
      reasoning,
      earliest: earliest === null ? null : fromIsoDate(earliest),
      latest: latest === null ? null : fromIsoDate(latest),
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
