import type { z } from 'zod'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { resolveRecordId } from '../model/list-queries.ts'
import { createReferenceResolver } from '../model/references.ts'
import { CitationInput, Kind } from '../model/schema.ts'
import { mergePatch } from '../model/snapshots.ts'
import { validationProblem } from '../model/validation-errors.ts'
import type { WriteSession } from './commit.ts'
import type { Precondition } from './correct.ts'
import { citationMissingProblem, createCitationWriter } from './create.ts'

/**
 * Adds a passage to a record.
 *
 * @returns the id of the record
 * @throws {Problem} when the quote does not stand exactly once where it may be cited
 */
export async function addCitation(
  session: WriteSession,
  target: { kind: Kind; ref: string; input: z.infer<typeof CitationInput>; pointer: string },
): Promise<string> {
  const { tx } = session
  const id = await resolveRecordId(tx.$kysely, target.kind, target.ref)
  const last = await tx.citation.aggregate({ where: { recordId: id }, _max: { position: true } })
  const citationWriter = createCitationWriter(tx, createReferenceResolver(tx, session.newRecordIds))
  await citationWriter.add(id, (last._max.position ?? -1) + 1, target.input, target.pointer)
  await citationWriter.write()
  await session.markChanged(target.kind, id, 'update')
  return id
}

/** The citation, with the kind of its live record, after the precondition was held against that record. */
async function openCitation(
  { tx, revision }: WriteSession,
  id: string,
  checkPrecondition: Precondition,
) {
  const citation = await tx.citation.findUnique({
    where: { id },
    include: { record: true, voices: { orderBy: { position: 'asc' } } },
  })
  if (citation === null || citation.record.state !== 'live')
    throw new Problem('not-found', `No citation has the id ${id}.`)
  checkPrecondition(Number(citation.record.revision), Number(revision) - 1)
  return { ...citation, kind: Kind.parse(citation.record.kind) }
}

/**
 * Corrects a citation by a JSON Merge Patch of what it was made from; the quote is looked up again. It keeps its place
 * in the record and gets a new id, for what it says is another claim.
 *
 * @returns kind and id of the record
 */
export async function correctCitation(
  session: WriteSession,
  target: { id: string; patch: unknown; pointer: string },
  checkPrecondition: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { tx } = session
  const { kind, voices, ...old } = await openCitation(session, target.id, checkPrecondition)
  const before = {
    article: old.articleId,
    quote: old.quote,
    prefix: old.prefix,
    suffix: old.suffix,
    field: old.field,
    ...(old.value !== null && { value: old.value }),
    voices: voices.map(({ actorId, document }) => actorId ?? { document }),
    confidence: old.confidence,
    fragment: old.fragment,
  }
  // The words beside the old quote say nothing of another one.
  const { patch } = target
  const isNewPassage =
    typeof patch === 'object' && patch !== null && ('quote' in patch || 'article' in patch)
  const { prefix, suffix, fragment, ...withoutContext } = before
  const result = CitationInput.safeParse(mergePatch(isNewPassage ? withoutContext : before, patch))
  if (!result.success) throw validationProblem(result.error, target.pointer)
  await deleteCitation(session, old.id)
  const citationWriter = createCitationWriter(tx, createReferenceResolver(tx, session.newRecordIds))
  await citationWriter.add(old.recordId, old.position, result.data, target.pointer)
  await citationWriter.write()
  await session.markChanged(kind, old.recordId, 'update')
  return { kind, id: old.recordId }
}

/**
 * Removes a citation from its record.
 *
 * @returns kind and id of the record
 * @throws {Problem} citation-missing when it is the last one of a record that needs one
 */
export async function removeCitation(
  session: WriteSession,
  id: string,
  checkPrecondition: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { kind, recordId } = await openCitation(session, id, checkPrecondition)
  await deleteCitation(session, id)
  const left = await session.tx.citation.count({ where: { recordId } })
  if (left === 0 && !kinds[kind].writer.isCitationOptional) throw citationMissingProblem(kind, '')
  await session.markChanged(kind, recordId, 'update')
  return { kind, id: recordId }
}

async function deleteCitation({ tx }: WriteSession, id: string): Promise<void> {
  await tx.citationVoice.deleteMany({ where: { citationId: id } })
  await tx.citation.delete({ where: { id } })
}
