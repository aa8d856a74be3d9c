import type { z } from 'zod'
import { toConstraintProblem } from '../../database/constraint-problems.ts'
import type { Db } from '../../database/database.ts'
import { deleteRows, updateRow } from '../../database/row-writer.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { findRecordRow, readWireRecords, resolveRecordId } from '../model/list-queries.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import { resolveReferences } from '../model/references.ts'
import type { Kind } from '../model/schema.ts'
import {
  mergePatch,
  replaceIdsBySlugs,
  snapshotToInput,
  wireToSnapshot,
} from '../model/snapshots.ts'
import { validationProblem } from '../model/validation-errors.ts'
import { findNextCitationPosition } from './citation-writer.ts'
import type { WriteSession } from './commit.ts'
import {
  findIncomingReferences,
  findReferencingRecords,
  redirectReferences,
} from './incoming-references.ts'

/**
 * Checks the conditional headers of a write against the revision that last changed the record, and the newest revision.
 *
 * @throws {Problem} precondition-required, precondition-failed
 */
export type Precondition = (recordRevision: number, newest: number) => void

/** The id of the live record, after its precondition was checked. */
async function openRecord(
  session: WriteSession,
  kind: Kind,
  ref: string,
  checkPrecondition: Precondition,
) {
  const db = session.tx.db
  const id = await resolveRecordId(db, kind, session.newRecordIds.get(`${kind}/${ref}`) ?? ref)
  const row = await findRecordRow(db, kind, id)
  if (row && BigInt(row.revision) !== session.revision)
    checkPrecondition(Number(row.revision), Number(session.revision) - 1)
  return id
}

/**
 * Corrects a record by a JSON Merge Patch (RFC 7396) of its input.
 *
 * @returns its id
 * @throws {Problem} also invalid-request, if the result is not a valid input of its kind
 */
export async function correctRecord(
  session: WriteSession,
  target: { kind: Kind; ref: string; patch: unknown; pointer: string },
  checkPrecondition: Precondition,
): Promise<string> {
  const { kind, patch, pointer } = target
  const { tx } = session
  const { singleQuery: single, recordSchema: whole, fields, writer } = kinds[kind]
  const id = await openRecord(session, kind, target.ref, checkPrecondition)
  session.pointers.set(id, pointer)
  const wire = (await readWireRecords(tx.db, kind, single.from, single.members, [id])).get(id)
  const schema = writer.correctionInput ?? writer.input
  const before = snapshotToInput(schema, wireToSnapshot(whole, wire ?? {}))
  const result = schema.safeParse({
    ...(mergePatch(before, patch) as object),
    ...pickUnknownMembers(schema as z.ZodObject, patch),
  })
  if (!result.success) throw validationProblem(result.error, pointer, describeNotCorrectable)
  // A reference can be a slug or an id.
  const [old, corrected] = [before, result.data].map((one) => replaceIdsBySlugs(one, wire))
  if (formatCanonicalJson(old) === formatCanonicalJson(corrected)) return id
  const input = await session.createPlaces(result.data as { slug: string }, pointer)
  if (writer.isSlugFixed && input.slug !== (before as { slug: string }).slug)
    throw fixedSlugProblem(kind, pointer)
  await session.markChanged(kind, id, 'update')
  const values = await resolveReferences(tx.db, session.newRecordIds, (refs) =>
    fields.resolve(input, refs, pointer),
  )
  await updateRow(tx.db, 'record', id, { slug: input.slug, name: fields.getName(input) })
    .then(() => fields.replaceRows(tx, id, fields.buildRows(id, values)))
    .catch((error) => {
      throw toConstraintProblem(error, () => pointer) ?? error
    })
  await session.markChanged(kind, id, 'update')
  return id
}

function fixedSlugProblem(kind: Kind, pointer: string): Problem {
  const detail = `the slug of a ${kind} stays, because other records name it by slug`
  return new Problem('invalid-request', `${pointer}/slug: ${detail}`, {
    errors: [{ pointer: `${pointer}/slug`, detail }],
  })
}

/** A merge removes a member that is null: without this, a misspelt member would be ignored and not refused. */
const pickUnknownMembers = ({ shape }: z.ZodObject, patch: unknown): object =>
  Object.fromEntries(
    Object.entries(patch as object).filter(([name]) => !Object.hasOwn(shape, name)),
  )

const describeNotCorrectable = (member: string): string =>
  member === 'citations'
    ? 'citations are added at /citations of the record, and changed at /v1/citations/:id'
    : 'there is no such member that could be changed'

/**
 * Retracts a record with a reason. It disappears from lists, and its path answers 410; the ledger keeps its snapshots.
 *
 * @returns its id
 * @throws {Problem} also still-referenced, with the live records that refer to it
 */
export async function retractRecord(
  session: WriteSession,
  target: { kind: Kind; ref: string; reason: string },
  checkPrecondition: Precondition,
): Promise<string> {
  const { kind, reason } = target
  const { tx } = session
  const id = await openRecord(session, kind, target.ref, checkPrecondition)
  const incomingReferences = await findIncomingReferences(tx.db, kind, id)
  if (incomingReferences.length > 0)
    throw new Problem(
      'still-referenced',
      `${incomingReferences.length} record(s) point at it: ${incomingReferences.map(({ href }) => href).join(', ')}`,
      { references: incomingReferences },
    )
  await session.markChanged(kind, id, 'retract')
  await updateRow(tx.db, 'record', id, { state: 'retracted', stateReason: reason })
  // A retracted event has no effects on permits and measures.
  if (kind === 'event') await deleteRows(tx.db, 'eventEffect', 'eventId', id)
  return id
}

