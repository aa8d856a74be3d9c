import { sql } from 'kysely'
import { constraintProblem } from '../../database/constraints.ts'
import type { Database, Db } from '../../database/database.ts'
import { isRetryable } from '../../database/failures.ts'
import type { Tx } from '../../database/transaction.ts'
import {
  type Author,
  append,
  appendInGroups,
  type DocumentChange,
  type NewDocument,
  takeTurn,
} from '../../ledger/append.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { readMany } from '../model/list-queries.ts'
import type { Kind } from '../model/schema.ts'
import { toDocument } from '../model/snapshots.ts'
import { createRecords, type NewRecord } from './create.ts'
import { checkLifecycles } from './lifecycles.ts'

/** A write in progress: what it did so far, and the doors through which it does more. */
export type Session = {
  tx: Tx
  /** The number that the revision will have. */
  revision: bigint
  /** Ids of records that were made in this write, by `kind/slug` and `kind/$local`. */
  locals: Map<string, string>
  /** Where in the request each record stands that this write makes or corrects, by id: for errors found later. */
  pointers: Map<string, string>
  create(records: readonly NewRecord[]): Promise<string[]>
  /** Whether the record was changed in this write so far. */
  hasTouched(id: string): boolean
  /** Notes that the rows of a record are about to change or have changed; call it before and after. */
  touch(kind: Kind, id: string, change: DocumentChange): Promise<void>
}

export type Committed<T> = { value: T; revision: number }

/** Records as they stand at the end of a write, as wire forms. */
export type Wires = (kind: Kind, id: string) => Promise<Record<string, unknown>>

const attempts = 4
/** Of a write that touches more, the documents are not all in memory. */
const documentsAtOnce = 1_000
const groupOfDocuments = 200

/**
 * The only door through which anything is written: one transaction, one revision. `work` changes rows; then the lives
 * of permits and measures are checked, and the ledger gets the new document of every record that changed, directly or
 * because it shows something of one that did; then `finish` makes the answer, still in the transaction. A write that
 * changes nothing leaves no revision.
 *
 * @throws {Problem} of `work`, of a violated constraint, or `busy` when it cannot be finished beside others
 */
export async function commit<V, T = V>(
  database: Database,
  author: Author,
  change: string,
  work: (session: Session) => Promise<V>,
  finish: (value: V, wires: Wires, session: Session) => Promise<T> = async (value) =>
    value as unknown as T,
): Promise<Committed<T>> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await database.write(async (tx) => {
        const previous = await takeTurn(tx)
        const session = openSession(tx, previous.number + 1n)
        const value = await work(session)
        const touched = session.touched()
        const written = new Map<string, Record<string, unknown>>()
        if (touched.size > 0) {
          await checkLifecycles(tx.$kysely, session.lives(), session.pointers)
          await numberRecords(tx, touched, session.revision)
          if (touched.size > documentsAtOnce)
            await appendInGroups(tx, previous, { change, author }, inGroups(tx.$kysely, touched))
          else {
            const documents = await documentsOf(tx.$kysely, touched, written)
            append(tx, previous, { change, author }, documents)
          }
        }
        const wires: Wires = async (kind, id) => written.get(id) ?? readOne(tx.$kysely, kind, id)
        const revision = Number(touched.size > 0 ? session.revision : previous.number)
        return { value: await finish(value, wires, session), revision }
      })
    } catch (error) {
      if (isRetryable(error)) {
        if (attempt < attempts) continue
        throw new Problem('busy', 'The write could not be finished beside others.', {
          cause: error,
        })
      }
      throw constraintProblem(error) ?? error
    }
}

/** New records were made with the number; the others get it now. */
async function numberRecords(tx: Tx, touched: Touched, revision: bigint): Promise<void> {
  const ids = [...touched].flatMap(([id, { change }]) => (change === 'create' ? [] : [id]))
  if (ids.length > 0)
    await sql`UPDATE record SET revision = ${String(revision)}::bigint WHERE id = ANY(${ids}::uuid[])`.execute(
      tx.$kysely,
    )
}

