import { toConstraintProblem } from '../../database/constraint-problems.ts'
import { updateRow } from '../../database/row-writer.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { findRecordRow, readWireRecords, resolveRecordId } from '../model/list-queries.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import { createReferenceResolver } from '../model/references.ts'
import { replaceRows } from '../model/rows.ts'
import type { Kind } from '../model/schema.ts'
import { mergePatch, snapshotToInput, wireToSnapshot } from '../model/snapshots.ts'
import { validationProblem } from '../model/validation-errors.ts'
import type { WriteSession } from './commit.ts'
import {
  findIncomingReferences,
  findReferencingRecords,
  redirectReferences,
} from './incoming-references.ts'

/**
 * Says whether a change may start from the state of a record that last changed in one revision, when the newest of all
 * is another.
 *
 * @throws {Problem} precondition-required, precondition-failed
 */
export type Precondition = (recordRevision: number, newest: number) => void

/** The live record that `ref` names, after its precondition was held against it. */
async function openRecord(
  session: WriteSession,
  kind: Kind,
  ref: string,
  checkPrecondition: Precondition,
) {
  const db = session.tx.$kysely
  const id = await resolveRecordId(db, kind, session.newRecordIds.get(`${kind}/${ref}`) ?? ref)
  const row = await findRecordRow(db, kind, id)
  if (row && BigInt(row.revision) !== session.revision)
    checkPrecondition(Number(row.revision), Number(session.revision) - 1)
  return id
}

/**
 * Corrects a record by a JSON Merge Patch (RFC 7396) of what it was made from.
 *
 * @returns its id
 * @throws {Problem} also invalid-request, when what comes out is not a record of its kind
 */
export async function correctRecord(
  session: WriteSession,
  target: { kind: Kind; ref: string; patch: unknown; pointer: string },
  checkPrecondition: Precondition,
): Promise<string> {
  const { kind, patch, pointer } = target
  const { tx } = session
  const { singleQuery: single, recordSchema: whole, writer } = kinds[kind]
  const id = await openRecord(session, kind, target.ref, checkPrecondition)
  session.pointers.set(id, pointer)
  const wire = (await readWireRecords(tx.$kysely, kind, single.from, single.members, [id])).get(id)
  const schema = writer.correction?.input ?? writer.input
  const before = snapshotToInput(schema, wireToSnapshot(whole, wire ?? {}))
  const result = schema.safeParse(mergePatch(before, patch))
  if (!result.success) throw validationProblem(result.error, pointer, describeNotCorrectable)
  if (formatCanonicalJson(before) === formatCanonicalJson(result.data)) return id
  const input = result.data as { slug: string }
  const buildRows = writer.correction?.rows ?? writer.buildRows
  await session.markChanged(kind, id, 'update')
  const rows = await buildRows(
    id,
    input,
    createReferenceResolver(tx, session.newRecordIds),
    pointer,
  )
  const db = tx.$kysely
  const recordRow = { slug: input.slug, name: writer.getDisplayName(input) }
  await updateRow(db, 'record', id, recordRow)
    .then(() => replaceRows(db, id, rows))
    .catch((error) => {
      throw toConstraintProblem(error, () => pointer) ?? error
    })
  await session.markChanged(kind, id, 'update')
  return id
}

const describeNotCorrectable = (member: string): string =>
  member === 'citations'
    ? 'citations are added at /citations of the record, and changed at /v1/citations/:id'
    : 'there is no such member that could be changed'

/**
 * Withdraws a record with a reason. It leaves every list and answers 410; the ledger keeps what it said.
 *
 * @returns its id
 * @throws {Problem} also still-referenced, listing the live records that point at it
 */
export async function retractRecord(
  session: WriteSession,
  target: { kind: Kind; ref: string; reason: string },
  checkPrecondition: Precondition,
): Promise<string> {
  const { kind, reason } = target
  const { tx } = session
  const id = await openRecord(session, kind, target.ref, checkPrecondition)
  const incomingReferences = await findIncomingReferences(tx.$kysely, kind, id)
  if (incomingReferences.length > 0)
    throw new Problem(
      'still-referenced',
      `${incomingReferences.length} record(s) point at it: ${incomingReferences.map(({ href }) => href).join(', ')}`,
      { references: incomingReferences },
    )
  await session.markChanged(kind, id, 'retract')
  await tx.record.update({ where: { id }, data: { state: 'retracted', stateReason: reason } })
  // What the event did to permits and measures is undone with it.
  if (kind === 'event') await tx.eventEffect.deleteMany({ where: { eventId: id } })
  return id
}

/**
 * Merges one actor or good into another: everything that pointed at it, its citations, names and identifiers move; its
 * id and slug lead to the other ever after.
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
  const into = await createReferenceResolver(tx, session.newRecordIds).id(
    kind,
    target.into,
    `${pointer}/into`,
  )
  if (from === into)
    throw new Problem(
      'invalid-request',
      `${pointer}/into: a record cannot be merged into itself.`,
      {
        errors: [{ pointer: `${pointer}/into`, detail: 'it is the same record' }],
      },
    )
  for (const owner of await findReferencingRecords(tx.$kysely, kind, from))
    if (owner.id !== from) await session.markChanged(owner.kind, owner.id, 'update')
  await session.markChanged(kind, into, 'update')
  await redirectReferences(tx, kind, from, into)
  await moveCitations(session, from, into)
  if (kind === 'actor') await moveNamesAndIdentifiers(session, from, into)
  else await tx.good.updateMany({ where: { id: into, familyId: into }, data: { familyId: null } })
  await tx.record.updateMany({ where: { mergedIntoId: from }, data: { mergedIntoId: into } })
  await session.markChanged(kind, from, 'merge')
  await tx.record.update({ where: { id: from }, data: { state: 'merged', mergedIntoId: into } })
  return into
}

async function moveCitations({ tx }: WriteSession, from: string, into: string): Promise<void> {
  const last = await tx.citation.aggregate({ where: { recordId: into }, _max: { position: true } })
  const offset = (last._max.position ?? -1) + 1
  await tx.citation.updateMany({
    where: { recordId: from },
    data: { recordId: into, position: { increment: offset } },
  })
}

/** The other gets the name and the other names as aliases, unless it has them, and the identifiers. */
async function moveNamesAndIdentifiers(
  { tx }: WriteSession,
  from: string,
  into: string,
): Promise<void> {
  const aliasesOf = (actorId: string) =>
    tx.actorAlias.findMany({ where: { actorId }, orderBy: { position: 'asc' } })
  const nameOf = async (id: string) => (await tx.record.findUniqueOrThrow({ where: { id } })).name
  const existingAliases = await aliasesOf(into)
  const existingNames = new Set([await nameOf(into), ...existingAliases.map(({ name }) => name)])
  const newAliases = [{ name: await nameOf(from), language: null }, ...(await aliasesOf(from))]
  await tx.actorAlias.createMany({
    data: newAliases
      .filter(({ name }) => !existingNames.has(name))
      .map(({ name, language }, index) => ({
        actorId: into,
        position: existingAliases.length + index,
        name,
        language,
      })),
  })
  const identifiers = await tx.actorIdentifier.findMany({ where: { actorId: from } })
  const identifierOffset = await tx.actorIdentifier.count({ where: { actorId: into } })
  await tx.actorIdentifier.deleteMany({ where: { actorId: from } })
  await tx.actorIdentifier.createMany({
    data: identifiers.map(({ scheme, value }, index) => ({
      actorId: into,
      position: identifierOffset + index,
      scheme,
      value,
    })),
  })
}
