import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { FatalError } from '../../fatal-error.ts'
import type { ActorInput } from '../../records/kinds/actors/schema.ts'
import { createSameStateFinder } from '../../records/write/distinct-states.ts'
import { isRepeatedRow } from './changes/row-comparison.ts'
import { findMissingEntity } from './entity-ids.ts'
import type { DraftedRow, EntityIds, NewEntities } from './new-permits.ts'
import { findForeignPermits, findIdsBySlug, findImportedPermits } from './queries.ts'
import { actorFields, type PermitDraft, RowError, type RowMapper } from './table/row-mapper.ts'
import type { RegisterRow } from './table/rows.ts'

export type RejectedRow = { row: RegisterRow; column: string; reason: string }

/** Rows that were read together, classified by what to do with them. */
export type RowBatch = {
  /** New permits of the register. */
  newPermits: DraftedRow[]
  /** Rows about existing permits. */
  existingPermits: DraftedRow[]
  unchanged: number
  newEntities: NewEntities
  rejects: RejectedRow[]
  /** Cells with values that a permit cannot have, and their number. */
  leftOpen: Map<string, number>
}

export type BatchContext = {
  register: string
  drafter: RowMapper
  known: EntityIds
  /** Keys of permits that are being written. */
  underway: ReadonlySet<string>
}

/** Rows after which other work can run. */
const rowsPerYield = 20

/** Maps the rows and looks up what exists already. Writes nothing. */
export async function classifyRows(
  db: Db,
  context: BatchContext,
  rows: readonly RegisterRow[],
): Promise<RowBatch> {
  const batch: RowBatch = {
    newPermits: [],
    existingPermits: [],
    unchanged: 0,
    rejects: [],
    leftOpen: new Map(),
    newEntities: { actors: new Map(), goods: new Map() },
  }
  const drafted: DraftedRow[] = []
  for (const [index, row] of rows.entries()) {
    const draft = tryDraft(row, context.drafter, batch.rejects)
    if (draft) drafted.push({ row, draft })
    if (index % rowsPerYield === rowsPerYield - 1) await yieldToEventLoop()
  }
  const keys = [...new Set(drafted.map(({ draft }) => draft.key))]
  const storedPermits = await findImportedPermits(db, context.register, keys)
  const changedRows: DraftedRow[] = []
  for (const one of drafted) {
    const permit = storedPermits.get(one.draft.key)
    if (permit && isRepeatedRow(permit, one.row.text)) batch.unchanged += 1
    else changedRows.push(one)
  }
  const acceptedRows = await rejectForeignPermits(
    db,
    context,
    await resolveEntities(db, context.known, changedRows, batch),
    batch,
  )
  const batchKeys = new Set<string>()
  for (const one of acceptedRows) {
    const { key, leftOpen } = one.draft
    for (const { column, cell } of leftOpen) {
      const label = `${column}: ${cell}`
      batch.leftOpen.set(label, (batch.leftOpen.get(label) ?? 0) + 1)
    }
    if (storedPermits.has(key) || batchKeys.has(key) || context.underway.has(key))
      batch.existingPermits.push(one)
    else batch.newPermits.push(one)
    batchKeys.add(key)
  }
  return batch
}

function tryDraft(
  row: RegisterRow,
  drafter: RowMapper,
  rejects: RejectedRow[],
): PermitDraft | null {
  if (row.fault !== null) {
    const { column, reason } = row.fault
    const name = column === null ? '' : (drafter.columns[column - 1] ?? String(column))
    rejects.push({ row, column: name, reason })
    return null
  }
  try {
    return drafter.mapRow(row.fields)
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    rejects.push({ row, column: error.column, reason: error.message })
    return null
  }
}

