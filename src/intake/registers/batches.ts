import { setImmediate as breathe } from 'node:timers/promises'
import { CannotStart } from '../../cannot-start.ts'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { isRepeated } from './changes/judge.ts'
import { strangerIn } from './known.ts'
import type { DraftedRow, Known, Newcomers } from './new-permits.ts'
import { idsOf, knownPermits, takenBy } from './queries.ts'
import { actorFields, type Draft, type Drafter, Misfit } from './table/draft.ts'
import type { Row } from './table/rows.ts'

export type Reject = { row: Row; column: string; reason: string }

/** Rows that were read together, sorted by what is to be done about them. */
export type Batch = {
  /** Permits that the register had not. */
  fresh: DraftedRow[]
  /** Rows about permits that are there already. */
  later: DraftedRow[]
  unchanged: number
  newcomers: Newcomers
  rejects: Reject[]
  /** Cells that name what no permit can hold, and how often. */
  leftOpen: Map<string, number>
}

export type Sorting = {
  register: string
  drafter: Drafter
  known: Known
  /** Keys of permits that are on their way into the database. */
  underway: ReadonlySet<string>
}

/** Rows between which other work may have its turn. */
const rowsAtOnce = 20

/** Reads what the rows say and looks up what is there already. Nothing is written. */
export async function sortRows(db: Db, sorting: Sorting, rows: readonly Row[]): Promise<Batch> {
  const batch: Batch = {
    ...{ fresh: [], later: [], unchanged: 0, rejects: [], leftOpen: new Map() },
    newcomers: { actors: new Map(), goods: new Map() },
  }
  const drafted: DraftedRow[] = []
  for (const [index, row] of rows.entries()) {
    const draft = draftOf(row, sorting.drafter, batch.rejects)
    if (draft) drafted.push({ row, draft })
    if (index % rowsAtOnce === rowsAtOnce - 1) await breathe()
  }
  const keys = [...new Set(drafted.map(({ draft }) => draft.key))]
  const there = await knownPermits(db, sorting.register, keys)
  const wanted: DraftedRow[] = []
  for (const one of drafted) {
    const permit = there.get(one.draft.key)
    if (permit && isRepeated(permit, one.row.text)) batch.unchanged += 1
    else wanted.push(one)
  }
  const met = await ofOthers(db, sorting, await meet(db, sorting.known, wanted, batch), batch)
  const inBatch = new Set<string>()
  for (const one of met) {
    const { key, leftOpen } = one.draft
    for (const { column, cell } of leftOpen) {
      const open = `${column}: ${cell}`
      batch.leftOpen.set(open, (batch.leftOpen.get(open) ?? 0) + 1)
    }
    if (there.has(key) || inBatch.has(key) || sorting.underway.has(key)) batch.later.push(one)
    else batch.fresh.push(one)
    inBatch.add(key)
  }
  return batch
}

function draftOf(row: Row, drafter: Drafter, rejects: Reject[]): Draft | null {
  if (row.fault !== null) {
    const { column, reason } = row.fault
    const name = column === null ? '' : (drafter.columns[column - 1] ?? String(column))
    rejects.push({ row, column: name, reason })
    return null
  }
  try {
    return drafter.draft(row.fields)
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    rejects.push({ row, column: error.column, reason: error.message })
    return null
  }
}

/** Refuses rows whose slug or number a permit has that is not of the register. @returns the others */
async function ofOthers(
  db: Db,
  { known, register }: Sorting,
  rows: readonly DraftedRow[],
  { rejects }: Batch,
): Promise<DraftedRow[]> {
  const issuerOf = ({ actors }: Draft) => known.actors.get(actors.issuer?.slug ?? '') ?? ''
  const numbers = rows.flatMap(({ draft }) =>
    draft.number === null ? [] : [{ issuer: issuerOf(draft), number: draft.number }],
  )
  const taken = await takenBy(
    db,
    register,
    rows.map(({ draft }) => draft.slug),
    numbers,
  )
  if (taken.length === 0) return [...rows]
  return rows.filter(({ row, draft }) => {
    const other = taken.find(
      ({ slug, issuer, number }) =>
        slug === draft.slug || (number === draft.number && issuer === issuerOf(draft)),
    )
    if (other === undefined) return true
    const reason = `the permit ${other.slug} has this number or slug and is not of the register`
    rejects.push({ row, column: 'number', reason })
    return false
  })
}

/** Finds the actors and goods of these rows, or notes them as newcomers. @returns the rows of which all are found */
async function meet(
  db: Db,
  known: Known,
  rows: readonly DraftedRow[],
  { newcomers, rejects }: Batch,
): Promise<DraftedRow[]> {
  const slugsOf = ({ actors }: Draft) =>
    actorFields.flatMap((field) => (actors[field] === null ? [] : [actors[field].slug]))
  const missing = (of: ReadonlyMap<string, string>, slugs: readonly string[]) => [
    ...new Set(slugs.filter((slug) => !of.has(slug))),
  ]
  const actors = await idsOf(
    db,
    'actor',
    missing(
      known.actors,
      rows.flatMap(({ draft }) => slugsOf(draft)),
    ),
  )
  const goods = await idsOf(
    db,
    'good',
    missing(
      known.goods,
      rows.flatMap(({ draft }) => draft.good?.slug ?? []),
    ),
  )
  const gone = new Set<string>()
  for (const [slug, id] of actors) id === null ? gone.add(slug) : known.actors.set(slug, id)
  for (const [slug, id] of goods) id === null ? gone.add(slug) : known.goods.set(slug, id)
  const met: DraftedRow[] = []
  for (const one of rows) {
    const { row, draft } = one
    const misfit = strangerIn(draft, known, (slug) => gone.has(slug))
    if (misfit !== null) {
      rejects.push({ row, ...misfit })
      continue
    }
    for (const field of actorFields) {
      const actor = draft.actors[field]
      if (actor?.input == null || known.actors.has(actor.slug)) continue
      const id = newId()
      known.actors.set(actor.slug, id)
      newcomers.actors.set(actor.slug, { id, input: actor.input, row })
    }
    const { good } = draft
    if (good !== null && !known.goods.has(good.slug)) {
      const id = newId()
      known.goods.set(good.slug, id)
      newcomers.goods.set(good.slug, { id, designation: good.designation, row })
    }
    met.push(one)
  }
  return met
}

/**
 * Holds what was looked up for a batch against the database once more: nobody has made its permits, actors or goods since.
 *
 * @throws {CannotStart} to be run again, which finds what is there now
 */
export async function holdAgain(
  db: Db,
  { register }: { register: string },
  { fresh, newcomers }: Batch,
): Promise<void> {
  const keys = fresh.map(({ draft }) => draft.key)
  const slugs = fresh.map(({ draft }) => draft.slug)
  const isTaken =
    (await knownPermits(db, register, keys)).size > 0 ||
    (await takenBy(db, register, slugs, [])).length > 0 ||
    (await idsOf(db, 'actor', [...newcomers.actors.keys()])).size > 0 ||
    (await idsOf(db, 'good', [...newcomers.goods.keys()])).size > 0
  if (isTaken)
    throw new CannotStart(
      'Somebody else has just written about the same permits, actors or goods. Run it again: it goes on from here.',
    )
}