async function readOne(db: Db, kind: Kind, id: string): Promise<Record<string, unknown>> {
  const { single } = kinds[kind]
  const wire = (await readMany(db, kind, single.from, single.members, [id])).get(id)
  if (wire === undefined) throw new Error(`The ${kind} ${id} is not there.`)
  return wire
}

export type Touched = Map<string, { kind: Kind; change: DocumentChange }>

function openSession(tx: Tx, revision: bigint) {
  const touched: Touched = new Map()
  const locals = new Map<string, string>()
  const pointers = new Map<string, string>()
  const lives = { permits: [] as string[], measures: [] as string[] }
  /** What was done to the record itself outweighs what it shows of others. */
  const note = (kind: Kind, id: string, change: DocumentChange) => {
    const before = touched.get(id)?.change
    if (before === undefined || before === 'derive' || change === 'retract' || change === 'merge')
      touched.set(id, { kind, change })
  }
  const session: Session = {
    ...{ tx, revision, locals, pointers },
    hasTouched: (id) => touched.has(id),
    async create(records) {
      const ids = await createRecords(tx, records, revision, locals)
      for (const [index, { writer, input, pointer }] of records.entries()) {
        const id = ids[index] ?? ''
        pointers.set(id, pointer)
        // Most events change nothing else, and then there is nothing to look up.
        if (changesOthers(input)) await session.touch(writer.kind, id, 'create')
        else note(writer.kind, id, 'create')
      }
      return ids
    },
    async touch(kind, id, change) {
      note(kind, id, change)
      for (const shown of await showing(tx.$kysely, kind, id)) {
        note(shown.kind, shown.id, 'derive')
        if (shown.kind === 'permit') lives.permits.push(shown.id)
        if (shown.kind === 'measure') lives.measures.push(shown.id)
      }
    },
  }
  return { ...session, touched: () => touched, lives: () => lives }
}

/** Whether a new record is shown by others: an event with effects, a good of a family, an article of a case. */
const changesOthers = (input: object): boolean =>
  ('effects' in input && Array.isArray(input.effects) && input.effects.length > 0) ||
  ('family' in input && input.family !== null) ||
  'body' in input

/** The records whose own documents show something of this one, beyond its id. */
async function showing(db: Db, kind: Kind, id: string): Promise<{ kind: Kind; id: string }[]> {
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
 * The new documents; `written` gets the wire forms that they were made from. A record that is live no more leaves a
 * tombstone.
 */
async function documentsOf(
  db: Db,
  touched: Touched,
  written: Map<string, Record<string, unknown>>,
): Promise<NewDocument[]> {
  const documents: NewDocument[] = []
  for (const [kind, ofKind] of Map.groupBy(touched, ([, one]) => one.kind)) {
    const { single, whole } = kinds[kind]
    const ids = ofKind.map(([id]) => id)
    const live = await readMany(db, kind, single.from, single.members, ids)
    const gone = await tombstones(
      db,
      ids.filter((id) => !live.has(id)),
    )
    for (const [recordId, { change }] of ofKind) {
      const wire = live.get(recordId)
      if (wire) written.set(recordId, wire)
      const document = wire ? toDocument(whole, wire) : gone.get(recordId)
      documents.push({ recordId, change, document })
    }
  }
  return documents
}

/** The new documents of many records, some at a time. */
export async function* inGroups(db: Db, touched: Touched) {
  const all = [...touched]
  for (let from = 0; from < all.length; from += groupOfDocuments)
    yield documentsOf(db, new Map(all.slice(from, from + groupOfDocuments)), new Map())
}

/** The documents of records that were retracted or merged, by id. */
async function tombstones(db: Db, ids: readonly string[]): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string }>`
    SELECT id, kind, slug, revision::int AS revision, state, state_reason AS "stateReason", merged_into_id AS "mergedInto"
    FROM record WHERE id = ANY(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
