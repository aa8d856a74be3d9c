import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { Problem } from '../../problem.ts'
import type { Kind, StatedDateInput } from './schema.ts'
import { isId } from './schema.ts'

/** Turns what an input names (slug or id) into ids. Synchronous: `resolveReferences` has looked all of them up. */
export type ReferenceResolver = {
  /** @throws {Problem} unknown-reference, pointing at `pointer` */
  id(kind: Kind, ref: string, pointer: string): string
  /** @throws {Problem} unknown-reference */
  place(slug: string, pointer: string): ResolvedPlace
}

export type ResolvedPlace = { id: string; slug: string }

type WantedReference = { kind: Kind; ref: string }

/** An id may be written in capitals. */
const formatReferenceKey = ({ kind, ref }: WantedReference): string =>
  `${kind}/${ref.toLowerCase()}`
const placeholderId = '00000000-0000-0000-0000-000000000000'

/**
 * Runs `build` with a resolver of all references that it asks for, which one statement looks up. To learn what it asks
 * for, it is run before with placeholders, so it must be pure. `newRecordIds` has the ids of records that the same write
 * makes, by `kind/slug`.
 *
 * @throws {Problem} unknown-reference, and what `build` throws
 */
export async function resolveReferences<T>(
  db: Db,
  newRecordIds: ReadonlyMap<string, string>,
  build: (refs: ReferenceResolver) => T,
): Promise<T> {
  const wanted = new Map<string, WantedReference>()
  const first = build(
    createResolver((one) => {
      const key = formatReferenceKey(one)
      const known = newRecordIds.get(key)
      if (known === undefined) wanted.set(key, one)
      return known ?? placeholderId
    }),
  )
  if (wanted.size === 0) return first
  const found = new Map<string, string>()
  for (const { id, ...one } of await findIds(db, [...wanted.values()]))
    found.set(formatReferenceKey(one), id)
  const missing = new Map<string, MissingReference>()
  const result = build(
    createResolver((one, pointer) => {
      const key = formatReferenceKey(one)
      const id = newRecordIds.get(key) ?? found.get(key)
      if (id !== undefined) return id
      const known = missing.get(key)
      if (known === undefined) missing.set(key, { ...one, pointer, count: 1 })
      else known.count += 1
      return placeholderId
    }),
  )
  if (missing.size > 0) throw buildMissingProblem([...missing.values()])
  return result
}

/** A reference that names nothing: where it stands first, and how often it stands. */
type MissingReference = WantedReference & { pointer: string; count: number }

/** Each missing record is one error, however many records refer to it. */
function buildMissingProblem(missing: readonly MissingReference[]): Problem {
  const errors = missing.map(({ kind, ref, pointer, count }) => ({
    pointer,
    detail: `there is no ${kind} "${ref}"${count > 1 ? ` (${count} references to it)` : ''}`,
  }))
  const detail = errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; ')
  return new Problem('unknown-reference', detail, { errors })
}

const createResolver = (
  findId: (one: WantedReference, pointer: string) => string,
): ReferenceResolver => ({
  id: (kind, ref, pointer) => findId({ kind, ref }, pointer),
  place: (slug, pointer) => ({ id: findId({ kind: 'place', ref: slug }, pointer), slug }),
})

/** The ids of the live records among these. */
async function findIds(
  db: Db,
  wanted: readonly WantedReference[],
): Promise<(WantedReference & { id: string })[]> {
  const byId = wanted.filter(({ ref }) => isId(ref))
  const { rows } = await sql<WantedReference & { id: string }>`
    SELECT wanted.kind, wanted.ref, record.id
    FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS wanted(kind text, ref text)
      JOIN record ON record.kind = wanted.kind AND record.slug = wanted.ref AND record.state = 'live'
    UNION ALL
    SELECT wanted.kind, wanted.ref::text, record.id
    FROM json_to_recordset(${JSON.stringify(byId)}::json) AS wanted(kind text, ref uuid)
      JOIN record ON record.id = wanted.ref AND record.kind = wanted.kind AND record.state = 'live'`.execute(
    db,
  )
  return rows
}

/** A stated date with its bounds, ISO days; a null bound is open. */
export type ResolvedDate = {
  edtf: string
  asStated: string | null
  reasoning: string | null
  earliest: string | null
  latest: string | null
}

/** The bounds follow from the EDTF. @throws {Problem} invalid-request */
export function resolveStatedDate(
  { edtf, asStated, reasoning }: StatedDateInput,
  pointer: string,
): ResolvedDate {
  try {
    const { earliest, latest } = parseEdtfBounds(edtf)
    return { edtf, asStated, reasoning, earliest, latest }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer: `${pointer}/edtf`, detail: error.message }]
    throw new Problem('invalid-request', `${pointer}/edtf: ${error.message}`, {
      cause: error,
      errors,
    })
  }
}
