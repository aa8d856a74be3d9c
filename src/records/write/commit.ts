import { sql } from 'kysely'
import { toConstraintProblem } from '../../database/constraint-problems.ts'
import type { Database, Db } from '../../database/database.ts'
import { isRetryable } from '../../database/database-problems.ts'
import type { Tx } from '../../database/transaction.ts'
import {
  type Author,
  appendRevision,
  appendRevisionInGroups,
  lockLedger,
  type NewSnapshot,
  type SnapshotChange,
} from '../../ledger/ledger-writer.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { readLedgerRecords } from '../model/ledger-records.ts'
import { readWireRecords } from '../model/list-queries.ts'
import type { Kind } from '../model/schema.ts'
import { createRecords, type NewRecord } from './create.ts'
import { checkDistinctStates } from './distinct-states.ts'
import { checkLifecycles } from './lifecycles.ts'
import { checkPlacesAreNew, InlinePlaces } from './place-writes.ts'
import { assignSlugs } from './slugs.ts'

/** A write in progress: its changes so far, and how to make more. */
export type WriteSession = {
  tx: Tx
  /** The number that the revision will have. */
  revision: bigint
  /** Ids of new records of this write, by `kind/slug` and `kind/$local`. */
  newRecordIds: Map<string, string>
  /** JSON pointers into the request, by id of the new or corrected record: for errors found later. */
  pointers: Map<string, string>
  create(records: readonly NewRecord[]): Promise<string[]>
  /** Makes the places that an input names as objects. @returns the input with their slugs */
  createPlaces<Input>(input: Input, pointer: string): Promise<Input>
  /** Whether the record was changed in this write so far. */
  hasChanged(id: string): boolean
  /** Notes a change of the rows of a record; call it before and after the change. */
  markChanged(kind: Kind, id: string, change: SnapshotChange): Promise<void>
  /** As `markChanged`, of a record of which nothing changed that other records show. */
  markSnapshot(kind: Kind, id: string, change: SnapshotChange): void
}

export type CommitResult<T> = { value: T; revision: number }

/** Reads single records at the end of a write. */
export type WireRecordReader = (kind: Kind, id: string) => Promise<Record<string, unknown>>

const maxAttempts = 4
/** A write that changes more records makes its snapshots in batches. */
const maxSnapshotsInMemory = 1_000
const snapshotBatchSize = 200

/**
 * Every write except bulk imports and creates that share a transaction (create-queue.ts): one transaction, one revision. `applyChanges` changes rows. Then the lifecycles of
 * permits and measures are checked, and the ledger gets the new snapshot of every record that changed, or that shows
 * something of a changed one. Then `buildResult` makes the answer, still in the transaction. A write that changes nothing
 * makes no revision.
 *
 * @throws {Problem} of `applyChanges`, of a violated constraint, or `busy` if concurrent writes prevent it
 */
export async function commit<V, T = V>(
  database: Pick<Database, 'write'>,
  author: Author,
  change: string,
  applyChanges: (session: WriteSession) => Promise<V>,
  buildResult: (value: V, readWire: WireRecordReader, session: WriteSession) => Promise<T> = async (
    value,
  ) => value as unknown as T,
): Promise<CommitResult<T>> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await database.write(async (tx) => {
        const previous = await lockLedger(tx)
        const session = openSession(tx, previous.number + 1n)
        const value = await applyChanges(session)
        const changedRecords = session.touched()
        const isChanged = changedRecords.size > 0
        const writtenWires = new Map<string, Record<string, unknown>>()
        if (isChanged) {
          await checkDistinctStates(tx.db, listChangedActors(changedRecords), session.pointers)
          await checkLifecycles(tx.db, session.lives(), session.pointers)
          await setRecordRevisions(tx, changedRecords, session.revision)
          if (changedRecords.size > maxSnapshotsInMemory)
            await appendRevisionInGroups(
              tx,
              previous,
              { change, author },
              buildSnapshotsInBatches(tx.db, changedRecords),
            )
          else {
            const documents = await buildNewSnapshots(tx.db, changedRecords, writtenWires)
            appendRevision(tx, previous, { change, author }, documents)
          }
        }
        const readWire: WireRecordReader = async (kind, id) =>
          writtenWires.get(id) ?? readRecordAfterWrite(tx.db, kind, id)
        const revision = Number(isChanged ? session.revision : previous.number)
        return { value: await buildResult(value, readWire, session), revision }
      })
    } catch (error) {
      if (isRetryable(error)) {
        if (attempt < maxAttempts) continue
        throw new Problem('busy', 'The write could not be finished beside others.', {
          cause: error,
        })
      }
      throw toConstraintProblem(error) ?? error
    }
}

const listChangedActors = (changedRecords: ChangedRecords): string[] =>
  [...changedRecords].flatMap(([id, { kind }]) => (kind === 'actor' ? [id] : []))

/** New records have the revision already. */
async function setRecordRevisions(
  tx: Tx,
  touched: ChangedRecords,
  revision: bigint,
): Promise<void> {
  const ids = [...touched].flatMap(([id, { change }]) => (change === 'create' ? [] : [id]))
  if (ids.length > 0)
    await sql`UPDATE record SET revision = ${String(revision)}::bigint WHERE id = ANY(${ids}::uuid[])`.execute(
      tx.db,
    )
}

async function readRecordAfterWrite(
  db: Db,
  kind: Kind,
  id: string,
): Promise<Record<string, unknown>> {
  const { singleQuery: single } = kinds[kind]
  const wire = (await readWireRecords(db, kind, single.from, single.members, [id])).get(id)
  if (wire === undefined) throw new Error(`The ${kind} ${id} is not there.`)
  return wire
}