/** Rejects rows whose slug or number belongs to a permit outside the register. @returns the other rows */
async function rejectForeignPermits(
  db: Db,
  { known, register }: BatchContext,
  rows: readonly DraftedRow[],
  { rejects }: RowBatch,
): Promise<DraftedRow[]> {
  const issuerOf = ({ actors }: PermitDraft) => known.actors.get(actors.issuer?.slug ?? '') ?? ''
  const numbers = rows.flatMap(({ draft }) =>
    draft.number === null ? [] : [{ issuer: issuerOf(draft), number: draft.number }],
  )
  const taken = await findForeignPermits(
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

/** Finds the actors and goods of rows, or notes them as new. @returns the rows whose actors and goods are known */
async function resolveEntities(
  db: Db,
  entityIds: EntityIds,
  rows: readonly DraftedRow[],
  { newEntities, rejects }: RowBatch,
): Promise<DraftedRow[]> {
  const slugsOf = ({ actors }: PermitDraft) =>
    actorFields.flatMap((field) => (actors[field] === null ? [] : [actors[field].slug]))
  const listMissingSlugs = (of: ReadonlyMap<string, string>, slugs: readonly string[]) => [
    ...new Set(slugs.filter((slug) => !of.has(slug))),
  ]
  const actors = await findIdsBySlug(
    db,
    'actor',
    listMissingSlugs(
      entityIds.actors,
      rows.flatMap(({ draft }) => slugsOf(draft)),
    ),
  )
  const goods = await findIdsBySlug(
    db,
    'good',
    listMissingSlugs(
      entityIds.goods,
      rows.flatMap(({ draft }) => draft.good?.slug ?? []),
    ),
  )
  const retractedSlugs = new Set<string>()
  for (const [slug, id] of actors)
    id === null ? retractedSlugs.add(slug) : entityIds.actors.set(slug, id)
  for (const [slug, id] of goods)
    id === null ? retractedSlugs.add(slug) : entityIds.goods.set(slug, id)
  await resolveKnownStates(db, entityIds, rows)
  const resolvedRows: DraftedRow[] = []
  for (const one of rows) {
    const { row, draft } = one
    const missingEntity = findMissingEntity(draft, entityIds, (slug) => retractedSlugs.has(slug))
    if (missingEntity !== null) {
      rejects.push({ row, ...missingEntity })
      continue
    }
    for (const field of actorFields) {
      const actor = draft.actors[field]
      if (actor?.input == null || entityIds.actors.has(actor.slug)) continue
      const id = newId()
      entityIds.actors.set(actor.slug, id)
      newEntities.actors.set(actor.slug, { id, input: actor.input, row })
    }
    const { good } = draft
    if (good !== null && !entityIds.goods.has(good.slug)) {
      const id = newId()
      entityIds.goods.set(good.slug, id)
      newEntities.goods.set(good.slug, { id, designation: good.designation, row })
    }
    resolvedRows.push(one)
  }
  return resolvedRows
}

/** Takes the state that is there for one of another slug: a state is one actor whatever its spelling. */
async function resolveKnownStates(
  db: Db,
  entityIds: EntityIds,
  rows: readonly DraftedRow[],
): Promise<void> {
  const newStates = new Map<string, ActorInput>()
  for (const { draft } of rows)
    for (const field of actorFields) {
      const actor = draft.actors[field]
      if (actor?.input?.type === 'state' && !entityIds.actors.has(actor.slug))
        newStates.set(actor.slug, actor.input)
    }
  if (newStates.size === 0) return
  const findSameState = await createSameStateFinder(db)
  for (const [slug, state] of newStates) {
    const same = findSameState(state)
    if (same !== null) entityIds.actors.set(slug, same.id)
  }
}

/**
 * Checks that nobody created the permits, actors or goods of a batch since they were looked up.
 *
 * @throws {FatalError} if somebody did; another run of the import finds them
 */
export async function recheckBatch(
  db: Db,
  { register }: { register: string },
  { newPermits, newEntities }: RowBatch,
): Promise<void> {
  const keys = newPermits.map(({ draft }) => draft.key)
  const slugs = newPermits.map(({ draft }) => draft.slug)
  const newStates = [...newEntities.actors.values()].filter(({ input }) => input.type === 'state')
  const findSameState = newStates.length > 0 ? await createSameStateFinder(db) : () => null
  const isTaken =
    newStates.some(({ input }) => findSameState(input) !== null) ||
    (await findImportedPermits(db, register, keys)).size > 0 ||
    (await findForeignPermits(db, register, slugs, [])).length > 0 ||
    (await findIdsBySlug(db, 'actor', [...newEntities.actors.keys()])).size > 0 ||
    (await findIdsBySlug(db, 'good', [...newEntities.goods.keys()])).size > 0
  if (isTaken)
    throw new FatalError(
      'Somebody else has just written about the same permits, actors or goods. Run it again: it goes on from here.',
    )
}
