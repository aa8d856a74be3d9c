import { constraintProblem } from '../../database/constraints.ts'
import { updateRow } from '../../database/tables.ts'
import { canonical } from '../../ledger/canonical.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { find, readMany, resolve } from '../model/list-queries.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import { references } from '../model/references.ts'
import { replaceRows } from '../model/rows.ts'
import type { Kind } from '../model/schema.ts'
import { mergePatch, toDocument, toInput } from '../model/snapshots.ts'
import { misfit } from '../model/validation-errors.ts'
import type { Session } from './commit.ts'
import { ownersPointingAt, pointingAt, repoint } from './incoming-references.ts'

/**
 * Says whether a change may start from the state of a record that last changed in one revision, when the newest of all
 * is another.
 *
 * @throws {Problem} precondition-required, precondition-failed
 */
export type Precondition = (recordRevision: number, newest: number) => void

/** The live record that `ref` names, after its precondition was held against it. */
async function open(session: Session, kind: Kind, ref: string, mayChange: Precondition) {
  const db = session.tx.$kysely
  const id = await resolve(db, kind, session.locals.get(`${kind}/${ref}`) ?? ref)
  const row = await find(db, kind, id)
  if (row && BigInt(row.revision) !== session.revision)
    mayChange(Number(row.revision), Number(session.revision) - 1)
  return id
}

/**
 * Corrects a record by a JSON Merge Patch (RFC 7396) of what it was made from.
 *
 * @returns its id
 * @throws {Problem} also invalid-request, when what comes out is not a record of its kind
 */
export async function correct(
  session: Session,
  target: { kind: Kind; ref: string; patch: unknown; pointer: string },
  mayChange: Precondition,
): Promise<string> {
  const { kind, patch, pointer } = target
  const { tx } = session
  const { single, whole, writer } = kinds[kind]
  const id = await open(session, kind, target.ref, mayChange)
  session.pointers.set(id, pointer)
  const wire = (await readMany(tx.$kysely, kind, single.from, single.members, [id])).get(id)
  const schema = writer.correction?.input ?? writer.input
  const before = toInput(schema, toDocument(whole, wire ?? {}))
  const result = schema.safeParse(mergePatch(before, patch))
  if (!result.success) throw misfit(result.error, pointer, notCorrectable)
  if (canonical(before) === canonical(result.data)) return id
  const input = result.data as { slug: string }
  const rowsOf = writer.correction?.rows ?? writer.rows
  await session.touch(kind, id, 'update')
  const rows = await rowsOf(id, input, references(tx, session.locals), pointer)
  const db = tx.$kysely
  const spine = { slug: input.slug, name: writer.nameOf(input) }
  await updateRow(db, 'record', id, spine)
    .then(() => replaceRows(db, id, rows))
    .catch((error) => {
      throw constraintProblem(error, () => pointer) ?? error
    })
  await session.touch(kind, id, 'update')
  return id
}

const notCorrectable = (member: string): string =>
  member === 'citations'
    ? 'citations are added at /citations of the record, and changed at /v1/citations/:id'
    : 'there is no such member that could be changed'

/**
 * Withdraws a record with a reason. It leaves every list and answers 410; the ledger keeps what it said.
 *
 * @returns its id
 * @throws {Problem} also still-referenced, listing the live records that point at it
 */
export async function retract(
  session: Session,
  target: { kind: Kind; ref: string; reason: string },
  mayChange: Precondition,
): Promise<string> {
  const { kind, reason } = target
  const { tx } = session
  const id = await open(session, kind, target.ref, mayChange)
  const inTheWay = await pointingAt(tx.$kysely, kind, id)
  if (inTheWay.length > 0)
    throw new Problem(
      'still-referenced',
      `${inTheWay.length} record(s) point at it: ${inTheWay.map(({ href }) => href).join(', ')}`,
      { references: inTheWay },
    )
  await session.touch(kind, id, 'retract')
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
export async function merge(
  session: Session,
  target: { kind: MergeableKind; ref: string; into: string; pointer: string },
  mayChange: Precondition,
): Promise<string> {
  const { kind, pointer } = target
  const { tx } = session
  const from = await open(session, kind, target.ref, mayChange)
  const into = await references(tx, session.locals).id(kind, target.into, `${pointer}/into`)
  if (from === into)
    throw new Problem(
      'invalid-request',
      `${pointer}/into: a record cannot be merged into itself.`,
      {
        errors: [{ pointer: `${pointer}/into`, detail: 'it is the same record' }],
      },
    )
  for (const owner of await ownersPointingAt(tx.$kysely, kind, from))
    if (owner.id !== from) await session.touch(owner.kind, owner.id, 'update')
  await session.touch(kind, into, 'update')
  await repoint(tx, kind, from, into)
  await moveCitations(session, from, into)
  if (kind === 'actor') await moveNames(session, from, into)
  else await tx.good.updateMany({ where: { id: into, familyId: into }, data: { familyId: null } })
  await tx.record.updateMany({ where: { mergedIntoId: from }, data: { mergedIntoId: into } })
  await session.touch(kind, from, 'merge')
  await tx.record.update({ where: { id: from }, data: { state: 'merged', mergedIntoId: into } })
  return into
}

async function moveCitations({ tx }: Session, from: string, into: string): Promise<void> {
  const last = await tx.citation.aggregate({ where: { recordId: into }, _max: { position: true } })
  const offset = (last._max.position ?? -1) + 1
  await tx.citation.updateMany({
    where: { recordId: from },
    data: { recordId: into, position: { increment: offset } },
  })
}

/** The other gets the name and the other names as aliases, unless it has them, and the identifiers. */
async function moveNames({ tx }: Session, from: string, into: string): Promise<void> {
  const aliasesOf = (actorId: string) =>
    tx.actorAlias.findMany({ where: { actorId }, orderBy: { position: 'asc' } })
  const nameOf = async (id: string) => (await tx.record.findUniqueOrThrow({ where: { id } })).name
  const kept = await aliasesOf(into)
  const known = new Set([await nameOf(into), ...kept.map(({ name }) => name)])
  const joining = [{ name: await nameOf(from), language: null }, ...(await aliasesOf(from))]
  await tx.actorAlias.createMany({
    data: joining
      .filter(({ name }) => !known.has(name))
      .map(({ name, language }, index) => ({
        ...{ actorId: into, position: kept.length + index, name, language },
      })),
  })
  const identifiers = await tx.actorIdentifier.findMany({ where: { actorId: from } })
  const taken = await tx.actorIdentifier.count({ where: { actorId: into } })
  await tx.actorIdentifier.deleteMany({ where: { actorId: from } })
  await tx.actorIdentifier.createMany({
    data: identifiers.map(({ scheme, value }, index) => ({
      ...{ actorId: into, position: taken + index, scheme, value },
    })),
  })
}
