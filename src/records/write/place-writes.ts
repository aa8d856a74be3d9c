import { sql } from 'kysely'
import type { Tx } from '../../database/transaction.ts'
import { Problem } from '../../problem.ts'
import { placeWriter } from '../kinds/places/queries.ts'
import { NewPlace, type PlaceRecordInput } from '../kinds/places/schema.ts'
import { buildHref } from '../model/schema.ts'
import { validationProblem } from '../model/validation-errors.ts'
import { buildNewRecord, type NewRecord } from './create.ts'
import { buildSlug } from './slugs.ts'

type PlaceCreation = { tx: Tx; create(records: readonly NewRecord[]): Promise<string[]> }

/** Makes those of the places whose slug is free. Places are shared reference data: one that is there stays as it is. */
export async function createMissingPlaces(
  session: PlaceCreation,
  places: readonly PlaceRecordInput[],
): Promise<void> {
  const taken = await findTakenSlugs(
    session,
    places.map(({ slug }) => slug),
  )
  const missing = places.filter(({ slug }) => !taken.has(slug))
  if (missing.length > 0)
    await session.create(
      missing.map((place, index) => buildNewRecord(placeWriter, place, [], `/places/${index}`)),
    )
}

async function findTakenSlugs({ tx }: { tx: Tx }, slugs: readonly string[]): Promise<Set<string>> {
  if (slugs.length === 0) return new Set()
  const { rows } = await sql<{ slug: string }>`
    SELECT slug FROM record WHERE kind = 'place' AND slug = ANY(${[...slugs]}::text[])`.execute(
    tx.db,
  )
  return new Set(rows.map(({ slug }) => slug))
}

/**
 * Places that inputs name as objects in the stead of slugs, as records to create, and the inputs with their slugs. The same
 * object twice in a write is one place.
 */
export class InlinePlaces {
  readonly #slugByContent = new Map<string, string>()
  readonly #contentBySlug = new Map<string, string>()
  readonly records: NewRecord[] = []

  /** @throws {Problem} invalid-request, slug-taken for two different places of one name */
  extract<Input>(input: Input, pointer: string): Input {
    return this.#visit(input, pointer) as Input
  }

  #visit(value: unknown, pointer: string): unknown {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    if (Array.isArray(value))
      return value.map((one, index) => this.#visit(one, `${pointer}/${index}`))
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === 'place' && typeof member === 'object' && member !== null
          ? this.#note(member, `${pointer}/place`)
          : this.#visit(member, `${pointer}/${name}`),
      ]),
    )
  }

  #note(given: object, pointer: string): string {
    const parsed = NewPlace.safeParse(given)
    if (!parsed.success) throw validationProblem(parsed.error, pointer)
    const { slug = buildSlug(parsed.data.name, 'place'), ...members } = parsed.data
    const content = JSON.stringify({ slug, ...members })
    const known = this.#slugByContent.get(content)
    if (known !== undefined) return known
    if (this.#contentBySlug.has(slug)) throw otherPlaceProblem(slug, pointer)
    this.#slugByContent.set(content, slug)
    this.#contentBySlug.set(slug, content)
    this.records.push(buildNewRecord(placeWriter, { slug, ...members }, [], pointer))
    return slug
  }
}

const otherPlaceProblem = (slug: string, pointer: string): Problem => {
  const detail = `this write makes another place with the slug "${slug}"; give a slug`
  return new Problem('slug-taken', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}

/** @throws {Problem} slug-taken, with the place that is there */
export async function checkPlacesAreNew(
  session: { tx: Tx },
  places: readonly NewRecord[],
): Promise<void> {
  const taken = await findTakenSlugs(
    session,
    places.map(({ input }) => input.slug),
  )
  for (const { input, pointer } of places) {
    if (!taken.has(input.slug)) continue
    const detail = `there is a place ${buildHref('place', input.slug)} already: refer to it by its slug, or give this one another`
    throw new Problem('slug-taken', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
  }
}
