import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { FatalError } from '../../fatal-error.ts'
import type { ActorInput } from '../../records/kinds/actors/schema.ts'
import { createSameStateFinder } from '../../records/write/distinct-states.ts'
import { RowError } from './mapping/cells/cells.ts'
import type { FigureDraft, RecordDraft } from './mapping/records/drafts.ts'
import { shortenKey } from './mapping/row-reader.ts'
import {
  findForeignPermits,
  findIdsBySlug,
  findImportedPermits,
  findImportedRecords,
} from './queries.ts'
import type {
  AnyDrafted,
  DraftedRecord,
  DraftedRow,
  EntityIds,
  NewEntities,
} from './records/drafted.ts'
import { findMissingEntity } from './records/entity-ids.ts'
import { isRecord } from './records/new-records.ts'
import type { RecordUnit } from './records/record-units.ts'
import { hasSameRows } from './records/row-texts.ts'
import type { RowMapper } from './table/row-mapper.ts'
import type { RegisterRow } from './table/rows.ts'

export type RejectedRow = { row: RegisterRow; column: string; reason: string }

/** Records whose rows were read together, classified by what to do with them. */
export type RowBatch = {
  newRecords: AnyDrafted[]
  /** Rows about existing permits of the register. */
  existingPermits: DraftedRow[]
  /** Events and figures whose rows are different. */
  changedRecords: DraftedRecord[]
  /** All figures of the rows, also unchanged ones. */
  figures: FigureDraft[]
  /** Number by kind. */
  unchanged: Record<RecordDraft['kind'], number>
  newEntities: NewEntities
  rejects: RejectedRow[]
  /** Cells with values that a record cannot have, with their number and suggestions. */
  leftOpen: LeftOpen
}

type LeftOpen = Map<string, { rows: number; suggestions: readonly string[] }>

export type BatchContext = {
  register: string
  mapper: RowMapper
  known: EntityIds
  /** Keys of permits that are being written. */
  underway: ReadonlySet<string>
  /** By issuer and number of the new permits so far: their keys. Both are shortened. */
  numbers: Map<number, number>
}

/** Rows after which other work can run. */
const rowsPerYield = 20

const createBatch = (): RowBatch => ({
  newRecords: [],
  existingPermits: [],
  changedRecords: [],
  figures: [],
  unchanged: { permit: 0, event: 0, figure: 0 },
  rejects: [],
  leftOpen: new Map(),
  newEntities: { actors: new Map(), goods: new Map() },
})

/** Maps the rows and looks up what exists already. Writes nothing. */
export async function classifyUnits(
  db: Db,
  context: BatchContext,
  units: readonly RecordUnit[],
): Promise<RowBatch> {
  const batch = createBatch()
  const drafted: AnyDrafted[] = []
  for (const [index, unit] of units.entries()) {
    const one = draftUnit(unit, context.mapper, batch.rejects)
    if (one) drafted.push(one)
    if (index % rowsPerYield === rowsPerYield - 1) await yieldToEventLoop()
  }
  const { permits, records } = await findStored(db, context.register, drafted)
  const changed: AnyDrafted[] = []
  for (const one of drafted) {
    const { kind, key } = one.draft
    if (one.draft.kind === 'figure') batch.figures.push(one.draft)
    const stored = isRecord(one) ? records.get(recordName(one)) : permits.get(key)
    const isWhole = isRecord(one) || context.mapper.permit?.hasLines === true
    if (stored && hasSameRows(stored, one.rows, isWhole)) batch.unchanged[kind] += 1
    else changed.push(one)
  }
  const known = await resolveEntities(db, context.known, changed, batch)
  const accepted = await rejectForeignRecords(db, context, known, { permits, records }, batch)
  const batchKeys = new Set<string>()
  for (const one of accepted) {
    noteOpenCells(batch.leftOpen, one.draft)
    if (isRecord(one)) {
      if (records.has(recordName(one))) batch.changedRecords.push(one)
      else batch.newRecords.push(one)
      continue
    }
    const { key } = one.draft
    if (permits.has(key) || batchKeys.has(key) || context.underway.has(key))
      batch.existingPermits.push(one)
    else batch.newRecords.push(one)
    batchKeys.add(key)
  }
  return batch
}

const recordName = ({ draft: { kind, slug } }: DraftedRecord): string => `${kind} ${slug}`

async function findStored(db: Db, register: string, drafted: readonly AnyDrafted[]) {
  const keys = drafted.flatMap((one) => (isRecord(one) ? [] : one.draft.key))
  const names = drafted.flatMap((one) => (isRecord(one) ? { ...one.draft } : []))
  return {
    permits: await findImportedPermits(db, register, [...new Set(keys)]),
    records: await findImportedRecords(db, register, names),
  }
}
type StoredRecords = Awaited<ReturnType<typeof findStored>>

function noteOpenCells(cells: LeftOpen, { leftOpen }: RecordDraft): void {
  for (const { column, cell, suggestions } of leftOpen) {
    const label = `${column}: ${cell}`
    const known = cells.get(label)
    if (known === undefined) cells.set(label, { rows: 1, suggestions })
    else known.rows += 1
  }
}

/** Of rows that are lines of one permit, a faulty one rejects all: a part of a permit is not the permit. */
function draftUnit(
  { key, mapper: record, rows, cells }: RecordUnit,
  { permit }: RowMapper,
  rejects: RejectedRow[],
): AnyDrafted | null {
  const [row] = rows
  const [first] = cells
  if (row === undefined || first === undefined) return null
  try {
    if (record !== null) return { row, rows, draft: record.map(first, key) } as DraftedRecord
    return permit === null ? null : { row, rows, draft: permit.map(cells, key) }
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    for (const one of rows) rejects.push({ row: one, column: error.column, reason: error.message })
    return null
  }
}