/**
 * Merges one actor or good into another. References to it, its citations, names and identifiers move to the other; its id and
 * slug redirect there.
 *
 * @returns the id of the other
 */
export async function mergeRecords(
  session: WriteSession,
  target: { kind: MergeableKind; ref: string; into: string; pointer: string },
  checkPrecondition: Precondition,
): Promise<string> {
  const { kind, pointer } = target
  const { tx } = session
  const from = await openRecord(session, kind, target.ref, checkPrecondition)
  const into = await resolveReferences(tx.db, session.newRecordIds, (refs) =>
    refs.id(kind, target.into, `${pointer}/into`),
  )
  if (from === into)
    throw new Problem(
      'invalid-request',
      `${pointer}/into: a record cannot be merged into itself.`,
      {
        errors: [{ pointer: `${pointer}/into`, detail: 'it is the same record' }],
      },
    )
  for (const owner of await findReferencingRecords(tx.db, kind, from))
    if (owner.id !== from) await session.markChanged(owner.kind, owner.id, 'update')
  await session.markChanged(kind, into, 'update')
  await redirectReferences(tx.db, kind, from, into)
  await moveCitations(session, from, into)
  if (kind === 'actor') await moveNamesAndIdentifiers(session, from, into)
  if (kind === 'place') await movePlaceNames(session, from, into)
  if (kind === 'good') await removeOwnFamily(tx.db, into)
  await redirectEarlierMerges(tx.db, from, into)
  await session.markChanged(kind, from, 'merge')
  await updateRow(tx.db, 'record', from, { state: 'merged', mergedIntoId: into })
  return into
}

/** After a merge of a family into one of its members, that member would be its own family. */
const removeOwnFamily = (db: Db, id: string) =>
  db
    .updateTable('good')
    .set({ family_id: null })
    .where('id', '=', id)
    .where('family_id', '=', id)
    .execute()

const redirectEarlierMerges = (db: Db, from: string, into: string) =>
  db
    .updateTable('record')
    .set({ merged_into_id: into })
    .where('merged_into_id', '=', from)
    .execute()

/** Appends the citations of one record to those of another. */
async function moveCitations({ tx }: WriteSession, from: string, into: string): Promise<void> {
  const offset = await findNextCitationPosition(tx.db, into)
  await tx.db
    .updateTable('citation')
    .set((column) => ({ record_id: into, position: column('position', '+', offset) }))
    .where('record_id', '=', from)
    .execute()
}

/** The other gets the name and the aliases, unless it has them, and the identifiers. */
async function moveNamesAndIdentifiers(
  { tx }: WriteSession,
  from: string,
  into: string,
): Promise<void> {
  const { db } = tx
  const existingAliases = await loadAliases(db, into)
  const existingNames = new Set([
    await loadName(db, into),
    ...existingAliases.map(({ name }) => name),
  ])
  const names = [
    { name: await loadName(db, from), language: null },
    ...(await loadAliases(db, from)),
  ]
  const actorAlias = names
    .filter(({ name }) => !existingNames.has(name))
    .map(({ name, language }, index) => ({
      actorId: into,
      position: existingAliases.length + index,
      name,
      language,
    }))
  const identifiers = await loadIdentifiers(db, from)
  const identifierOffset = (await loadIdentifiers(db, into)).length
  await deleteRows(db, 'actorIdentifier', 'actorId', from)
  const actorIdentifier = identifiers.map(({ scheme, value }, index) => ({
    actorId: into,
    position: identifierOffset + index,
    scheme,
    value,
  }))
  await tx.insert({ actorAlias, actorIdentifier })
}

/** The other place gets the name and other names, unless it has them, and the identifiers. */
async function movePlaceNames({ tx }: WriteSession, from: string, into: string): Promise<void> {
  const { db } = tx
  const existing = await loadPlaceNames(db, into)
  const known = new Set([await loadName(db, into), ...existing.map(({ name }) => name)])
  const names = [
    { name: await loadName(db, from), language: null },
    ...(await loadPlaceNames(db, from)),
  ]
  const placeName = names
    .filter(({ name }) => !known.has(name))
    .map((one, index) => ({ placeId: into, position: existing.length + index, ...one }))
  const identifiers = await loadPlaceIdentifiers(db, from)
  const offset = (await loadPlaceIdentifiers(db, into)).length
  await deleteRows(db, 'placeIdentifier', 'placeId', from)
  const placeIdentifier = identifiers.map((one, index) => ({
    placeId: into,
    position: offset + index,
    ...one,
  }))
  await tx.insert({ placeName, placeIdentifier })
}

const loadPlaceNames = (db: Db, placeId: string) =>
  db
    .selectFrom('place_name')
    .select(['name', 'language'])
    .where('place_id', '=', placeId)
    .orderBy('position')
    .execute()

const loadPlaceIdentifiers = (db: Db, placeId: string) =>
  db
    .selectFrom('place_identifier')
    .select(['scheme', 'value'])
    .where('place_id', '=', placeId)
    .orderBy('position')
    .execute()

async function loadName(db: Db, id: string): Promise<string> {
  const row = await db
    .selectFrom('record')
    .select('name')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.name
}

const loadAliases = (db: Db, actorId: string) =>
  db
    .selectFrom('actor_alias')
    .select(['name', 'language'])
    .where('actor_id', '=', actorId)
    .orderBy('position')
    .execute()

const loadIdentifiers = (db: Db, actorId: string) =>
  db
    .selectFrom('actor_identifier')
    .select(['scheme', 'value'])
    .where('actor_id', '=', actorId)
    .orderBy('position')
    .execute()