export type ChangedRecords = Map<string, { kind: Kind; change: SnapshotChange }>

function openSession(tx: Tx, revision: bigint) {
  const changedRecords: ChangedRecords = new Map()
  const newRecordIds = new Map<string, string>()
  const pointers = new Map<string, string>()
  const lifecycleTargets = { permits: [] as string[], measures: [] as string[] }
  /** A change of the record itself takes precedence over `derive`. */
  const noteChange = (kind: Kind, id: string, change: SnapshotChange) => {
    const before = changedRecords.get(id)?.change
    if (before === undefined || before === 'derive' || change === 'retract' || change === 'merge')
      changedRecords.set(id, { kind, change })
  }
  const createInlinePlaces = async ({ records }: InlinePlaces) => {
    if (records.length === 0) return
    await checkPlacesAreNew({ tx }, records)
    await session.create(records)
  }
  const session: WriteSession = {
    async createPlaces(input, pointer) {
      const places = new InlinePlaces()
      const withSlugs = places.extract(input, pointer)
      await createInlinePlaces(places)
      return withSlugs
    },
    markSnapshot: noteChange,
    tx,
    revision,
    newRecordIds,
    pointers,
    hasChanged: (id) => changedRecords.has(id),
    async create(given) {
      const named = await assignSlugs(tx.db, given)
      const places = new InlinePlaces()
      const records = named.map((record) => ({
        ...record,
        input: namesPlaces(record.writer)
          ? places.extract(record.input, record.pointer)
          : record.input,
      }))
      await createInlinePlaces(places)
      const ids = await createRecords(tx, records, revision, newRecordIds)
      for (const [index, { writer, input, pointer }] of records.entries()) {
        const id = ids[index] ?? ''
        pointers.set(id, pointer)
        // Most events change no other record: nothing to look up.
        if (changesOtherRecords(input)) await session.markChanged(writer.kind, id, 'create')
        else noteChange(writer.kind, id, 'create')
      }
      return ids
    },
    async markChanged(kind, id, change) {
      noteChange(kind, id, change)
      for (const dependent of await findDependentRecords(tx.db, kind, id)) {
        noteChange(dependent.kind, dependent.id, 'derive')
        if (dependent.kind === 'permit') lifecycleTargets.permits.push(dependent.id)
        if (dependent.kind === 'measure') lifecycleTargets.measures.push(dependent.id)
      }
    },
  }
  return {
    ...session,
    touched: () => changedRecords,
    lives: () => lifecycleTargets,
  }
}

/** Whether records of the kind refer to places, which an input may give as objects. */
export const namesPlaces = ({ kind, fields }: NewRecord['writer']): boolean =>
  kind !== 'place' && fields.references.some((reference) => reference.kind === 'place')

/** Whether other records show a new one: an event with effects, a good of a family, an article of a case. */
export const changesOtherRecords = (input: object): boolean =>
  ('effects' in input && Array.isArray(input.effects) && input.effects.length > 0) ||
  ('family' in input && input.family !== null) ||
  'body' in input

/** The records whose snapshots show more of this one than its id. */
async function findDependentRecords(
  db: Db,
  kind: Kind,
  id: string,
): Promise<{ kind: Kind; id: string }[]> {
  if (kind === 'event') {
    const effects = await db
      .selectFrom('event_effect')
      .select(['permit_id', 'measure_id'])
      .where('event_id', '=', id)
      .execute()
    return effects.flatMap(({ permit_id, measure_id }) => [
      ...(permit_id === null ? [] : [{ kind: 'permit' as const, id: permit_id }]),
      ...(measure_id === null ? [] : [{ kind: 'measure' as const, id: measure_id }]),
    ])
  }
  if (kind === 'good') {
    const good = await db
      .selectFrom('good')
      .select('family_id')
      .where('id', '=', id)
      .executeTakeFirst()
    return good?.family_id ? [{ kind, id: good.family_id }] : []
  }
  if (kind === 'article') {
    const article = await db
      .selectFrom('article')
      .select('case_id')
      .where('id', '=', id)
      .executeTakeFirst()
    return article ? [{ kind: 'case', id: article.case_id }] : []
  }
  return []
}

/**
 * The new snapshots; `written` gets the single records that they were made from. The snapshot of a retracted or merged record
 * is a tombstone.
 */
export async function buildNewSnapshots(
  db: Db,
  changedRecords: ChangedRecords,
  written: Map<string, Record<string, unknown>>,
): Promise<NewSnapshot[]> {
  const documents: NewSnapshot[] = []
  for (const [kind, ofKind] of Map.groupBy(changedRecords, ([, one]) => one.kind)) {
    const ids = ofKind.map(([id]) => id)
    const live = await readLedgerRecords(db, kinds[kind], ids)
    const tombstoneById = await loadTombstones(
      db,
      ids.filter((id) => !live.has(id)),
    )
    for (const [recordId, { change }] of ofKind) {
      const record = live.get(recordId)
      if (record) written.set(recordId, record.wire)
      const content = record ? record.snapshot : tombstoneById.get(recordId)
      documents.push({ recordId, change, content })
    }
  }
  return documents
}

/** The new snapshots of many records, in batches. */
export async function* buildSnapshotsInBatches(db: Db, touched: ChangedRecords) {
  const all = [...touched]
  for (let from = 0; from < all.length; from += snapshotBatchSize)
    yield buildNewSnapshots(db, new Map(all.slice(from, from + snapshotBatchSize)), new Map())
}

/** The snapshots of retracted and merged records, by id. */
async function loadTombstones(db: Db, ids: readonly string[]): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string }>`
    SELECT id, kind, slug, revision::int AS revision, state, state_reason AS "stateReason", merged_into_id AS "mergedInto"
    FROM record WHERE id = ANY(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