/**
 * Rejects permits whose slug or number belongs to another permit, and events and figures whose slug belongs to a record
 * that is not of the register.
 *
 * @returns the others
 */
async function rejectForeignRecords(
  db: Db,
  { register, known, numbers }: BatchContext,
  drafted: readonly AnyDrafted[],
  { permits, records }: StoredRecords,
  { rejects }: RowBatch,
): Promise<AnyDrafted[]> {
  const issuerOf = ({ draft }: DraftedRow) => known.actors.get(draft.actors.issuer?.slug ?? '')
  const ofPermits = drafted.filter((one): one is DraftedRow => !isRecord(one))
  const issued = ofPermits.flatMap((one) => {
    const issuer = issuerOf(one)
    const { number } = one.draft
    return number === null || issuer === undefined ? [] : { issuer, number }
  })
  const slugs = ofPermits.map(({ draft }) => draft.slug)
  const taken = ofPermits.length === 0 ? [] : await findForeignPermits(db, register, slugs, issued)
  const reasonOf = (one: AnyDrafted): string | null => {
    if (isRecord(one))
      return records.get(recordName(one))?.isForeign
        ? `the ${one.draft.kind} ${one.draft.slug} has this slug and is not of the register`
        : null
    const { slug, number, key } = one.draft
    const other = taken.find(
      (permit) =>
        permit.slug === slug || (permit.number === number && permit.issuer === issuerOf(one)),
    )
    if (other !== undefined)
      return `the permit ${other.slug} has this number or slug and is not of the register`
    if (number === null || number === key || permits.has(key)) return null
    const short = shortenKey(`${one.draft.actors.issuer?.slug} ${number}`)
    const first = numbers.get(short) ?? shortenKey(key)
    numbers.set(short, first)
    return first === shortenKey(key) ? null : 'another permit of this issuer has this number'
  }
  return drafted.filter((one) => {
    const reason = reasonOf(one)
    if (reason === null) return true
    for (const row of one.rows) rejects.push({ row, column: 'number', reason })
    return false
  })
}

/** Finds the actors and goods of rows, or notes them as new. @returns the rows whose actors and goods are known */
async function resolveEntities(
  db: Db,
  entityIds: EntityIds,
  rows: readonly AnyDrafted[],
  { newEntities, rejects }: RowBatch,
): Promise<AnyDrafted[]> {
  const actorSlugs = new Set<string>()
  const goodSlugs = new Set<string>()
  for (const { draft } of rows) {
    for (const { actor } of draft.mentions)
      if (!entityIds.actors.has(actor.slug)) actorSlugs.add(actor.slug)
    for (const { slug } of draft.goods) if (!entityIds.goods.has(slug)) goodSlugs.add(slug)
  }
  const actors = await findIdsBySlug(db, 'actor', [...actorSlugs])
  const goods = await findIdsBySlug(db, 'good', [...goodSlugs])
  const retractedSlugs = new Set<string>()
  for (const [slug, id] of actors)
    id === null ? retractedSlugs.add(slug) : entityIds.actors.set(slug, id)
  for (const [slug, id] of goods)
    id === null ? retractedSlugs.add(slug) : entityIds.goods.set(slug, id)
  await resolveKnownStates(db, entityIds, rows)
  return rows.filter(({ row, rows: all, draft }) => {
    const missing = findMissingEntity(draft, entityIds, (slug) => retractedSlugs.has(slug))
    if (missing !== null) {
      for (const one of all) rejects.push({ row: one, ...missing })
      return false
    }
    for (const { actor } of draft.mentions) {
      if (actor.input === null || entityIds.actors.has(actor.slug)) continue
      const id = newId()
      entityIds.actors.set(actor.slug, id)
      newEntities.actors.set(actor.slug, { id, input: actor.input, row })
    }
    for (const { slug, designation } of draft.goods) {
      if (entityIds.goods.has(slug)) continue
      const id = newId()
      entityIds.goods.set(slug, id)
      newEntities.goods.set(slug, { id, designation, row })
    }
    return true
  })
}

/** Takes the state that is there for one of another slug: a state is one actor whatever its spelling. */
async function resolveKnownStates(
  db: Db,
  entityIds: EntityIds,
  rows: readonly AnyDrafted[],
): Promise<void> {
  const newStates = new Map<string, ActorInput>()
  for (const { draft } of rows)
    for (const { actor } of draft.mentions)
      if (actor.input?.type === 'state' && !entityIds.actors.has(actor.slug))
        newStates.set(actor.slug, actor.input)
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
  { newRecords, newEntities }: RowBatch,
): Promise<void> {
  const permits = newRecords.filter((one): one is DraftedRow => !isRecord(one))
  const names = newRecords.filter(isRecord).map(({ draft }) => draft)
  const keys = permits.map(({ draft }) => draft.key)
  const slugs = permits.map(({ draft }) => draft.slug)
  const newStates = [...newEntities.actors.values()].filter(({ input }) => input.type === 'state')
  const findSameState = newStates.length > 0 ? await createSameStateFinder(db) : () => null
  const isTaken =
    newStates.some(({ input }) => findSameState(input) !== null) ||
    (await findImportedPermits(db, register, keys)).size > 0 ||
    (await findForeignPermits(db, register, slugs, [])).length > 0 ||
    (await findImportedRecords(db, register, names)).size > 0 ||
    (await findIdsBySlug(db, 'actor', [...newEntities.actors.keys()])).size > 0 ||
    (await findIdsBySlug(db, 'good', [...newEntities.goods.keys()])).size > 0
  if (isTaken)
    throw new FatalError(
      'Somebody else has just written about the same permits, actors or goods. Run it again: it goes on from here.',
    )
}
