import type { Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { resolveRecordId } from '../model/list-queries.ts'
import { resolveReferences } from '../model/references.ts'
import { CitationInput, Kind } from '../model/schema.ts'
import { mergePatch } from '../model/snapshots.ts'
import { validationProblem } from '../model/validation-errors.ts'
import {
  createCitationWriter,
  expandCitation,
  findNextCitationPosition,
  resolveCitation,
} from './citation-writer.ts'
import type { WriteSession } from './commit.ts'
import type { Precondition } from './correct.ts'
import { citationMissingProblem } from './create.ts'

/**
 * Adds a passage to a record.
 *
 * @returns the id of the record
 * @throws {Problem} unless the quote occurs exactly once where it can be cited
 */
export async function addCitation(
  session: WriteSession,
  target: { kind: Kind; ref: string; input: CitationInput; pointer: string },
): Promise<string> {
  const { tx } = session
  const id = await resolveRecordId(tx.db, target.kind, target.ref)
  const position = await findNextCitationPosition(tx.db, id)
  const citations = expandCitation(target.input, target.pointer)
  for (const [index, input] of citations.entries())
    await insertCitation(session, target.kind, id, position + index, input, target.pointer)
  await session.markChanged(target.kind, id, 'update')
  return id
}

/** A citation has one field; another field is another citation. */
const CorrectedCitation = CitationInput.omit({ fields: true })

/** The citation of a live record, after the precondition of that record was checked. */
async function openCitation(
  { tx, revision }: WriteSession,
  id: string,
  checkPrecondition: Precondition,
) {
  const citation = await tx.db
    .selectFrom('citation')
    .innerJoin('record', 'record.id', 'citation.record_id')
    .selectAll('citation')
    .select(['record.kind', 'record.revision'])
    .where('citation.id', '=', id)
    .where('record.state', '=', 'live')
    .executeTakeFirst()
  if (citation === undefined) throw new Problem('not-found', `No citation has the id ${id}.`)
  checkPrecondition(Number(citation.revision), Number(revision) - 1)
  return { ...citation, kind: Kind.parse(citation.kind) }
}

/**
 * Corrects a citation by a JSON Merge Patch of its input, and finds the quote again. The citation keeps its position and gets
 * a new id, because it is another claim.
 *
 * @returns kind and id of the record
 */
export async function correctCitation(
  session: WriteSession,
  target: { id: string; patch: unknown; pointer: string },
  checkPrecondition: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { tx } = session
  const old = await openCitation(session, target.id, checkPrecondition)
  const voices = await loadVoices(tx.db, old.id)
  const before = {
    article: old.article_id,
    quote: old.quote,
    prefix: old.prefix,
    suffix: old.suffix,
    field: old.field,
    ...(old.value !== null && { value: old.value }),
    voices: voices.map(({ actor_id, document }) => actor_id ?? { document }),
    confidence: old.confidence,
    fragment: old.fragment,
  }
  // The context of the old quote does not belong to another one.
  const { patch } = target
  const isNewPassage =
    typeof patch === 'object' && patch !== null && ('quote' in patch || 'article' in patch)
  const { prefix, suffix, fragment, ...withoutContext } = before
  const result = CorrectedCitation.safeParse(
    mergePatch(isNewPassage ? withoutContext : before, patch),
  )
  if (!result.success) throw validationProblem(result.error, target.pointer)
  await deleteCitation(session, old.id)
  await insertCitation(session, old.kind, old.record_id, old.position, result.data, target.pointer)
  await session.markChanged(old.kind, old.record_id, 'update')
  return { kind: old.kind, id: old.record_id }
}

/**
 * Removes a citation from its record.
 *
 * @returns kind and id of the record
 * @throws {Problem} citation-missing if it is the last one of a record that needs one
 */
export async function removeCitation(
  session: WriteSession,
  id: string,
  checkPrecondition: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { kind, record_id: recordId } = await openCitation(session, id, checkPrecondition)
  await deleteCitation(session, id)
  const isCited = (await findNextCitationPosition(session.tx.db, recordId)) > 0
  if (!isCited && !kinds[kind].writer.isCitationOptional) throw citationMissingProblem(kind, '')
  await session.markChanged(kind, recordId, 'update')
  return { kind, id: recordId }
}

async function insertCitation(
  { tx, newRecordIds }: WriteSession,
  kind: Kind,
  recordId: string,
  position: number,
  input: CitationInput,
  pointer: string,
): Promise<void> {
  const citation = await resolveReferences(tx.db, newRecordIds, (refs) =>
    resolveCitation(kinds[kind].writer, refs, input, pointer),
  )
  const citationWriter = createCitationWriter(tx)
  await citationWriter.add(recordId, position, citation, pointer)
  await tx.insert(citationWriter.rows())
}

async function deleteCitation({ tx }: WriteSession, id: string): Promise<void> {
  await tx.db.deleteFrom('citation_voice').where('citation_id', '=', id).execute()
  await tx.db.deleteFrom('citation').where('id', '=', id).execute()
}

const loadVoices = (db: Db, citationId: string) =>
  db
    .selectFrom('citation_voice')
    .select(['actor_id', 'document'])
    .where('citation_id', '=', citationId)
    .orderBy('position')
    .execute()
